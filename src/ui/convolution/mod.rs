//! One convolution layer taken apart: its settings, what the engine makes of them, and every number
//! on the way. Plain data; the widgets of the convolution page show it.

mod arithmetic;
mod axis;
mod code;
mod computed;
#[cfg(test)]
mod computed_tests;
mod filter;
mod layer;
mod preset;
mod query;
mod setup;
mod source;
pub mod text;

pub use arithmetic::{Arithmetic, ChannelPart};
pub use axis::{Axis, PadChoice};
pub use code::{to_csv, to_python};
pub use computed::{Computed, Maps, Step};
pub use filter::{Filter, Recipe};
pub use layer::LayerSetup;
pub use preset::Preset;
pub use query::{from_query, to_query};
pub use setup::Setup;
pub use source::{Picture, Sample, Source};

/// What a setting may be at most; enough for a lesson, and small enough to draw.
pub mod limit {
    use std::ops::RangeInclusive;

    /// Rows or columns of the input.
    pub const SIDE: RangeInclusive<usize> = 3..=64;
    /// Channels of the input.
    pub const DEPTH: RangeInclusive<usize> = 1..=8;
    /// Rows or columns of the kernel.
    pub const KERNEL: RangeInclusive<usize> = 1..=11;
    /// Cells that the window moves by.
    pub const STRIDE: RangeInclusive<usize> = 1..=8;
    /// Cells from one weight to the next.
    pub const DILATION: RangeInclusive<usize> = 1..=8;
    /// Zeros on every side.
    pub const PADDING: RangeInclusive<usize> = 0..=10;
    /// Filters of a Conv2D.
    pub const FILTERS: RangeInclusive<usize> = 1..=8;
    /// Kernels of each channel of a DepthwiseConv2D.
    pub const MULTIPLIER: RangeInclusive<usize> = 1..=4;
    /// Parts of the channels.
    pub const GROUPS: RangeInclusive<usize> = 1..=8;
    /// A weight, a bias or a pixel, either way.
    pub const VALUE: f32 = 999.0;
}
