//! The page `#/network`: a Sequential model as cards, with the shape, the parameters and the memory of each
//! layer, a diagram, and the same model as Keras code.

mod edit;
mod palette;
mod place;
mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use edit::{Edit, MAX_LAYERS};
pub use palette::Group;
pub use place::{natural_place, output_at};
pub use scene::{flop, mega_bytes, shape_text, to_csv};
pub use state::{Facts, LayerFault, Mend, NetworkState, Place, Total};
#[cfg(feature = "ui")]
pub use view::NetworkPage;
