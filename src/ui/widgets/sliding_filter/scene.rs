//! Every channel of the padded input, and the window over those that the filter looks at.

use super::marks::{push_cursor, push_marks};
use super::state::{Scope, Spot, look_of};
use super::tiles::Tiles;
use crate::ui::convolution::{Axis, Computed};
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, push_grid, push_window};

/// A cell is never larger, in px.
pub const LARGEST_CELL: f64 = 46.0;
/// From this size on an added zero is written, in px.
const WORDED_CELL: f64 = 18.0;
/// From this size on an added zero has a dot, in px.
const DOTTED_CELL: f64 = 4.0;
/// Where cells have room for a number, this share of them is kept free of hatching for it.
const FREE: f64 = 0.5;

/// Where the channels stand, with their padding.
pub fn tiles(computed: &Computed, width: f64) -> Tiles {
    let [rows, cols] = computed.axes.map(Axis::padded);
    Tiles::fitted(computed.setup.shape[2], rows, cols, width, LARGEST_CELL)
}

/// The cell of the padded image under a point, with its channel.
pub fn input_hit(computed: &Computed, point: Point, width: f64) -> Option<(usize, [usize; 2])> {
    tiles(computed, width).hit(point)
}

/// What stands still while the window slides: pixels, padding, and what no window reaches.
pub fn input_scene(computed: &Computed, names: &[String], language: Language, width: f64) -> Scene {
    let tiles = tiles(computed, width);
    let mut scene = tiles.scene();
    let [rows, cols] = computed.axes;
    let [height, width, depth] = computed.setup.shape;
    for channel in 0..depth {
        let whole = tiles.frame(channel);
        let name = names.get(channel).map_or("", String::as_str);
        tiles.push_name(&mut scene, channel, name, Ink::Text);
        push_padding(&mut scene, computed, whole);
        let (map, scale) = look_of(computed, channel);
        let values: Vec<f32> = computed.image.iter().skip(channel).step_by(depth).copied().collect();
        let image = whole.inner(rows.before(), cols.before(), height, width);
        push_grid(&mut scene, image, &values, Look { map, scale, language, decimals: 2 });
        push_unreached(&mut scene, computed, whole);
    }
    scene
}

/// The ring of zeros around the image.
fn push_padding(scene: &mut Scene, computed: &Computed, whole: Frame) {
    let [rows, cols] = computed.axes;
    if rows.padded() == rows.length && cols.padded() == cols.length {
        return;
    }
    let area = whole.area();
    scene.push(Draw::Stroke { area, pen: Pen { ink: Ink::Outline, width: 1.0, dash: Dash::Dashed } });
    if whole.cell < DOTTED_CELL {
        return;
    }
    let inside = |axis: Axis, at: usize| (axis.before()..axis.before() + axis.length).contains(&at);
    let mut dots = Vec::new();
    for row in 0..whole.rows {
        for col in 0..whole.cols {
            if inside(rows, row) && inside(cols, col) {
                continue;
            }
            let at = whole.middle(row, col);
            if whole.cell >= WORDED_CELL {
                let (text, ink, size) = ("0".to_owned(), Ink::Muted, (whole.cell * 0.4).clamp(9.5, 15.0));
                scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
            } else {
                let half = (whole.cell * 0.12).max(0.6);
                dots.push((Point { x: at.x - half, y: at.y }, Point { x: at.x + half, y: at.y }));
            }
        }
    }
    scene.push(Draw::Segments { segments: dots, pen: Pen::solid(Ink::Muted, (whole.cell * 0.24).max(1.2)) });
}

