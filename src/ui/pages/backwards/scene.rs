//! The window over the input, the gradient it carries, and where it puts it down.

use super::state::BackState;
use super::transposed::TransposedState;
use crate::ui::locale::Language;
use crate::ui::pages::chain::Geometry;
use crate::ui::scene::{Align, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, NumberGrid, push_grid, push_mark, push_window};

/// A cell is never larger, in px.
pub(super) const LARGEST_CELL: f64 = 54.0;
/// From this size on an added zero is written, in px.
const WORDED_CELL: f64 = 20.0;

/// The pictures; those of the transposed convolution are input, kernel and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What goes into the layer.
    Input,
    /// Its weights.
    Kernel,
    /// The gradient of its output, or the output.
    Output,
    /// The gradient of the kernel.
    GradKernel,
    /// The gradient of the input.
    GradInput,
}

/// Cells with padding: before, the map, and as many after as the last window needs.
fn padded(axis: Geometry) -> usize {
    let end = (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1;
    end.max(axis.before + axis.length)
}

fn whole_frame(state: &BackState, width: f64) -> Frame {
    let [rows, cols] = state.axes.map(padded);
    Frame::fitted(rows, cols, width, LARGEST_CELL)
}

fn input_frame(state: &BackState, width: f64) -> Frame {
    let [rows, cols] = state.axes;
    whole_frame(state, width).inner(rows.before, cols.before, rows.length, cols.length)
}

pub(super) fn frame_of(grid: &NumberGrid, width: f64) -> Frame {
    Frame::fitted(grid.rows, grid.cols, width, LARGEST_CELL)
}

/// The output cell (or, on pictures of the kernel, the weight) under a point.
pub fn hit(part: Part, state: &BackState, point: Point, width: f64) -> Option<usize> {
    match part {
        Part::Kernel | Part::GradKernel => {
            let (row, col) = frame_of(&state.setup.kernel, width).hit(point)?;
            Some(row * state.setup.kernel.cols + col)
        }
        Part::Output => {
            let (row, col) = frame_of(&state.sent, width).hit(point)?;
            Some(row * state.sent.cols + col)
        }
        Part::Input | Part::GradInput => {
            let (row, col) = whole_frame(state, width).hit(point)?;
            let along = |axis: Geometry, at: usize| {
                let middle = (axis.window - 1) * axis.dilation / 2;
                ((at.saturating_sub(middle) + axis.stride / 2) / axis.stride).min(axis.output - 1)
            };
            Some(along(state.axes[0], row) * state.output.cols + along(state.axes[1], col))
        }
    }
}

/// Draws one picture of the gradients: the first `grown` cells of the gradient have come back, the window
/// stands at `current`, and `weight` is looked at.
pub fn part_scene(
    part: Part,
    state: &BackState,
    (grown, current): (usize, usize),
    weight: usize,
    language: Language,
    width: f64,
) -> Scene {
    let grown = grown.max(current + 1);
    match part {
        Part::Input => {
            let look = Look::of(&state.setup.input.values, language, 2);
            let mut scene = map_scene(state, &state.setup.input, look, current, width);
            let frame = input_frame(state, width);
            if let Some((row, col)) = state.partner(current, weight) {
                push_mark(&mut scene, frame.part(row, col, 1, 1));
            }
            scene
        }
        Part::GradInput => {
            let gradient = state.gradients(grown).1;
            map_scene(state, &gradient, signed(&gradient.values, language), current, width)
        }
        Part::Kernel => kernel_scene(&state.setup.kernel, weight, language, width),
        Part::GradKernel => kernel_scene(&state.gradients(grown).0, weight, language, width),
        Part::Output => {
            let frame = frame_of(&state.sent, width);
            let mut scene = frame.scene();
            push_grid(&mut scene, frame, &state.sent.values, signed(&state.sent.values, language));
            push_window(&mut scene, frame.part(current / state.sent.cols, current % state.sent.cols, 1, 1));
            scene
        }
    }
}

/// Weights and gradients have a sign, also where none happens to be negative.
pub(super) fn signed(values: &[f32], language: Language) -> Look {
    Look { map: ColorMap::Diverging, ..Look::of(values, language, 2) }
}

fn kernel_scene(grid: &NumberGrid, weight: usize, language: Language, width: f64) -> Scene {
    let frame = frame_of(grid, width);
    let mut scene = frame.scene();
    push_grid(&mut scene, frame, &grid.values, signed(&grid.values, language));
    push_mark(&mut scene, frame.part(weight / grid.cols, weight % grid.cols, 1, 1));
    scene
}

/// The input or its gradient, with padding around it and the window over it.
fn map_scene(state: &BackState, grid: &NumberGrid, look: Look, current: usize, width: f64) -> Scene {
    let whole = whole_frame(state, width);
    let mut scene = whole.scene();
    let [rows, cols] = state.axes;
    let inside = |axis: Geometry, at: usize| (axis.before..axis.before + axis.length).contains(&at);
    push_zeros(&mut scene, whole, |row, col| !(inside(rows, row) && inside(cols, col)));
    push_grid(&mut scene, input_frame(state, width), &grid.values, look);
    // With gaps each weight has a cell of its own, else they are one window.
    let (top, left) = (current / state.output.cols * rows.stride, current % state.output.cols * cols.stride);
    if rows.dilation == 1 && cols.dilation == 1 {
        push_window(&mut scene, whole.part(top, left, rows.window, cols.window));
    } else {
        for tap in 0..rows.window * cols.window {
            let (down, across) = (tap / cols.window * rows.dilation, tap % cols.window * cols.dilation);
            push_window(&mut scene, whole.part(top + down, left + across, 1, 1));
        }
    }
    scene
}

/// Zeros that were put there, with a dashed border around all.
pub(super) fn push_zeros(scene: &mut Scene, whole: Frame, is_zero: impl Fn(usize, usize) -> bool) {
    let zeros = (0..whole.rows * whole.cols).map(|idx| (idx / whole.cols, idx % whole.cols));
    let zeros: Vec<_> = zeros.filter(|(row, col)| is_zero(*row, *col)).collect();
    if zeros.is_empty() {
        return;
    }
    let pen = Pen { ink: Ink::Outline, width: 1.0, dash: Dash::Dashed };
    scene.push(Draw::Stroke { area: whole.area(), pen });
    if whole.cell >= WORDED_CELL {
        for (row, col) in zeros {
            let (at, text, ink) = (whole.middle(row, col), "0".to_owned(), Ink::Muted);
            let size = (whole.cell * 0.36).min(15.0);
            scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
        }
    }
}

/// The output cell under a point of a picture of the transposed convolution.
pub fn transposed_hit(part: Part, state: &TransposedState, point: Point, width: f64) -> Option<usize> {
    let [rows, cols] = state.cells();
    match part {
        Part::Output => {
            let (row, col) = frame_of(&state.output, width).hit(point)?;
            Some(row * cols + col)
        }
        Part::Input => {
            let (row, col) = frame_of(&state.stuffed, width).hit(point)?;
            let along = |at: usize, window: usize, len: usize| at.saturating_sub(window / 2).min(len - 1);
            Some(along(row, state.turned.rows, rows) * cols + along(col, state.turned.cols, cols))
        }
        _ => None,
    }
}

/// Draws one picture of the transposed convolution; the first `grown` cells of the output are known.
pub fn transposed_scene(
    part: Part,
    state: &TransposedState,
    grown: usize,
    current: usize,
    language: Language,
    width: f64,
) -> Scene {
    let (top, left) = (current / state.output.cols, current % state.output.cols);
    match part {
        Part::Input => {
            let frame = frame_of(&state.stuffed, width);
            let mut scene = frame.scene();
            let value = |idx: usize| {
                let is_own = state.is_own(idx / frame.cols, idx % frame.cols);
                if is_own { state.stuffed.values[idx] } else { f32::NAN }
            };
            let values: Vec<f32> = (0..state.stuffed.values.len()).map(value).collect();
            push_grid(&mut scene, frame, &values, Look::of(&state.setup.input.values, language, 2));
            push_zeros(&mut scene, frame, |row, col| !state.is_own(row, col));
            push_window(&mut scene, frame.part(top, left, state.turned.rows, state.turned.cols));
            scene
        }
        Part::Output => {
            let frame = frame_of(&state.output, width);
            let mut scene = frame.scene();
            let known = |(idx, value): (usize, &f32)| {
                let is_known = idx < grown || idx == current;
                if is_known { *value } else { f32::NAN }
            };
            let values: Vec<f32> = state.output.values.iter().enumerate().map(known).collect();
            push_grid(&mut scene, frame, &values, Look::of(&state.output.values, language, 2));
            push_window(&mut scene, frame.part(top, left, 1, 1));
            scene
        }
        _ => {
            let frame = frame_of(&state.turned, width);
            let mut scene = frame.scene();
            push_grid(&mut scene, frame, &state.turned.values, signed(&state.turned.values, language));
            scene
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Padding;
    use crate::ui::pages::backwards::BackSetup;

    const ALL: [Part; 5] = [Part::Input, Part::Kernel, Part::Output, Part::GradKernel, Part::GradInput];

    #[test]
    fn pictures_fit_a_narrow_page_whatever_the_window() {
        for (strides, dilation_rate) in [(1, 1), (2, 1), (1, 3)] {
            for padding in [Padding::Valid, Padding::Same] {
                let setup = BackSetup { strides, dilation_rate, padding, ..BackSetup::default() };
                let state = BackState::new(&setup).unwrap();
                for part in ALL {
                    let scene = part_scene(part, &state, (1, 0), 1, Language::Ru, 260.0);
                    assert!(scene.width <= 260.0, "{part:?}");
                }
                let last = state.sent.values.len() - 1;
                let middle = frame_of(&state.sent, 260.0).middle(state.sent.rows - 1, state.sent.cols - 1);
                assert_eq!(hit(Part::Output, &state, middle, 260.0), Some(last));
                let transposed = TransposedState::new(&setup);
                for part in [Part::Input, Part::Kernel, Part::Output] {
                    let scene = transposed_scene(part, &transposed, 1, 0, Language::En, 260.0);
                    assert!(scene.width <= 260.0, "{part:?}");
                }
                let middle = frame_of(&transposed.output, 260.0).middle(1, 0);
                let hit = transposed_hit(Part::Output, &transposed, middle, 260.0);
                assert_eq!(hit, Some(transposed.output.cols));
            }
        }
    }

    #[test]
    fn gradients_grow_with_the_window() {
        let state = BackState::first();
        let texts = |grown: usize| {
            let at = (grown, grown - 1);
            let scene = part_scene(Part::GradKernel, &state, at, 0, Language::En, 260.0);
            scene.texts().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(texts(1), ["1", "2", "0", "1"]);
        assert_eq!(texts(2), ["3", "2", "1", "4"]);
    }

    #[test]
    fn zeros_between_the_cells_are_written() {
        let setup = BackSetup { strides: 2, ..BackSetup::default() };
        let scene = transposed_scene(Part::Input, &TransposedState::new(&setup), 1, 0, Language::En, 400.0);
        // 9 × 9 cells.
        assert_eq!(scene.texts().count(), 81);
    }
}
