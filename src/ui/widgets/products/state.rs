//! What is multiplied with what, and where each block of it stands.

use crate::ui::convolution::Arithmetic;
use crate::ui::scene::{Area, ColorMap, Point};
use crate::ui::widgets::number_grid::Frame;
use crate::ui::widgets::sliding_filter::{Scope, look_of};

/// Room for outlines, in px.
const EDGE: f64 = 3.0;
/// Room for a sign between blocks, in px.
const SIGN: f64 = 32.0;
/// Room for a sign between small blocks, in px.
const SMALL_SIGN: f64 = 20.0;
/// A block is never larger, in px.
const LARGEST: f64 = 290.0;
/// A block of a channel that is not the open one is at most this large, in px.
const SMALL: f64 = 60.0;
/// From this size on a cell has room for most numbers, in px.
const NUMBER_CELL: f64 = 34.0;
/// From this size on a cell has room for a pixel over its weight, in px.
const PAIR_CELL: f64 = 42.0;
/// Height of a channel's name, in px.
const NAME: f64 = 24.0;
/// Space between channels, in px.
const GAP: f64 = 12.0;

/// One output cell taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The numbers.
    pub arithmetic: Arithmetic,
    /// The channel that is shown large, of the filter's.
    pub open: usize,
    /// The weight that is looked at.
    pub mark: Option<[usize; 2]>,
    /// Whether the result is still to be guessed.
    pub is_hidden: bool,
    /// For each channel the colours of its pixels, and the value at their end.
    pub looks: Vec<(ColorMap, f32)>,
    /// The value at the end of the weights' and products' colours.
    pub scale: f32,
    /// Whether there is a bias.
    pub has_bias: bool,
}

impl Sheet {
    /// The cell that is looked at; `open` is a channel of the filter's.
    pub fn of(scope: Scope, open: usize, is_hidden: bool) -> Option<Sheet> {
        let computed = scope.computed;
        let arithmetic = computed.arithmetic(scope.filter, scope.current)?;
        let looks = arithmetic.channels.iter().map(|part| look_of(computed, part.channel)).collect();
        let scale = computed.setup.filters.get(scope.filter)?.scale();
        let open = open.min(arithmetic.channels.len().saturating_sub(1));
        let has_bias = computed.setup.layer.use_bias;
        Some(Sheet { arithmetic, open, mark: scope.weight(), is_hidden, looks, scale, has_bias })
    }
}

/// How the blocks of a channel stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Window, weights and products beside each other.
    Three,
    /// Each pixel over its weight in one block, the products in another.
    Pairs,
    /// As three, small.
    Small,
}

/// The blocks of one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// How they stand.
    pub form: Form,
    /// The row's name stands at this height.
    pub name: Point,
    /// Window, weights, products; window and weights are one with [`Form::Pairs`].
    pub blocks: [Frame; 3],
    /// All of it.
    pub area: Area,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// One row for each channel.
    pub rows: Vec<Row>,
    /// Where the lines below begin.
    pub bottom: f64,
}

impl Layout {
    /// For so many channels, of which one is open, and a kernel of that size, within `width` px.
    pub fn new(channels: usize, open: usize, size: [usize; 2], width: f64) -> Layout {
        let mut top = EDGE;
        let mut rows = Vec::with_capacity(channels);
        for channel in 0..channels {
            let row = if channel == open {
                open_row(size, top, width, if channels > 1 { NAME } else { 0.0 })
            } else {
                small_row(size, top, width)
            };
            top = row.area.y + row.area.height + GAP;
            rows.push(row);
        }
        Layout { rows, bottom: top }
    }

    /// The channel under a point, and the weight if the point is on a cell.
    pub fn hit(&self, point: Point) -> Option<(usize, Option<[usize; 2]>)> {
        let channel = self.rows.iter().position(|row| row.area.contains(point))?;
        let cell = self.rows[channel].blocks.iter().find_map(|block| block.hit(point));
        Some((channel, cell.map(|(row, col)| [row, col])))
    }
}

