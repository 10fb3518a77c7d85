//! Forms made from the specs themselves: every argument of every layer, optimizer, loss and so on, with
//! what it takes, what Keras takes when it is left out, and what it means.
//!
//! A spec is [`Value`](serde_json::Value) here, in the form that it is saved in: `{"Conv2D": {"filters": 6, …}}`.
//! [`Family`] lists the classes and their arguments in Keras's order, [`Kind`] says what an argument
//! takes; `ArgumentForm` shows any of them.

mod argument;
mod bounds;
mod brief;
mod compact;
mod family;
#[cfg(feature = "ui")]
mod half_typed;
mod kind;
mod meanings;
mod text;
#[cfg(feature = "ui")]
mod view;
#[cfg(feature = "ui")]
mod words;

pub use argument::{Argument, arguments, class_of, get, set, to_value};
pub use bounds::{FieldBounds, counts_up};
pub use brief::brief;
pub use compact::{compact, expand};
pub use family::{Class, Family};
#[cfg(feature = "ui")]
pub use half_typed::HalfTyped;
pub use kind::{Kind, Layout};
pub use meanings::{MEANINGS, meaning};
pub use text::{list_from_text, list_to_text, numbers, python, with_number};
#[cfg(feature = "ui")]
pub use view::ArgumentForm;

#[cfg(test)]
mod tests;
