//! The app inside another page: what is told to that page and heard from it, and what the reader sees in the
//! place of the site's header and footer. What can be said of it without a browser is in [`crate::ui::embed`].

mod dialog;
mod host;
mod notices;
mod quick;
mod shell;

pub use dialog::EmbedOffer;
pub use host::{Host, host};
pub use quick::QuickTraining;
pub use shell::FramedPage;
