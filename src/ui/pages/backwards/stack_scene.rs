//! A stack of layers seen from the side, along one row, and the square that one cell of its result sees.

use super::stack::Stack;
use crate::ui::locale::Language;
use crate::ui::mathml::{block, fenced, name, number, operator, row};
use crate::ui::scene::{Align, Area, ColorMap, Dash, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, Look, push_grid, push_window, scale_of};

/// Room for outlines, in px.
const EDGE: f64 = 4.0;
/// Room for a layer's dilation on the left, in px.
const LABEL: f64 = 46.0;
/// Between two levels, in px.
const GAP: f64 = 44.0;
/// A cell of a row is never wider, in px.
const WIDEST: f64 = 30.0;
/// A row is never lower, in px.
const LOWEST: f64 = 10.0;
/// From this width on lines stand between cells, in px.
const LINED: f64 = 5.0;
/// From this width on a cell of the input has its number, in px.
const NUMBERED: f64 = 20.0;
/// The shade of a cell that counts.
const SHADE: f32 = 0.62;
/// A cell of the square is never larger, in px.
const LARGEST: f64 = 40.0;

/// Where the rows stand.
struct Levels<'a> {
    stack: &'a Stack,
    cell: f64,
    height: f64,
}

impl Levels<'_> {
    fn new(stack: &Stack, width: f64) -> Levels<'_> {
        let cell = ((width - LABEL - 2.0 * EDGE) / stack.width(0) as f64).min(WIDEST);
        let cell = if cell >= LINED { cell.floor() } else { cell };
        Levels { stack, cell, height: cell.max(LOWEST) }
    }

    fn top(&self) -> usize {
        self.stack.rates.len()
    }

    /// So many cells of a level; 0 is the input, at the bottom.
    fn part(&self, level: usize, from: usize, cells: usize) -> Area {
        let aside = (self.stack.width(0) - self.stack.width(level)) as f64 / 2.0;
        Area {
            x: EDGE + LABEL + (aside + from as f64) * self.cell,
            y: EDGE + (self.top() - level) as f64 * (self.height + GAP),
            width: cells as f64 * self.cell,
            height: self.height,
        }
    }

    fn scene(&self) -> Scene {
        let bottom = self.part(0, 0, self.stack.width(0));
        Scene::new(bottom.x + bottom.width + EDGE, bottom.y + bottom.height + EDGE)
    }
}

/// The shown cell of the result whose receptive field is centred nearest to a point.
pub fn row_hit(stack: &Stack, point: Point, width: f64) -> Option<usize> {
    let levels = Levels::new(stack, width);
    let level = (0..=levels.top()).find(|level| {
        let area = levels.part(*level, 0, stack.width(*level));
        // Rows may be low: what lies next to one counts as well.
        Area { y: area.y - GAP / 3.0, height: area.height + GAP / 1.5, ..area }.contains(point)
    })?;
    let col = ((point.x - levels.part(level, 0, 1).x) / levels.cell) as usize;
    let half = (stack.width(level) - Stack::TOPS) / 2;
    Some(col.saturating_sub(half).min(Stack::TOPS - 1))
}

/// Draws the layers along one row, and what the cell `top` of the result depends on.
pub fn row_scene(stack: &Stack, top: usize, width: f64) -> Scene {
    let levels = Levels::new(stack, width);
    let mut scene = levels.scene();
    let top = top.min(Stack::TOPS - 1);
    for level in 0..stack.rates.len() {
        push_ways(&mut scene, &levels, level, top);
    }
    for level in 0..=stack.rates.len() {
        push_level(&mut scene, &levels, level, top);
    }
    let pen = Pen { ink: Ink::Window, width: 1.5, dash: Dash::Dashed };
    scene.push(Draw::Stroke { area: levels.part(0, top, stack.side()), pen });
    push_window(&mut scene, levels.part(stack.rates.len(), top, 1));
    scene
}

/// The layer's dilation, and lines from each cell that counts to those that it is made of.
fn push_ways(scene: &mut Scene, levels: &Levels, level: usize, top: usize) {
    let (stack, rate) = (levels.stack, levels.stack.rates[level]);
    let below = levels.part(level, 0, 1).y;
    let middle = |level: usize, idx: usize| {
        let area = levels.part(level, idx, 1);
        area.x + area.width / 2.0
    };
    let mut segments = Vec::new();
    for (offset, ways) in stack.ways_from(level + 1).into_iter().enumerate() {
        if ways > 0 {
            let from = Point { x: middle(level + 1, top + offset), y: below - GAP };
            segments.extend(
                (0..stack.kernel_size)
                    .map(|tap| (from, Point { x: middle(level, top + offset + tap * rate), y: below })),
            );
        }
    }
    scene.push(Draw::Segments { segments, pen: Pen::solid(Ink::Accent, 1.0) });
    let (at, text) = (Point { x: EDGE, y: below - GAP / 2.0 }, format!("d = {rate}"));
    scene.push(Draw::Text { at, text, ink: Ink::Text, size: 13.0, align: Align::Start, mono: true });
}

