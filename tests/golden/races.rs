//! The page's race against real Keras: every place of every racer.

use serde::Deserialize;
use svertka::ui::pages::optimizers::{RaceState, Setup, Trace};
use svertka::ui::routes::Location;

use super::case::{Comparison, Tolerance};

/// The ways of all racers, over the surface of a link.
#[derive(Deserialize)]
pub struct RaceCase {
    link: String,
    tolerance: Tolerance,
    /// `x, y` of the start and after every step.
    paths: Vec<Vec<f32>>,
}

pub fn race(case: &RaceCase) -> Vec<Comparison> {
    let (setup, bad) = Setup::from_query(&Location::parse(&case.link).query);
    assert!(bad.is_empty(), "{bad:?} in {}", case.link);
    let state = RaceState::new(setup);
    assert_eq!(state.running().count(), case.paths.len());
    let compare = |((racer, trace), expected): ((usize, &Trace), &Vec<f32>)| {
        let places: Vec<f32> = trace.moments.iter().flat_map(|moment| moment.at).collect();
        Comparison::of_arrays(state.setup.label(racer), &places, expected, case.tolerance.allowed)
    };
    state.running().zip(&case.paths).map(compare).collect()
}
