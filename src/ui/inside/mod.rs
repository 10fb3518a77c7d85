//! The parts of the page that looks inside the network; their state is in [`pages::inside`](super::pages::inside).

mod asking;
mod desk;
mod image;
mod layers;
mod maps;
mod modes;
mod points;
mod units;
mod verdict;

pub use desk::Desk;
pub use image::ImageCard;
pub use layers::LayersSection;
pub use maps::MapsSection;
pub use modes::ModesSection;
pub use points::PointsSection;
pub use units::UnitsSection;
pub use verdict::VerdictSection;