/// Rows and columns that no weight ever meets: the division's remainder, and gaps between windows or weights.
fn push_unreached(scene: &mut Scene, computed: &Computed, whole: Frame) {
    if computed.is_empty() {
        return;
    }
    let [rows, cols] = [0, 1].map(|axis: usize| gaps(&computed.axes[axis].reached()));
    let mut areas: Vec<Area> = rows.iter().map(|(at, len)| whole.part(*at, 0, *len, whole.cols)).collect();
    areas.extend(cols.iter().map(|(at, len)| whole.part(0, *at, whole.rows, *len)));
    for area in areas {
        for area in strips(area, whole.cell) {
            scene.push(Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 });
        }
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Hatch, 1.0) });
    }
}

/// The parts of an area of cells that may be hatched: all of it, or what lies above and below the numbers.
fn strips(area: Area, cell: f64) -> Vec<Area> {
    if cell < WORDED_CELL {
        return vec![area];
    }
    let rows = (area.height / cell).round() as usize;
    let half = cell * (1.0 - FREE) / 2.0;
    let strip = |row: usize| {
        let middle = area.y + row as f64 * cell;
        let (top, bottom) = ((middle - half).max(area.y), (middle + half).min(area.y + area.height));
        Area { y: top, height: bottom - top, ..area }
    };
    (0..=rows).map(strip).collect()
}

/// Neighbouring cells that are not reached, as first and length.
pub fn gaps(reached: &[bool]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (at, _) in reached.iter().enumerate().filter(|(_, reached)| !**reached) {
        match all.last_mut() {
            Some((first, len)) if *first + *len == at => *len += 1,
            _ => all.push((at, 1)),
        }
    }
    all
}

/// What moves: the window with its weights' places, and what the reader points at.
pub fn input_over(scope: Scope, width: f64) -> Scene {
    let computed = scope.computed;
    let tiles = tiles(computed, width);
    let mut scene = tiles.scene();
    let layer = &computed.setup.layer;
    let met = if let Spot::Weight(weight) = scope.spot { computed.met(weight) } else { Vec::new() };
    for channel in layer.channels_of(scope.filter, computed.setup.shape[2]) {
        if channel >= tiles.count {
            continue;
        }
        let frame = tiles.frame(channel);
        if !met.is_empty() {
            push_marks(&mut scene, frame, &met);
        }
        if computed.is_empty() {
            continue;
        }
        let [top, left] = computed.corner(scope.current);
        let [rows, cols] = computed.axes.map(Axis::effective);
        if layer.dilation_rate != [1, 1] {
            push_taps(&mut scene, frame, scope);
        }
        push_window(&mut scene, frame.part(top, left, rows, cols));
    }
    match scope.spot {
        Spot::Pixel([row, col]) => {
            for channel in 0..tiles.count {
                push_cursor(&mut scene, tiles.frame(channel).part(row, col, 1, 1));
            }
        }
        Spot::Weight(weight) if !computed.is_empty() => {
            let [row, col] = scope.under(weight);
            for channel in layer.channels_of(scope.filter, computed.setup.shape[2]) {
                if channel < tiles.count {
                    push_cursor(&mut scene, tiles.frame(channel).part(row, col, 1, 1));
                }
            }
        }
        Spot::Window | Spot::Weight(_) => {}
    }
    scene
}

