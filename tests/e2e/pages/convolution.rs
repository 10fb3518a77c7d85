//! The page where filters slide over an input.

use std::sync::Arc;

use svertka::ui::convolution::{Computed, Setup};
use svertka::ui::locale::parse_number;
use svertka::ui::pages::convolution::read_query;
use svertka::ui::routes::Location;

use crate::browser::{Lab, SOON};

/// Cells of the map computed so far, and all of them.
pub async fn cells(lab: &Lab) -> (usize, usize) {
    let script = "const s = document.querySelector('input[type=range]'); return [+s.value + 1, +s.max + 1]";
    lab.read(script, vec![]).await
}

/// What is looked at, in words.
pub async fn sentence(lab: &Lab) -> String {
    lab.text("[data-testid=sentence]").await
}

/// The last number of that sentence: the sum, where there is neither bias nor activation.
pub async fn sum(lab: &Lab) -> f64 {
    let shown = sentence(lab).await;
    let last = shown.rsplit(' ').next().unwrap_or_default();
    parse_number(last.trim_end_matches('.')).unwrap_or_else(|| panic!("{shown:?} ends with no number"))
}

/// Takes one step and waits for the cell that it computes.
pub async fn step(lab: &Lab) -> usize {
    let (before, _) = cells(lab).await;
    lab.press("convolution.player.forward").await;
    lab.until_true("the next cell", SOON, async || cells(lab).await.0 == before + 1).await;
    before + 1
}

/// What the engine's own layer gives for the page's first settings, cell by cell.
pub fn map_of_the_engine() -> Vec<f32> {
    Computed::new(Arc::new(Setup::default()), None).map(0)
}

/// The settings in the address.
pub async fn settings(lab: &Lab) -> Setup {
    let hash: String = lab.read("return location.hash", vec![]).await;
    read_query(&Location::parse(&hash).query).0
}
