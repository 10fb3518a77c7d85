//! What the settings lead to. The maps are the engine's own.

use std::sync::Arc;

use super::arithmetic::{Arithmetic, arithmetic};
use super::filter::scale;
use super::{Axis, Picture, Setup};
use crate::engine::layers::{Activation, LayerError};
use crate::engine::model::Sequential;
use crate::tensor::{Shape, Tensor};

/// Everything one setup leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// The reader's choices.
    pub setup: Arc<Setup>,
    /// The input `[h, w, c]`.
    pub image: Vec<f32>,
    /// Rows and columns.
    pub axes: [Axis; 2],
    /// The filters as they are laid on, each `[kh, kw, c]`.
    pub kernels: Vec<Vec<f32>>,
    /// The output, or why there is none.
    pub maps: Result<Maps, LayerError>,
}

/// The output `[oh, ow, k]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Maps {
    /// Before the activation.
    pub sums: Vec<f32>,
    /// After it.
    pub values: Vec<f32>,
    /// The greatest value of each map regardless of sign, 1 where all is zero.
    pub scales: Vec<f32>,
}

/// A way to move the window by keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One cell on, into the next row at the end.
    Next,
    /// One cell back.
    Previous,
    /// Within the map: down, right; stays at the edge.
    By(isize, isize),
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
}

impl Computed {
    /// Runs the engine; `fetched` is the image of a sample that had to be fetched.
    pub fn new(setup: Arc<Setup>, fetched: Option<&Picture>) -> Computed {
        let image = setup.source.values(setup.shape, fetched);
        let maps = maps(&setup, &image);
        Computed { axes: [setup.axis(0), setup.axis(1)], kernels: setup.laid_on(), image, maps, setup }
    }

    /// Rows and columns of a map; zeros where there is none.
    pub fn output(&self) -> [usize; 2] {
        if self.maps.is_ok() { self.axes.map(Axis::output) } else { [0, 0] }
    }

    /// Output maps.
    pub fn outputs(&self) -> usize {
        self.kernels.len()
    }

    /// Cells of one map.
    pub fn len(&self) -> usize {
        self.output().iter().product()
    }

    /// Whether there is no map.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A map cell's row and column, from 0.
    pub fn cell(&self, idx: usize) -> [usize; 2] {
        let cols = self.output()[1].max(1);
        [idx / cols, idx % cols]
    }

    /// The window's top row and left column in the padded image.
    pub fn corner(&self, idx: usize) -> [usize; 2] {
        let [row, col] = self.cell(idx);
        [self.axes[0].met(row, 0), self.axes[1].met(col, 0)]
    }

    /// A value of the input; `None` in the padding. Rows and columns count in the padded image.
    pub fn pixel(&self, row: usize, col: usize, channel: usize) -> Option<f32> {
        let [height, width, depth] = self.setup.shape;
        let row = row.checked_sub(self.axes[0].before()).filter(|row| *row < height)?;
        let col = col.checked_sub(self.axes[1].before()).filter(|col| *col < width)?;
        Some(self.image[(row * width + col) * depth + channel])
    }

    /// One channel of the padded image.
    pub fn padded(&self, channel: usize) -> Vec<f32> {
        let [rows, cols] = self.axes.map(Axis::padded);
        let cells = (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col)));
        cells.map(|(row, col)| self.pixel(row, col, channel).unwrap_or(0.0)).collect()
    }

    /// One map; empty where there is none.
    pub fn map(&self, output: usize) -> Vec<f32> {
        let Ok(maps) = &self.maps else { return Vec::new() };
        maps.values.iter().skip(output).step_by(self.outputs()).copied().collect()
    }

    /// The written value of a cell.
    pub fn value(&self, output: usize, idx: usize) -> Option<f32> {
        self.maps.as_ref().ok()?.values.get(idx * self.outputs() + output).copied()
    }

    /// Every number on the way to a cell.
    pub fn arithmetic(&self, output: usize, idx: usize) -> Option<Arithmetic> {
        arithmetic(self, output, idx)
    }

    /// Where a step leads from a position.
    pub fn stepped(&self, idx: usize, step: Step) -> usize {
        let last = self.len().saturating_sub(1);
        let [rows, cols] = self.output().map(|cells| cells.max(1));
        let [row, col] = self.cell(idx);
        match step {
            Step::Next => (idx + 1).min(last),
            Step::Previous => idx.saturating_sub(1),
            Step::By(down, right) => {
                let row = row.saturating_add_signed(down).min(rows - 1);
                row * cols + col.saturating_add_signed(right).min(cols - 1)
            }
            Step::First => 0,
            Step::Last => last,
        }
    }

    /// The position whose window is centred nearest to a cell of the padded image.
    pub fn over(&self, row: usize, col: usize) -> usize {
        self.axes[0].over(row) * self.output()[1].max(1) + self.axes[1].over(col)
    }

    /// The position here whose window lies most nearly where `other`'s lies at `idx`.
    pub fn same_place(&self, other: &Computed, idx: usize) -> usize {
        let corner = other.corner(idx);
        let middle = |axis: usize| {
            let from = corner[axis] + other.axes[axis].effective() / 2 + self.axes[axis].before();
            from.saturating_sub(other.axes[axis].before())
        };
        self.over(middle(0), middle(1)).min(self.len().saturating_sub(1))
    }

    /// The cells of a map that a cell of the padded image goes into, with the weight it meets there.
    pub fn fed(&self, row: usize, col: usize) -> Vec<([usize; 2], [usize; 2])> {
        if self.is_empty() {
            return Vec::new();
        }
        let columns: Vec<_> = self.axes[1].meetings(col).collect();
        let rows = self.axes[0].meetings(row);
        rows.flat_map(|(oh, kh)| columns.iter().map(move |(ow, kw)| ([oh, *ow], [kh, *kw]))).collect()
    }

    /// The cells of the padded image that a weight meets, one for each cell of a map.
    pub fn met(&self, weight: [usize; 2]) -> Vec<[usize; 2]> {
        let [rows, cols] = self.output();
        let cells = (0..rows).flat_map(|oh| (0..cols).map(move |ow| (oh, ow)));
        cells.map(|(oh, ow)| [self.axes[0].met(oh, weight[0]), self.axes[1].met(ow, weight[1])]).collect()
    }
}

fn maps(setup: &Setup, image: &[f32]) -> Result<Maps, LayerError> {
    if let Some(problem) = setup.layer.problem(setup.shape) {
        return Err(problem);
    }
    let input = Tensor::new(&Shape::from(setup.shape).with_batch(1), image.to_vec());
    let run = |activation| {
        let spec = setup.layer.model(setup.shape, activation);
        let mut model = Sequential::with_params(&spec, setup.params())
            .expect("the layer accepts this input, and the parameters are made for it");
        model.predict(&input).into_values()
    };
    let sums = run(Activation::Linear);
    let activation = setup.layer.activation;
    let values = if activation == Activation::Linear { sums.clone() } else { run(activation) };
    let outputs = setup.outputs();
    let map = |output: usize| values.iter().skip(output).step_by(outputs).copied().collect::<Vec<_>>();
    let scales = (0..outputs).map(|output| scale(&map(output))).collect();
    Ok(Maps { sums, values, scales })
}
