//! How a window moves over an image.

/// A window that moves over one image: the geometry of convolution and pooling.
///
/// Output cell `(oh, ow)` sees input rows `oh*stride + kh - pad_top` and columns
/// `ow*stride + kw - pad_left`; what lies outside the image is padding. Dilation spreads the window:
/// `kh` counts as `kh*dilation`. Pooling has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Input rows, columns and channels.
    pub input: [usize; 3],
    /// Output rows and columns.
    pub output: [usize; 2],
    /// Rows and columns of the window.
    pub size: [usize; 2],
    /// Rows and columns it moves by.
    pub strides: [usize; 2],
    /// Rows and columns from one window position to the next; 1 for a window without gaps.
    pub dilation: [usize; 2],
    /// Padding rows above and padding columns to the left of the image.
    pub before: [usize; 2],
}

impl Window {
    /// Values of one image.
    pub fn image_len(&self) -> usize {
        self.input.iter().product()
    }

    /// Output cells of one channel.
    pub fn num_cells(&self) -> usize {
        self.output[0] * self.output[1]
    }

    /// Input values under the window, over all channels.
    pub fn num_inputs(&self) -> usize {
        self.size[0] * self.size[1] * self.input[2]
    }

    /// Every output cell `(oh, ow)` in row order.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let [rows, columns] = self.output;
        (0..rows).flat_map(move |oh| (0..columns).map(move |ow| (oh, ow)))
    }

    /// What output cell `(oh, ow)` sees of the image, in row order: input row, input column and
    /// position in the window, `kh*columns + kw`.
    pub(super) fn under(&self, oh: usize, ow: usize) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
        let (khs, h) = self.inside(0, oh);
        let (kws, w) = self.inside(1, ow);
        let ([dh, dw], [_, columns]) = (self.dilation, self.size);
        khs.enumerate().flat_map(move |(i, kh)| {
            let kws = kws.clone().enumerate();
            kws.map(move |(j, kw)| (h + i * dh, w + j * dw, kh * columns + kw))
        })
    }

    /// Along one axis (0 = rows, 1 = columns), for one output position: the window positions that
    /// lie inside the image, and the input position of the first of them. The others follow at
    /// steps of `dilation`.
    pub(super) fn inside(&self, axis: usize, output: usize) -> (std::ops::Range<usize>, usize) {
        let start = output * self.strides[axis];
        let dilation = self.dilation[axis];
        if dilation > 1 {
            let positions = |cells: usize| cells.div_ceil(dilation).min(self.size[axis]);
            let first = positions(self.before[axis].saturating_sub(start));
            let last = positions((self.input[axis] + self.before[axis]).saturating_sub(start));
            let first_cell =
                first.saturating_mul(dilation).saturating_add(start).saturating_sub(self.before[axis]);
            return (first..last.max(first), first_cell);
        }
        let first = self.before[axis].saturating_sub(start).min(self.size[axis]);
        let last = (self.input[axis] + self.before[axis]).saturating_sub(start).min(self.size[axis]);
        (first..last.max(first), (start + first).saturating_sub(self.before[axis]))
    }
}
