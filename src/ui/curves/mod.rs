//! The curves of a run: every batch and every epoch of it, what was measured beside it, what callbacks did;
//! and the charts, tables and files made of them.

mod charts;
mod csv;
#[cfg(feature = "ui")]
mod histograms_panel;
mod marks;
#[cfg(feature = "ui")]
mod panel;
mod ridges;
mod run_curves;
mod sound;
#[cfg(feature = "ui")]
mod sound_field;
mod steps;
#[cfg(feature = "ui")]
mod watch_fields;

pub use charts::{ChartNames, Grain, Quantity, chart, chart_series, metric_names};
pub use csv::{epochs_csv, steps_csv};
pub use marks::{Mark, chart_marks, is_mark};
#[cfg(feature = "ui")]
pub use panel::CurvesPanel;
pub use ridges::{HistogramsOf, ridges};
pub use run_curves::{RunCurves, Speed};
pub use sound::{Tone, tones};
pub use steps::Steps;
