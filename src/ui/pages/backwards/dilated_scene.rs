//! The stretched window over the input, the kernel with gaps and without, and both results.

use super::dilated::DilatedState;
use super::scene::{LARGEST_CELL, frame_of, push_zeros, signed};
use crate::ui::convolution::Axis;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, NumberGrid, push_grid, push_window};
use crate::ui::widgets::size_formula::size_formulas;

/// The pictures of the dilated convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DilatedPart {
    /// What goes in, with the window over it.
    Input,
    /// The kernel with its gaps.
    Kernel,
    /// The dense kernel with zeros in them.
    Dense,
    /// What comes out of the dilated convolution.
    Output,
    /// What comes out of the dense one.
    DenseOutput,
}

impl DilatedPart {
    /// Every picture: the input, then kernel and result of the dilated convolution and of the dense one.
    pub const ALL: [DilatedPart; 5] = [
        DilatedPart::Input,
        DilatedPart::Kernel,
        DilatedPart::Output,
        DilatedPart::Dense,
        DilatedPart::DenseOutput,
    ];
}

fn whole_frame(state: &DilatedState, width: f64) -> Frame {
    let [rows, cols] = state.axes.map(Axis::padded);
    Frame::fitted(rows, cols, width, LARGEST_CELL)
}

/// The cell of the result under a point of a picture.
pub fn dilated_hit(part: DilatedPart, state: &DilatedState, point: Point, width: f64) -> Option<usize> {
    match part {
        DilatedPart::Output | DilatedPart::DenseOutput => {
            let (row, col) = frame_of(&state.output, width).hit(point)?;
            Some(row * state.output.cols + col)
        }
        DilatedPart::Input => {
            let (row, col) = whole_frame(state, width).hit(point)?;
            Some(state.over(row, col))
        }
        DilatedPart::Kernel | DilatedPart::Dense => None,
    }
}

/// Draws one picture; the first `grown` cells of the results are known, and the window stands at `current`.
pub fn dilated_scene(
    part: DilatedPart,
    state: &DilatedState,
    (grown, current): (usize, usize),
    language: Language,
    width: f64,
) -> Scene {
    match part {
        DilatedPart::Input => input_scene(state, current, language, width),
        DilatedPart::Kernel => kernel_scene(state, language, width),
        DilatedPart::Dense => {
            let frame = frame_of(&state.dense_kernel, width);
            let mut scene = frame.scene();
            let values = &state.dense_kernel.values;
            push_grid(&mut scene, frame, values, signed(values, language));
            scene
        }
        DilatedPart::Output => output_scene(&state.output, grown, current, language, width),
        DilatedPart::DenseOutput => output_scene(&state.dense_output, grown, current, language, width),
    }
}

fn input_scene(state: &DilatedState, current: usize, language: Language, width: f64) -> Scene {
    let whole = whole_frame(state, width);
    let mut scene = whole.scene();
    let [rows, cols] = state.axes;
    let inside = |axis: Axis, at: usize| (axis.before()..axis.before() + axis.length).contains(&at);
    push_zeros(&mut scene, whole, |row, col| !(inside(rows, row) && inside(cols, col)));
    let own = whole.inner(rows.before(), cols.before(), rows.length, cols.length);
    let values = &state.setup.input.values;
    push_grid(&mut scene, own, values, Look::of(values, language, 2));
    for (row, col) in state.unmet() {
        scene.push(Draw::Hatch { area: own.part(row, col, 1, 1), ink: Ink::Hatch, gap: 6.0 });
    }
    let [top, left] = state.corner(current);
    let span = whole.part(top, left, rows.effective(), cols.effective());
    if state.setup.dilation_rate == 1 {
        push_window(&mut scene, span);
        return scene;
    }
    // All that it spans, and what it meets of that.
    scene.push(Draw::Stroke { area: span, pen: Pen::solid(Ink::Halo, 4.0) });
    scene.push(Draw::Stroke { area: span, pen: Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dashed } });
    for tap in 0..state.setup.kernel.values.len() {
        let (down, across) = (tap / cols.window * rows.dilation, tap % cols.window * cols.dilation);
        push_window(&mut scene, whole.part(top + down, left + across, 1, 1));
    }
    scene
}

