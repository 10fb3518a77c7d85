//! The evaluation page's parts that talk to the worker and show what came of it; their state is in
//! [`pages::evaluation`](super::pages::evaluation).

mod result;
mod talk;

pub use result::ResultView;
pub use talk::evaluate;
