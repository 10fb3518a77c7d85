//! Numbers in memory: [`Tensor`], [`Shape`] and the kernels that work on their slices.
//!
//! Memory layout, said once: every tensor is `f32`, contiguous and row-major. Images are
//! **channels last**, `[n, h, w, c]`: index `((n*H + h)*W + w)*C + c`. A batch is the first axis.

pub mod buffer;
pub mod kernels;
pub mod math;
pub mod rng;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub use buffer::Buffer;

/// The extents of a batch; as many axes as usual take no memory of their own.
pub type Extents = SmallVec<[usize; 6]>;

/// The extent of each axis of one sample, without the batch axis; `[28, 28, 1]` for an MNIST image.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape(pub Vec<usize>);

impl Shape {
    /// The number of values of one sample: the product of all extents, or the largest `usize` when
    /// that does not fit.
    pub fn size(&self) -> usize {
        product(&self.0)
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// `(height, width, channels)` if there are three axes.
    pub fn image(&self) -> Option<(usize, usize, usize)> {
        if let [h, w, c] = self.0[..] { Some((h, w, c)) } else { None }
    }

    /// The extents of a batch of `n` such samples.
    pub fn with_batch(&self, n: usize) -> Extents {
        std::iter::once(n).chain(self.0.iter().copied()).collect()
    }
}

/// The number of values of a block of these extents, or the largest `usize` when that does not fit: a
/// mistyped size must be too large everywhere, also where a `usize` has 32 bits.
pub fn product(extents: &[usize]) -> usize {
    extents.iter().fold(1, |size, extent| usize::saturating_mul(size, *extent))
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(extents: [usize; N]) -> Self {
        Self(extents.to_vec())
    }
}

impl std::fmt::Display for Shape {
    /// As Keras writes it: `(None, 28, 28, 1)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(None")?;
        for extent in &self.0 {
            write!(f, ", {extent}")?;
        }
        write!(f, ")")
    }
}

/// A contiguous, row-major block of `f32` with any number of axes; the first is the batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    extents: Extents,
    values: Buffer<f32>,
}

impl Tensor {
    /// A tensor of the given extents over `values`.
    ///
    /// # Panics
    /// If the product of `extents` is not `values.len()`.
    pub fn new(extents: &[usize], values: Vec<f32>) -> Self {
        Self::over(extents, values.into())
    }

    /// [`Tensor::new`] over pooled values.
    ///
    /// # Panics
    /// If the product of `extents` is not `values.len()`.
    pub fn over(extents: &[usize], values: Buffer<f32>) -> Self {
        let expected: usize = extents.iter().product();
        assert_eq!(values.len(), expected, "values do not fill a tensor of {extents:?}");
        Self { extents: extents.into(), values }
    }

    /// A tensor of zeros.
    pub fn zeros(extents: &[usize]) -> Self {
        Self { extents: extents.into(), values: Buffer::zeros(extents.iter().product()) }
    }

    /// The extents of all axes, batch first.
    pub fn extents(&self) -> &[usize] {
        &self.extents
    }

    /// The number of samples: the extent of the first axis.
    pub fn batch(&self) -> usize {
        self.extents[0]
    }

    /// The extents of one sample.
    pub fn sample_extents(&self) -> &[usize] {
        &self.extents[1..]
    }

    /// The number of values of one sample.
    pub fn sample_size(&self) -> usize {
        product(self.sample_extents())
    }

    /// The shape of one sample.
    pub fn sample_shape(&self) -> Shape {
        Shape(self.sample_extents().to_vec())
    }

    /// All values in row-major order.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values in row-major order, to change.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The values alone.
    pub fn into_values(self) -> Vec<f32> {
        self.values.into_vec()
    }

    /// The same values with other extents.
    ///
    /// # Panics
    /// If the number of values would change.
    #[must_use]
    pub fn reshape(self, extents: &[usize]) -> Self {
        Self::over(extents, self.values)
    }
}
