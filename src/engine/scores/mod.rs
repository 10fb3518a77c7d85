//! Scores: what a classifier's answers on test images are worth.
//!
//! [`wilson`] says how far an accuracy can be trusted, [`ClassReport`] judges each class, [`Calibration`]
//! compares probabilities with what came of them, and [`McNemar`] two models on the same images. All of
//! them are plain arithmetic on counts and probabilities. `docs/evaluation.md` has the definitions;
//! `tests/golden/scores` compares them with scikit-learn, SciPy and statsmodels.

mod calibration;
mod classes;
mod interval;
mod mcnemar;

pub use calibration::{Bin, Calibration};
pub use classes::{ClassReport, ClassScores, Means};
pub use interval::wilson;
pub use mcnemar::{McNemar, Method, Pairs};

/// `part / whole`, and 0 where there is nothing to divide by: scikit-learn's `zero_division=0`.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