/// With dilation a window has gaps: the cells that it does meet.
fn push_taps(scene: &mut Scene, frame: Frame, scope: Scope) {
    let [rows, cols] = scope.computed.setup.layer.kernel_size;
    let cells: Vec<[usize; 2]> = (0..rows)
        .flat_map(|row| (0..cols).map(move |col| [row, col]))
        .map(|weight| scope.under(weight))
        .collect();
    push_marks(scene, frame, &cells);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::{PadChoice, Setup, Source};
    use std::sync::Arc;

    fn computed(edit: impl FnOnce(&mut Setup)) -> Computed {
        let mut setup = Setup::default();
        setup.change(edit);
        Computed::new(Arc::new(setup), None)
    }

    fn hatches(scene: &Scene) -> usize {
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Hatch { .. })).count()
    }

    fn windows(scene: &Scene) -> usize {
        let pen = Pen::solid(Ink::Window, 2.5);
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Stroke { pen: own, .. } if *own == pen)).count()
    }

    #[test]
    fn what_no_window_reaches_is_hatched() {
        let count = |strides: [usize; 2], padding| {
            let computed = computed(|setup| {
                setup.layer.strides = strides;
                setup.layer.padding = padding;
            });
            hatches(&input_scene(&computed, &[], Language::En, 400.0))
        };
        assert_eq!(count([2, 2], PadChoice::Valid), 2);
        assert_eq!(count([1, 2], PadChoice::Valid), 1);
        assert_eq!(count([1, 1], PadChoice::Valid), 0);
        assert_eq!(count([2, 2], PadChoice::Same), 0);
        // 28 − 5 = 3·7 + 2, and two cells between each of the windows.
        assert_eq!(count([7, 1], PadChoice::Valid), 4);
        assert_eq!(gaps(&[true, false, false, true, false]), [(1, 2), (4, 1)]);
    }

    #[test]
    fn hatching_leaves_numbers_free() {
        let computed = computed(|setup| {
            setup.source = Source::Count;
            setup.shape = [8, 8, 1];
            setup.layer.kernel_size = [3, 3];
            setup.layer.strides = [4, 4];
            setup.layer.padding = PadChoice::Cells(1);
        });
        let scene = input_scene(&computed, &[], Language::Ru, 460.0);
        assert!(hatches(&scene) > 8);
        for draw in &scene.draws {
            let Draw::Text { at, size, .. } = draw else { continue };
            let is_free = |other: &Draw| match other {
                Draw::Hatch { area, .. } => {
                    at.y + size / 2.0 <= area.y || at.y - size / 2.0 >= area.y + area.height
                }
                _ => true,
            };
            let column = |other: &&Draw| match other {
                Draw::Hatch { area, .. } => (area.x..area.x + area.width).contains(&at.x),
                _ => false,
            };
            assert!(scene.draws.iter().filter(column).all(is_free), "{draw:?}");
        }
    }

    #[test]
    fn padding_is_written_with_its_zeros() {
        let computed = computed(|setup| {
            setup.source = Source::Count;
            setup.shape = [3, 4, 1];
            setup.layer.kernel_size = [3, 3];
            setup.layer.padding = PadChoice::Cells(1);
        });
        let scene = input_scene(&computed, &[], Language::Ru, 400.0);
        assert_eq!(scene.texts().filter(|text| *text == "0").count(), 5 * 6 - 12);
        assert!(scene.texts().any(|text| text == "12"));
    }

    #[test]
    fn the_window_lies_on_the_channels_that_the_filter_looks_at() {
        let computed = computed(|setup| {
            setup.shape = [12, 12, 4];
            setup.layer.groups = 2;
            setup.layer.filters = 4;
        });
        let over = |filter, spot| input_over(Scope { computed: &computed, filter, current: 0, spot }, 400.0);
        assert_eq!(windows(&over(0, Spot::Window)), 2);
        assert_eq!(windows(&over(3, Spot::Window)), 2);
        let marked = over(0, Spot::Weight([0, 0]));
        let marks = marked.draws.iter().find_map(|draw| match draw {
            Draw::Segments { segments, .. } => Some(segments.len()),
            _ => None,
        });
        assert_eq!(marks, Some(8 * 8 * 4));
    }

    #[test]
    fn pictures_fit_a_narrow_page_and_pointing_finds_the_pixel() {
        let computed = computed(|setup| {
            setup.source = Source::Landscape;
            setup.shape = [64, 64, 8];
            setup.layer.padding = PadChoice::Cells(10);
        });
        assert!(input_scene(&computed, &[], Language::Ru, 270.0).width <= 270.0);
        let middle = tiles(&computed, 270.0).frame(5).middle(83, 2);
        assert_eq!(input_hit(&computed, middle, 270.0), Some((5, [83, 2])));
    }
}
