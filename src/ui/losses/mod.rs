//! The parts of the losses page's view.

mod binary;
mod entropy;
mod penalty;
mod table;

pub use binary::{BinaryView, binary_pictures};
pub use entropy::{EntropyView, entropy_pictures};
pub use penalty::{PenaltyView, penalty_pictures};
pub use table::NumberTable;

use super::bench::{Bench, Shared};
use super::components::Bounds;
use super::pages::losses::LossSetup;
use super::routes::{Query, Route};
use std::ops::RangeInclusive;

impl Shared for LossSetup {
    const ROUTE: Route = Route::Losses;

    fn from_query(query: &Query) -> (LossSetup, Vec<&'static str>) {
        LossSetup::read(query)
    }

    fn to_query(&self) -> Query {
        self.write()
    }
}

/// The page's settings.
pub type LossBench = Bench<LossSetup>;

/// Fields for numbers of a range.
pub fn bounds(range: &RangeInclusive<f32>, step: f64, decimals: usize) -> Bounds {
    Bounds { min: f64::from(*range.start()), max: f64::from(*range.end()), step, decimals }
}

/// A number to as many digits as fields and links show of it.
pub fn rounded(value: f64, decimals: i32) -> f32 {
    let scale = 10f64.powi(decimals);
    ((value * scale).round() / scale) as f32
}

/// Which way and how far a key moves a number: arrows by one step, with Shift and by pages ten.
pub fn nudge(key: &str, is_large: bool) -> Option<f64> {
    let by = if is_large { 10.0 } else { 1.0 };
    Some(match key {
        "ArrowRight" | "ArrowUp" => by,
        "ArrowLeft" | "ArrowDown" => -by,
        "PageUp" => 10.0,
        "PageDown" => -10.0,
        _ => return None,
    })
}