fn push_level(scene: &mut Scene, levels: &Levels, level: usize, top: usize) {
    let (stack, cols) = (levels.stack, levels.stack.width(level));
    let area = levels.part(level, 0, cols);
    let mut values = vec![f32::NAN; cols];
    let ways = stack.ways_from(level);
    for (offset, _) in ways.iter().enumerate().filter(|(_, ways)| **ways > 0) {
        values[top + offset] = SHADE;
    }
    scene.push(Draw::Fill { area, ink: Ink::Paper });
    scene.push(Draw::Cells { area, cols, values: values.clone(), map: ColorMap::Gray });
    if level == 0 {
        let is_missed: Vec<bool> = ways.iter().map(|ways| *ways == 0).collect();
        for (from, len) in runs(&is_missed) {
            scene.push(Draw::Hatch { area: levels.part(0, top + from, len), ink: Ink::Hatch, gap: 5.0 });
        }
    }
    if levels.cell >= LINED {
        let line = |col: usize| {
            let x = levels.part(level, col, 1).x;
            (Point { x, y: area.y }, Point { x, y: area.y + area.height })
        };
        scene.push(Draw::Segments {
            segments: (1..cols).map(line).collect(),
            pen: Pen::solid(Ink::Line, 0.5),
        });
    }
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
    if level == 0 && levels.cell >= NUMBERED {
        for (col, value) in values.iter().enumerate() {
            let own = levels.part(0, col, 1);
            let at = Point { x: own.x + own.width / 2.0, y: own.y + own.height / 2.0 };
            let ink = if value.is_nan() { Ink::Muted } else { ColorMap::Gray.ink_on(*value) };
            let text = (col + 1).to_string();
            scene.push(Draw::Text { at, text, ink, size: 10.0, align: Align::Middle, mono: true });
        }
    }
}

/// Where cells of a kind follow each other: the first, and how many.
fn runs(is_one: &[bool]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (idx, _) in is_one.iter().enumerate().filter(|(_, is_one)| **is_one) {
        match found.last_mut() {
            Some((from, len)) if *from + *len == idx => *len += 1,
            _ => found.push((idx, 1)),
        }
    }
    found
}

/// The receptive field: the more ways lead from a cell, the darker it is. Hatched cells are never seen.
pub fn field_scene(stack: &Stack, language: Language, width: f64) -> Scene {
    let frame = Frame::fitted(stack.side(), stack.side(), width, LARGEST);
    let mut scene = frame.scene();
    push_square(&mut scene, frame, stack, language);
    let is_missed: Vec<bool> = stack.ways().iter().map(|ways| *ways == 0).collect();
    let is_seen: Vec<bool> = is_missed.iter().map(|is_missed| !is_missed).collect();
    let hatch = |(top, left): (usize, usize), (rows, cols): (usize, usize)| {
        let area = frame.part(top, left, rows, cols);
        Draw::Hatch { area, ink: Ink::Hatch, gap: 6.0 }
    };
    for (row, rows) in runs(&is_missed) {
        scene.push(hatch((row, 0), (rows, frame.cols)));
    }
    // A cell is hatched once, also where such a row and such a column cross.
    for (row, rows) in runs(&is_seen) {
        for (col, cols) in runs(&is_missed) {
            scene.push(hatch((row, col), (rows, cols)));
        }
    }
    scene
}

/// The receptive field of the same layers without dilation, as large as it is beside the other.
pub fn plain_scene(stack: &Stack, language: Language, width: f64) -> Scene {
    let whole = Frame::fitted(stack.side(), stack.side(), width, LARGEST);
    let mut scene = whole.scene();
    let plain = stack.plain();
    let before = (stack.side() - plain.side()) / 2;
    push_square(&mut scene, whole.inner(before, before, plain.side(), plain.side()), &plain, language);
    let pen = Pen { ink: Ink::Outline, width: 1.0, dash: Dash::Dashed };
    scene.push(Draw::Stroke { area: whole.area(), pen });
    scene
}

