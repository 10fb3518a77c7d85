//! The evaluation page's parts that talk to the worker and show what came of it; their state is in
//! [`pages::evaluation`](super::pages::evaluation).

mod calibration;
mod classes;
mod compare;
mod compared;
mod images;
mod lists;
mod looking;
mod matrix;
mod progress;
mod report;
mod result;
mod second;
mod talk;

pub use compare::Compare;
pub use looking::Looking;
pub use progress::Progress;
pub use result::{ResultView, last_result};
pub use talk::evaluate;
