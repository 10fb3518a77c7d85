//! The page `#/convolution`.

#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::ConvolutionPage;
