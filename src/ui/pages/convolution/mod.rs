//! `#/convolution`: a 5 × 5 filter slides over a digit.

#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::ConvolutionPage;