fn frame(x: f64, y: f64, cell: f64, [rows, cols]: [usize; 2]) -> Frame {
    let cell = if cell >= 7.0 { cell.floor() } else { cell };
    Frame { at: Point { x, y }, cell, rows, cols }
}

fn open_row(size: [usize; 2], top: f64, width: f64, name: f64) -> Row {
    let [rows, cols] = size.map(|cells| cells as f64);
    let largest = LARGEST / rows.max(cols);
    let cell_of = |blocks: f64| ((width - 2.0 * EDGE - (blocks - 1.0) * SIGN) / blocks / cols).min(largest);
    let y = top + name;
    let beside = |cell: f64, at: f64| EDGE + at * (cell.floor() * cols + SIGN);
    let (form, blocks) = if cell_of(3.0) >= NUMBER_CELL || cell_of(1.0) < PAIR_CELL {
        let cell = cell_of(3.0);
        (Form::Three, [0.0, 1.0, 2.0].map(|at| frame(beside(cell, at), y, cell, size)))
    } else if cell_of(2.0) >= PAIR_CELL {
        let cell = cell_of(2.0);
        let [pairs, products] = [0.0, 1.0].map(|at| frame(beside(cell, at), y, cell, size));
        (Form::Pairs, [pairs, pairs, products])
    } else {
        let cell = cell_of(1.0);
        let pairs = frame(EDGE, y, cell, size);
        let below = y + pairs.area().height + SIGN;
        (Form::Pairs, [pairs, pairs, frame(EDGE, below, cell, size)])
    };
    let last = blocks[2].area();
    let area = Area { x: 0.0, y: top, width, height: last.y + last.height - top + EDGE };
    Row { form, name: Point { x: EDGE, y: top + NAME / 2.0 }, blocks, area }
}

fn small_row(size: [usize; 2], top: f64, width: f64) -> Row {
    let [rows, cols] = size.map(|cells| cells as f64);
    let cell = SMALL / rows.max(cols);
    let step = cell * cols + SMALL_SIGN;
    let y = top + NAME;
    let blocks = [0.0, 1.0, 2.0].map(|at| Frame {
        at: Point { x: EDGE + at * step, y },
        cell,
        rows: size[0],
        cols: size[1],
    });
    let area = Area { x: 0.0, y: top, width, height: NAME + cell * rows + EDGE };
    Row { form: Form::Small, name: Point { x: EDGE, y: top + NAME / 2.0 }, blocks, area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_fit_any_page_and_no_row_covers_another() {
        for size in [[1, 1], [5, 5], [11, 11], [2, 7], [11, 1]] {
            for width in [250.0, 320.0, 560.0, 830.0] {
                for channels in [1, 3, 8] {
                    let layout = Layout::new(channels, 1.min(channels - 1), size, width);
                    let mut before = 0.0;
                    for row in &layout.rows {
                        assert!(row.area.y >= before);
                        before = row.area.y + row.area.height;
                        for block in row.blocks {
                            let area = block.area();
                            assert!(area.x + area.width <= width, "{size:?} {width} {row:?}");
                            assert!(area.y >= row.area.y && area.y + area.height <= before);
                        }
                    }
                    assert!(layout.bottom >= before);
                }
            }
        }
    }

    #[test]
    fn numbers_have_room_where_there_is_any() {
        let form = |size, width| Layout::new(1, 0, size, width).rows[0].form;
        assert_eq!(form([5, 5], 830.0), Form::Three);
        assert_eq!(form([5, 5], 480.0), Form::Pairs);
        assert_eq!(form([5, 5], 300.0), Form::Pairs);
        assert_eq!(form([11, 11], 300.0), Form::Three);
        assert_eq!(form([1, 1], 300.0), Form::Three);
    }

    #[test]
    fn pointing_finds_channel_and_weight() {
        let layout = Layout::new(3, 1, [3, 3], 600.0);
        let weights = layout.rows[1].blocks[1];
        assert_eq!(layout.hit(weights.middle(2, 0)), Some((1, Some([2, 0]))));
        let beside = Point { x: 590.0, y: layout.rows[2].area.y + 3.0 };
        assert_eq!(layout.hit(beside), Some((2, None)));
    }
}
