//! Widgets inside pages of others: the address of an embed, what a teacher has fixed in it, and what is said to
//! the page around it and heard from there.
//!
//! All of this is plain; what it needs of a browser is in `src/ui/framed`. For teachers it is described in
//! `docs/embedding.md`.

mod code;
mod frame;
mod message;
mod task;
mod widget;

pub use code::Code;
pub use frame::Frame;
pub use message::{MAX_MESSAGE_BYTES, News, Wish, heights, tell};
pub use task::{Heard, Report, Task, TaskKind};
pub use widget::Widget;
