//! The filter slides: what it shows is what the engine computes.

use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::convolution::{cells, map_of_the_engine, step, sum};

/// Half of the last digit shown.
const ROUNDING: f64 = 0.0006;

#[test]
fn every_step_adds_a_cell_with_the_engines_own_sum() {
    drive(Setup::new("convolution", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        watch_the_filter(&lab).await;
    });
}

/// Goes to the page, takes three steps, and compares the sums with the engine's.
pub async fn watch_the_filter(lab: &Lab) {
    lab.visit("convolution").await;
    let map = map_of_the_engine();
    let (_, total) = cells(lab).await;
    assert_eq!(total, map.len(), "cells of the map");
    for _ in 0..3 {
        let reached = step(lab).await;
        let expected = f64::from(map[reached - 1]);
        let is_right = async || (sum(lab).await - expected).abs() < ROUNDING;
        lab.until_true(&format!("the sum {expected} of cell {reached}"), SOON, is_right).await;
    }
}
