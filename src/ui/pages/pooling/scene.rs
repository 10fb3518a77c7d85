//! The map with its window, the pooled map, and the gradient on its way back.

use super::axis::PoolAxis;
use super::setup::PoolKind;
use super::state::PoolState;
use crate::engine::layers::Padding;
use crate::ui::locale::Language;
use crate::ui::mathml::{block, fenced, fraction, name, number, operator, quotient, row};
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, push_grid, push_mark, push_window};
use crate::ui::widgets::sliding_filter::Known;

/// A cell is never larger, in px.
const LARGEST_CELL: f64 = 62.0;
/// From this size on a padded cell says what it counts as, in px.
const WORDED_CELL: f64 = 24.0;

/// The three pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The map with the window over it.
    Input,
    /// The pooled map.
    Output,
    /// The gradient of the map.
    Gradient,
}

/// The map with its padding; pictures of the map and of its gradient have the same.
fn padded_frame(state: &PoolState, width: f64) -> Frame {
    let [rows, cols] = state.axes.map(PoolAxis::padded);
    Frame::fitted(rows, cols, width, LARGEST_CELL)
}

fn map_frame(state: &PoolState, width: f64) -> Frame {
    let [rows, cols] = state.axes;
    padded_frame(state, width).inner(rows.before, cols.before, rows.length, cols.length)
}

fn output_frame(state: &PoolState, width: f64) -> Frame {
    let [rows, cols] = state.cells();
    // Its cells are no larger than those of the map, so that one sees that the map shrinks.
    Frame::fitted(rows, cols, width, padded_frame(state, width).cell.max(28.0))
}

/// The pooled cell whose window, or which itself, is under a point of a picture.
pub fn hit(part: Part, state: &PoolState, point: Point, width: f64) -> Option<usize> {
    match part {
        Part::Output => {
            let (row, col) = output_frame(state, width).hit(point)?;
            Some(row * state.output.cols + col)
        }
        Part::Input | Part::Gradient => {
            let (row, col) = padded_frame(state, width).hit(point)?;
            Some(state.over(row, col))
        }
    }
}

/// Draws one picture; the window stands at `current`, and where its cell is still to be guessed nothing tells it.
pub fn part_scene(
    part: Part,
    state: &PoolState,
    known: &Known,
    current: usize,
    language: Language,
    width: f64,
) -> Scene {
    match part {
        Part::Input => input_scene(state, known, current, language, width),
        Part::Output => output_scene(state, known, current, language, width),
        Part::Gradient => gradient_scene(state, known, current, language, width),
    }
}

fn input_scene(state: &PoolState, known: &Known, current: usize, language: Language, width: f64) -> Scene {
    let whole = padded_frame(state, width);
    let mut scene = whole.scene();
    push_padding(&mut scene, state, whole);
    let frame = map_frame(state, width);
    push_grid(&mut scene, frame, &state.grid.values, Look::of(&state.grid.values, language, 2));
    push_unreached(&mut scene, state, frame);
    push_window(&mut scene, window_area(state, whole, current));
    push_winner(&mut scene, state, frame, known, current);
    scene
}

/// Corners around the cell that won, which tell the result.
fn push_winner(scene: &mut Scene, state: &PoolState, frame: Frame, known: &Known, current: usize) {
    if let Some((row, col)) = state.winner(current).filter(|_| known.has(current, current)) {
        push_mark(scene, frame.part(row, col, 1, 1));
    }
}

fn output_scene(state: &PoolState, known: &Known, current: usize, language: Language, width: f64) -> Scene {
    let frame = output_frame(state, width);
    let mut scene = frame.scene();
    let values = state.shown(known, current).values;
    // The map's colours, so that equal numbers look equal.
    let look = Look { decimals: 2, ..Look::of(&state.grid.values, language, 2) };
    push_grid(&mut scene, frame, &values, look);
    let (row, col) = state.place(current);
    if !known.has(current, current) {
        let (at, text, size) = (frame.middle(row, col), "?".to_owned(), (frame.cell * 0.4).min(17.0));
        scene.push(Draw::Text { at, text, ink: Ink::Text, size, align: Align::Middle, mono: true });
    }
    push_window(&mut scene, frame.part(row, col, 1, 1));
    scene
}

fn gradient_scene(state: &PoolState, known: &Known, current: usize, language: Language, width: f64) -> Scene {
    let whole = padded_frame(state, width);
    let mut scene = whole.scene();
    let frame = map_frame(state, width);
    let gradient = state.gradient_of(|idx| known.has(idx, current));
    push_grid(&mut scene, frame, &gradient.values, Look::of(&gradient.values, language, 2));
    push_unreached(&mut scene, state, frame);
    push_window(&mut scene, window_area(state, whole, current));
    push_winner(&mut scene, state, frame, known, current);
    scene
}

