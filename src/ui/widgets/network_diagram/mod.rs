//! A network as a picture: volumes where there are rows, columns and channels, nodes where there are none.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::network_diagram;
pub use state::{Body, NetworkDiagramState, Part};
#[cfg(feature = "ui")]
pub use view::NetworkDiagram;
