//! Where in the image the probability of a class comes from, by covering (Zeiler and Fergus 2014).
//!
//! A square window is laid over the image, all its pixels get one value, and the model is asked again. Windows
//! begin at 0, `stride`, 2·`stride`, …; the last one of a row or column is moved back to the border, so that every
//! pixel is covered at least once.

use super::network::Probe;
use crate::tensor::Tensor;

/// The work on one map.
pub struct Occlusion {
    image: Tensor,
    shape: [usize; 3],
    class: usize,
    window: usize,
    fill: f32,
    rows: Vec<usize>,
    columns: Vec<usize>,
    base: Option<f32>,
    values: Vec<f32>,
}

impl Occlusion {
    /// None if the input has no rows and columns.
    ///
    /// # Shapes
    /// `image [1, h, w, c]`
    ///
    /// # Arguments
    /// `window` and `stride` in pixels, at least 1 (smaller ones count as 1, a larger window as the whole image);
    /// `fill` in the unit of the image's values.
    pub fn new(image: Tensor, class: usize, window: usize, stride: usize, fill: f32) -> Option<Self> {
        let (height, width, channels) = image.sample_shape().image()?;
        let window = window.clamp(1, height.max(width));
        let starts = |extent| starts(extent, window, stride.max(1));
        let (rows, columns) = (starts(height), starts(width));
        let shape = [height, width, channels];
        Some(Self { image, shape, class, window, fill, rows, columns, base: None, values: Vec::new() })
    }

    /// Windows of the whole map.
    pub fn total(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Windows done.
    pub fn done(&self) -> usize {
        self.values.len()
    }

    /// First rows of the windows.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// First columns of the windows.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The probability without any window, once a step was made.
    pub fn base(&self) -> Option<f32> {
        self.base
    }

    /// The probability with each window done, row by row of windows.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The next window's rows and columns, both ends; none when all are done.
    fn next(&self) -> Option<[usize; 4]> {
        let row = *self.rows.get(self.done() / self.columns.len())?;
        let column = self.columns[self.done() % self.columns.len()];
        let [height, width, _] = self.shape;
        Some([row, (row + self.window).min(height), column, (column + self.window).min(width)])
    }

    /// Covers one window more; whether there are more to come.
    ///
    /// # Panics
    /// If the image is not shaped as the model's input, or there is no such class.
    pub fn step(&mut self, probe: &mut Probe) -> bool {
        let Some([top, bottom, left, right]) = self.next() else { return false };
        if self.base.is_none() {
            self.base = Some(probe.predict(&self.image).values()[self.class]);
        }
        let [_, width, channels] = self.shape;
        let mut covered = self.image.clone();
        for row in top..bottom {
            let begin = (row * width + left) * channels;
            covered.values_mut()[begin..begin + (right - left) * channels].fill(self.fill);
        }
        self.values.push(probe.predict(&covered).values()[self.class]);
        self.done() < self.total()
    }

    /// For each pixel the mean over the windows done that cover it of how much the probability fell, row by row;
    /// 0 where none does. Below 0 where it grew.
    pub fn drops(&self) -> Vec<f32> {
        let [height, width, _] = self.shape;
        let base = self.base.unwrap_or(0.0);
        let (mut sums, mut counts) = (vec![0.0f32; height * width], vec![0u32; height * width]);
        for (idx, value) in self.values.iter().enumerate() {
            let (row, column) = (self.rows[idx / self.columns.len()], self.columns[idx % self.columns.len()]);
            for y in row..(row + self.window).min(height) {
                for x in column..(column + self.window).min(width) {
                    sums[y * width + x] += base - value;
                    counts[y * width + x] += 1;
                }
            }
        }
        sums.iter().zip(counts).map(|(sum, count)| sum / count.max(1) as f32).collect()
    }
}

/// Where windows begin along one axis.
fn starts(extent: usize, window: usize, stride: usize) -> Vec<usize> {
    let last = extent.saturating_sub(window);
    let mut starts: Vec<usize> = (0..last).step_by(stride).collect();
    starts.push(last);
    starts
}