fn window_area(state: &PoolState, whole: Frame, current: usize) -> Area {
    let (row, col) = state.place(current);
    let [rows, cols] = state.axes;
    whole.part(rows.start(row), cols.start(col), rows.pool, cols.pool)
}

/// The cells around the map that take no part: −∞ for a maximum, nothing for a mean.
fn push_padding(scene: &mut Scene, state: &PoolState, whole: Frame) {
    let [rows, cols] = state.axes;
    if rows.padded() == rows.length && cols.padded() == cols.length {
        return;
    }
    let pen = Pen { ink: Ink::Outline, width: 1.0, dash: Dash::Dashed };
    scene.push(Draw::Stroke { area: whole.area(), pen });
    let word = if state.setup.kind == PoolKind::Max { "−∞" } else { "–" };
    let inside = |axis: PoolAxis, at: usize| (axis.before..axis.before + axis.length).contains(&at);
    let mut dots = Vec::new();
    for (row, col) in (0..whole.rows * whole.cols).map(|idx| (idx / whole.cols, idx % whole.cols)) {
        if inside(rows, row) && inside(cols, col) {
            continue;
        }
        let at = whole.middle(row, col);
        if whole.cell >= WORDED_CELL {
            let (text, ink, size) = (word.to_owned(), Ink::Muted, (whole.cell * 0.36).min(15.0));
            scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
        } else {
            dots.push((Point { x: at.x - 1.5, y: at.y }, Point { x: at.x + 1.5, y: at.y }));
        }
    }
    scene.push(Draw::Segments { segments: dots, pen: Pen::solid(Ink::Muted, 1.5) });
}

/// Rows and columns that no window reaches.
fn push_unreached(scene: &mut Scene, state: &PoolState, frame: Frame) {
    let [rows, cols] = [0, 1].map(|axis: usize| state.axes[axis].unreached());
    let mut areas: Vec<Area> = rows.iter().map(|row| frame.part(*row, 0, 1, frame.cols)).collect();
    // A cell is hatched once, also where such a row and such a column cross.
    for col in &cols {
        let free = (0..frame.rows).filter(|row| !rows.contains(row));
        areas.extend(free.map(|row| frame.part(row, *col, 1, 1)));
    }
    for area in areas {
        scene.push(Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 });
    }
}