fn push_square(scene: &mut Scene, frame: Frame, stack: &Stack, language: Language) {
    let values = stack.square();
    let look = Look { map: ColorMap::Gray, scale: scale_of(&values), language, decimals: 0 };
    push_grid(scene, frame, &values, look);
}

/// `R = 1 + (F − 1)·(d₁ + d₂ + …)`, in letters and with numbers.
pub fn field_formula(stack: &Stack) -> Vec<String> {
    let (result, equals, one) = (name("R", ""), operator("="), number(1));
    let line = |side: String, rates: Vec<String>| {
        let plus = operator("+");
        let less = fenced("(", &row(&[side, operator("−"), one.clone()]), ")");
        let sum = fenced("(", &rates.join(&plus), ")");
        [result.clone(), equals.clone(), one.clone(), plus.clone(), less, operator("·"), sum]
    };
    let letters = (1..=stack.rates.len()).map(|layer| name("d", &layer.to_string())).collect();
    let numbers = stack.rates.iter().map(|rate| number(*rate)).collect();
    let filled = [&line(number(stack.kernel_size), numbers)[..], &[equals.clone(), number(stack.side())]];
    vec![block(&line(name("F", ""), letters)), block(&filled.concat())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::mathml::words;

    fn stack(kernel_size: usize, rates: &[usize]) -> Stack {
        Stack { kernel_size, rates: rates.to_vec() }
    }

    fn hatches(scene: &Scene) -> usize {
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Hatch { .. })).count()
    }

    #[test]
    fn pictures_fit_a_narrow_page_and_pointing_finds_the_cell() {
        for stack in [Stack::default(), stack(2, &[1]), stack(5, &[8, 8, 8, 8, 8]), stack(4, &[3, 3])] {
            for width in [250.0, 330.0, 800.0] {
                for top in 0..Stack::TOPS {
                    let scene = row_scene(&stack, top, width);
                    assert!(scene.width <= width + 0.01, "{stack:?} in {width}");
                    let own = Levels::new(&stack, width).part(stack.rates.len(), top, 1);
                    let at = Point { x: own.x + own.width / 2.0, y: own.y + 1.0 };
                    assert_eq!(row_hit(&stack, at, width), Some(top), "{stack:?} in {width}");
                }
                for scene in
                    [field_scene(&stack, Language::Ru, width), plain_scene(&stack, Language::Ru, width)]
                {
                    assert!(scene.width <= width + 0.01 && scene.height > 10.0, "{stack:?} in {width}");
                }
            }
        }
        let default = Stack::default();
        let field = Levels::new(&default, 330.0).part(0, 2, default.side());
        let middle = Point { x: field.x + field.width / 2.0, y: field.y + 1.0 };
        assert_eq!(row_hit(&default, middle, 330.0), Some(2), "the middle of what a cell sees");
        assert_eq!(row_hit(&default, Point { x: 1.0, y: 1.0 }, 330.0), None);
    }

    #[test]
    fn holes_are_hatched_and_ways_are_lines() {
        let even = stack(3, &[2, 2]);
        let scene = row_scene(&even, 1, 400.0);
        // Cells 2, 4, 6 and 8 of the nine; 3 lines for each of 1 and of 3 cells.
        assert_eq!(hatches(&scene), 4);
        let lines = scene.draws.iter().map(|draw| match draw {
            Draw::Segments { segments, pen } if pen.ink == Ink::Accent => segments.len(),
            _ => 0,
        });
        assert_eq!(lines.sum::<usize>(), 3 + 9);
        // 4 missed rows, and 4 missed columns in each of 5 rows.
        assert_eq!(hatches(&field_scene(&even, Language::En, 400.0)), 4 + 20);
        assert_eq!(hatches(&field_scene(&Stack::default(), Language::En, 400.0)), 0);
        assert!(scene.texts().filter(|text| *text == "d = 2").count() == 2);
    }

    #[test]
    fn the_square_is_written_in_numbers_where_there_is_room() {
        let small = stack(2, &[1, 1]);
        let texts = |scene: Scene| scene.texts().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            texts(field_scene(&small, Language::En, 200.0)),
            ["1", "2", "1", "2", "4", "2", "1", "2", "1"]
        );
        let dilated = stack(2, &[1, 2]);
        assert_eq!(texts(plain_scene(&dilated, Language::En, 200.0)).len(), 9);
    }

    #[test]
    fn the_formula_has_the_numbers_in_it() {
        let lines: Vec<String> = field_formula(&Stack::default()).iter().map(|line| words(line)).collect();
        assert_eq!(lines, ["R=1+(F−1)·(d1+d2+d3)", "R=1+(3−1)·(1+2+4)=15"]);
    }
}
