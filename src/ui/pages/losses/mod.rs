//! `#/losses`: what a loss measures, taken in the hand: entropies of two distributions, binary cross-entropy over its
//! prediction, and penalties on a weight.

mod binary;
mod code;
mod curve_scene;
mod formula;
mod measure;
mod penalty;
mod scene;
mod setup;
mod shares;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use binary::{BinaryPoint, BinaryState};
pub use code::{to_csv, to_python};
pub use curve_scene::{Curves, binary_plot, binary_scene, gradient_scene, penalty_plot, penalty_scene};
pub use formula::{entropy_formulas, penalty_formula};
pub use measure::measured;
pub use penalty::{Minimum, PenaltyState, Place};
pub use scene::{BarText, bar_hit, bar_scene, length_scene};
pub use setup::{LossSetup, Preset, Regularizer, View};
pub use shares::Shares;
pub use state::EntropyState;
#[cfg(feature = "ui")]
pub use view::LossesPage;