/// The size along one axis: in letters, with numbers, and carried out. `letter` is H or W.
pub fn formula(axis: PoolAxis, padding: Padding, letter: &str, language: Language) -> Vec<String> {
    let (equals, result) = (operator("="), name(letter, "2"));
    let (plus, one) = (operator("+"), number(1));
    if padding == Padding::Same {
        let letters = fraction(&name(letter, ""), &name("S", ""));
        let numbers = fraction(&number(axis.length), &number(axis.stride));
        let divided = quotient(axis.length, axis.stride, language);
        let rounded = |inner: &str| fenced("⌈", inner, "⌉");
        return vec![
            block(&[result.clone(), equals.clone(), rounded(&letters)]),
            block(&[
                result,
                equals.clone(),
                rounded(&numbers),
                equals.clone(),
                rounded(&divided),
                equals,
                number(axis.output),
            ]),
        ];
    }
    let rounded = |inner: &str| fenced("⌊", inner, "⌋");
    let over = axis.length - axis.pool;
    let letters = fraction(&row(&[name(letter, ""), operator("−"), name("F", "")]), &name("S", ""));
    let numbers =
        fraction(&row(&[number(axis.length), operator("−"), number(axis.pool)]), &number(axis.stride));
    let divided = quotient(over, axis.stride, language);
    vec![
        block(&[result.clone(), equals.clone(), rounded(&letters), plus.clone(), one.clone()]),
        block(&[result, equals.clone(), rounded(&numbers), plus.clone(), one.clone()]),
        block(&[
            equals.clone(),
            rounded(&divided),
            plus.clone(),
            one.clone(),
            equals.clone(),
            number(over / axis.stride),
            plus,
            one,
            equals,
            number(axis.output),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::mathml::words;
    use crate::ui::pages::pooling::{PoolInput, PoolSetup};

    fn state(padding: Padding, input: PoolInput) -> PoolState {
        PoolState::new(&PoolSetup { padding, input, ..PoolSetup::default() }).unwrap()
    }

    fn texts(part: Part, state: &PoolState, grown: usize) -> Vec<String> {
        let scene =
            part_scene(part, state, &Known::First(grown), grown.saturating_sub(1), Language::Ru, 320.0);
        scene.texts().map(str::to_owned).collect()
    }

    #[test]
    fn the_pooled_map_grows_and_the_gradient_with_it() {
        let state = state(Padding::Valid, PoolInput::Lecture);
        assert_eq!(texts(Part::Output, &state, 2), ["20", "30"]);
        assert_eq!(texts(Part::Input, &state, 2).len(), 16);
        let gradient = texts(Part::Gradient, &state, 2);
        assert_eq!(gradient.iter().filter(|text| *text == "1").count(), 2);
    }

    #[test]
    fn the_window_that_is_asked_about_is_shown_and_its_number_is_not() {
        let state = state(Padding::Valid, PoolInput::Lecture);
        let scene = |part, cells: &[usize]| {
            let known = Known::Guessed(cells.iter().copied().collect());
            part_scene(part, &state, &known, 2, Language::En, 320.0)
        };
        let texts = |part, cells: &[usize]| -> Vec<String> {
            scene(part, cells).texts().map(str::to_owned).collect()
        };
        assert_eq!(texts(Part::Output, &[0]), ["20", "?"]);
        assert_eq!(texts(Part::Output, &[0, 2]), ["20", "112"]);
        let window = |part: Part, area: Area| {
            let is_there = |draw: &Draw| matches!(draw, Draw::Stroke { area: own, .. } if *own == area);
            scene(part, &[0]).draws.iter().any(is_there)
        };
        let (whole, result) = (padded_frame(&state, 320.0), output_frame(&state, 320.0));
        assert!(window(Part::Input, whole.part(2, 0, 2, 2)), "over the map");
        assert!(window(Part::Output, result.part(1, 0, 1, 1)), "on the result");
        // Only the corners around the winner tell the number.
        let strokes = |cells: &[usize]| scene(Part::Input, cells).draws.len();
        assert_eq!(strokes(&[0]) + 2, strokes(&[0, 2]));
        assert_eq!(state.gradient_of(|idx| idx == 0), state.gradient(1));
        assert_eq!(texts(Part::Gradient, &[0]).iter().filter(|text| *text == "1").count(), 1);
    }

    #[test]
    fn the_remainder_is_hatched_and_padding_says_what_it_counts_as() {
        let hatches = |state: &PoolState| {
            let scene = part_scene(Part::Input, state, &Known::First(1), 0, Language::En, 320.0);
            scene.draws.iter().filter(|draw| matches!(draw, Draw::Hatch { .. })).count()
        };
        // The last row, and the last column of the four rows before it.
        assert_eq!(hatches(&state(Padding::Valid, PoolInput::Count)), 5);
        let same = state(Padding::Same, PoolInput::Count);
        assert_eq!(hatches(&same), 0);
        assert_eq!(texts(Part::Input, &same, 1).iter().filter(|text| *text == "−∞").count(), 6 * 8 - 35);
    }

    #[test]
    fn pictures_fit_a_narrow_page_and_pointing_finds_the_window() {
        for input in PoolInput::offered() {
            let state = state(Padding::Same, input);
            for part in [Part::Input, Part::Output, Part::Gradient] {
                let scene = part_scene(part, &state, &Known::First(3), 2, Language::Ru, 270.0);
                assert!(scene.width <= 270.0, "{part:?} {}", scene.width);
            }
            let middle = output_frame(&state, 270.0).middle(1, 1);
            assert_eq!(hit(Part::Output, &state, middle, 270.0), Some(state.output.cols + 1));
            let corner = map_frame(&state, 270.0).middle(0, 0);
            assert_eq!(hit(Part::Input, &state, corner, 270.0), Some(0));
        }
    }

    #[test]
    fn the_formula_is_filled_in() {
        let axis = PoolAxis::new(7, 2, 2, Padding::Valid).unwrap();
        let lines = formula(axis, Padding::Valid, "W", Language::Ru);
        let texts: Vec<String> = lines.iter().map(|line| words(line)).collect();
        assert_eq!(texts, ["W2=⌊W−FS⌋+1", "W2=⌊7−22⌋+1", "=⌊2,5⌋+1=2+1=3"]);
        let axis = PoolAxis::new(5, 2, 2, Padding::Same).unwrap();
        assert_eq!(words(&formula(axis, Padding::Same, "H", Language::En)[1]), "H2=⌈52⌉=⌈2.5⌉=3");
    }
}