/// The weights where they stand, and a point in every gap.
fn kernel_scene(state: &DilatedState, language: Language, width: f64) -> Scene {
    let frame = frame_of(&state.dense_kernel, width);
    let mut scene = frame.scene();
    let is_gap = |idx: usize| state.is_gap(idx / frame.cols, idx % frame.cols);
    let value = |(idx, weight): (usize, &f32)| if is_gap(idx) { f32::NAN } else { *weight };
    let values: Vec<f32> = state.dense_kernel.values.iter().enumerate().map(value).collect();
    push_grid(&mut scene, frame, &values, signed(&state.setup.kernel.values, language));
    for gap in (0..values.len()).filter(|idx| is_gap(*idx)) {
        let (at, text, size) =
            (frame.middle(gap / frame.cols, gap % frame.cols), "·".to_owned(), (frame.cell * 0.5).min(17.0));
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size, align: Align::Middle, mono: true });
    }
    scene
}

fn output_scene(grid: &NumberGrid, grown: usize, current: usize, language: Language, width: f64) -> Scene {
    let frame = frame_of(grid, width);
    let mut scene = frame.scene();
    let known = |(idx, value): (usize, &f32)| {
        let is_known = idx < grown || idx == current;
        if is_known { *value } else { f32::NAN }
    };
    let values: Vec<f32> = grid.values.iter().enumerate().map(known).collect();
    push_grid(&mut scene, frame, &values, Look::of(&grid.values, language, 2));
    push_window(&mut scene, frame.part(current / grid.cols, current % grid.cols, 1, 1));
    scene
}

/// What the kernel spans and how large the result is, in letters and with numbers. Where both axes are alike, one
/// formula says it all.
pub fn dilated_formulas(state: &DilatedState, language: Language) -> Vec<String> {
    let [rows, cols] = state.axes;
    let axes = if rows == cols { vec![("W", cols)] } else { vec![("H", rows), ("W", cols)] };
    axes.into_iter().flat_map(|(letter, axis)| size_formulas(axis, letter, language)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Padding;
    use crate::ui::mathml::words;
    use crate::ui::pages::backwards::BackSetup;

    fn state(dilation_rate: usize, padding: Padding) -> DilatedState {
        DilatedState::new(&BackSetup { dilation_rate, padding, ..BackSetup::dilated() }).unwrap()
    }

    #[test]
    fn pictures_fit_a_narrow_page_and_pointing_finds_the_window() {
        for (rate, padding) in
            [(1, Padding::Valid), (3, Padding::Valid), (2, Padding::Same), (4, Padding::Same)]
        {
            let state = state(rate, padding);
            let last = state.output.values.len() - 1;
            for part in DilatedPart::ALL {
                let scene = dilated_scene(part, &state, (1, last), Language::Ru, 260.0);
                assert!(scene.width <= 260.0, "{part:?}");
            }
            let middle = frame_of(&state.output, 260.0).middle(state.output.rows - 1, state.output.cols - 1);
            assert_eq!(dilated_hit(DilatedPart::DenseOutput, &state, middle, 260.0), Some(last));
            let corner = whole_frame(&state, 260.0).middle(0, 0);
            assert_eq!(dilated_hit(DilatedPart::Input, &state, corner, 260.0), Some(0));
            assert_eq!(dilated_hit(DilatedPart::Dense, &state, corner, 260.0), None);
        }
    }

    #[test]
    fn gaps_are_points_in_one_kernel_and_zeros_in_the_other() {
        let state = state(2, Padding::Valid);
        let count = |part, sign: &str| {
            let scene = dilated_scene(part, &state, (1, 0), Language::En, 260.0);
            scene.texts().filter(|text| *text == sign).count()
        };
        assert_eq!((count(DilatedPart::Kernel, "·"), count(DilatedPart::Kernel, "0")), (16, 0));
        assert_eq!((count(DilatedPart::Dense, "·"), count(DilatedPart::Dense, "0")), (0, 16));
    }

    #[test]
    fn the_window_is_a_dashed_frame_with_a_solid_one_around_each_cell_it_meets() {
        let state = state(2, Padding::Valid);
        let scene = dilated_scene(DilatedPart::Input, &state, (1, 4), Language::En, 260.0);
        let frames = |dash: Dash| {
            let is_one = |draw: &&Draw| matches!(draw, Draw::Stroke { pen, .. } if pen.ink == Ink::Window && pen.dash == dash);
            scene.draws.iter().filter(is_one).count()
        };
        assert_eq!((frames(Dash::Dashed), frames(Dash::Solid)), (1, 9));
    }

    #[test]
    fn formulas_have_the_numbers_in_them() {
        let lines: Vec<String> = dilated_formulas(&state(2, Padding::Valid), Language::En)
            .iter()
            .map(|line| words(line))
            .collect();
        assert_eq!(lines[..2], ["F′=F+(F−1)(d−1)", "F′=3+(3−1)(2−1)=5"]);
        assert!(lines.last().unwrap().ends_with("=3"), "{lines:?}");
    }
}
