//! `#/neuron`: one neuron as an object to handle, and a perceptron of three layers on points of the plane: forward,
//! backward, and one step of gradient descent at a time.

mod code;
mod diagram;
mod field;
mod formula;
mod net;
mod neuron_scene;
mod points;
mod scene;
mod setup;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use code::{to_csv, to_python};
pub use diagram::{Phase, diagram_hit, diagram_scene};
pub use field::Field;
pub use formula::{backward_formulas, forward_formulas};
pub use net::{LayerTrace, LossKind, Net, Trace, activation_curve};
pub use neuron_scene::{CurveNames, activation_scene, neuron_hit, neuron_scene};
pub use points::{Points, Sample};
pub use scene::{nearest, plane, plane_scene};
pub use setup::{BatchKind, Example, NeuronSetup, View};
pub use state::NeuronState;
#[cfg(feature = "ui")]
pub use view::NeuronPage;
