//! What was drawn, where the pen is, and what can be taken back.

use crate::ui::convolution::{Picture, limit};

/// What the pen does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// It leaves ink.
    Brush,
    /// It takes ink away.
    Eraser,
}

/// A drawing of one channel: 0 paper, 1 ink.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Rows and columns.
    pub side: usize,
    /// The cells, row by row.
    pub cells: Vec<f32>,
    /// What the pen does.
    pub tool: Tool,
    /// Cells that the pen covers along each axis, 1..=[`Drawing::WIDEST`].
    pub pen: usize,
    /// The cell under the pen: row and column.
    pub cursor: [usize; 2],
    past: Vec<(usize, Vec<f32>)>,
    future: Vec<(usize, Vec<f32>)>,
}

impl Default for Drawing {
    fn default() -> Drawing {
        Drawing::of(28, vec![0.0; 28 * 28])
    }
}

impl Drawing {
    /// The widest pen.
    pub const WIDEST: usize = 3;
    /// Strokes that can be taken back, at most.
    const REMEMBERED: usize = 100;

    fn of(side: usize, cells: Vec<f32>) -> Drawing {
        let cursor = [side / 2; 2];
        Drawing { side, cells, tool: Tool::Brush, pen: 2, cursor, past: Vec::new(), future: Vec::new() }
    }

    /// A drawing that begins with a picture; an empty one if it is no square of one channel of pixels.
    pub fn begin(picture: &Picture) -> Drawing {
        let [rows, cols, channels] = picture.shape;
        let is_drawing = rows == cols
            && channels == 1
            && limit::SIDE.contains(&rows)
            && picture.values.iter().all(|value| (0.0..=1.0).contains(value));
        if is_drawing { Drawing::of(rows, picture.values.clone()) } else { Drawing::default() }
    }

    /// The picture.
    pub fn picture(&self) -> Picture {
        Picture { shape: [self.side, self.side, 1], values: self.cells.clone() }
    }

    fn remember(&mut self) {
        self.past.push((self.side, self.cells.clone()));
        if self.past.len() > Drawing::REMEMBERED {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// Begins a stroke at a cell.
    pub fn press(&mut self, cell: [usize; 2]) {
        self.remember();
        self.cursor = cell;
        self.paint(cell);
    }

    /// Goes on with the stroke in a straight line to a cell.
    pub fn drag(&mut self, to: [usize; 2]) {
        let from = self.cursor;
        let steps = from[0].abs_diff(to[0]).max(from[1].abs_diff(to[1])).max(1);
        for step in 1..=steps {
            // Rounded to the nearest cell.
            let along =
                |axis: usize| (from[axis] * (steps - step) * 2 + to[axis] * step * 2 + steps) / (2 * steps);
            self.paint([along(0), along(1)]);
        }
        self.cursor = to;
    }

    /// Moves the pen without drawing; stays at the edge.
    pub fn go(&mut self, down: isize, right: isize) {
        let moved = |at: usize, by: isize| at.saturating_add_signed(by).min(self.side - 1);
        self.cursor = [moved(self.cursor[0], down), moved(self.cursor[1], right)];
    }

    /// Whether there is ink under the pen.
    pub fn has_ink(&self) -> bool {
        self.cells[self.cursor[0] * self.side + self.cursor[1]] > 0.5
    }

    fn paint(&mut self, [row, col]: [usize; 2]) {
        let value = if self.tool == Tool::Brush { 1.0 } else { 0.0 };
        // An even pen reaches one cell further down and to the right.
        let before = (self.pen - 1) / 2;
        let covered = |at: usize| at.saturating_sub(before)..(at + self.pen - before).min(self.side);
        for row in covered(row) {
            for col in covered(col) {
                self.cells[row * self.side + col] = value;
            }
        }
    }

    /// Takes all ink away.
    pub fn clear(&mut self) {
        if self.cells.iter().any(|value| *value != 0.0) {
            self.remember();
            self.cells.fill(0.0);
        }
    }

    /// Draws on at another size; what was drawn is scaled.
    pub fn resize(&mut self, side: usize) {
        let side = side.clamp(*limit::SIDE.start(), *limit::SIDE.end());
        if side != self.side {
            self.remember();
            let whole = |value: f32| f32::from((value * 255.0).round() as u8) / 255.0;
            self.cells = self.picture().fitted([side, side, 1]).into_iter().map(whole).collect();
            self.cursor = self.cursor.map(|at| (at * side / self.side).min(side - 1));
            self.side = side;
        }
    }

    /// Whether there is something to take back, and something to do again.
    pub fn history(&self) -> [bool; 2] {
        [!self.past.is_empty(), !self.future.is_empty()]
    }

    /// Takes the last stroke back.
    pub fn undo(&mut self) {
        if let Some(before) = self.past.pop() {
            let now = self.put(before);
            self.future.push(now);
        }
    }

    /// Does it again.
    pub fn redo(&mut self) {
        if let Some(after) = self.future.pop() {
            let now = self.put(after);
            self.past.push(now);
        }
    }

    /// Puts a drawing in the place of this one, which is given back.
    fn put(&mut self, (side, cells): (usize, Vec<f32>)) -> (usize, Vec<f32>) {
        self.cursor = self.cursor.map(|at| at.min(side - 1));
        (std::mem::replace(&mut self.side, side), std::mem::replace(&mut self.cells, cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Drawing {
        let mut drawing = Drawing::default();
        drawing.resize(6);
        drawing.pen = 1;
        drawing
    }

    fn inked(drawing: &Drawing) -> Vec<usize> {
        (0..drawing.cells.len()).filter(|idx| drawing.cells[*idx] > 0.5).collect()
    }

    #[test]
    fn a_stroke_has_no_gaps_and_is_taken_back_as_one() {
        let mut drawing = small();
        drawing.press([0, 0]);
        drawing.drag([3, 5]);
        let cells = inked(&drawing);
        assert_eq!(cells.len(), 6, "one cell in each column");
        for pair in cells.windows(2) {
            let [(r, c), (r2, c2)] = [pair[0], pair[1]].map(|idx| (idx / 6, idx % 6));
            assert!(r2 - r <= 1 && c2 == c + 1);
        }
        let drawn = drawing.cells.clone();
        drawing.undo();
        assert!(inked(&drawing).is_empty());
        drawing.redo();
        assert_eq!(drawing.cells, drawn);
    }

    #[test]
    fn a_wide_pen_is_cut_at_the_edge_and_an_eraser_takes_away() {
        let mut drawing = small();
        drawing.pen = 3;
        drawing.press([0, 5]);
        assert_eq!(inked(&drawing), [4, 5, 10, 11]);
        drawing.tool = Tool::Eraser;
        drawing.pen = 2;
        drawing.press([0, 4]);
        assert!(inked(&drawing).is_empty());
        assert!(!drawing.has_ink());
    }

    #[test]
    fn another_size_can_be_taken_back_and_keeps_whole_bytes() {
        let mut drawing = small();
        drawing.press([2, 2]);
        drawing.resize(100);
        assert_eq!((drawing.side, drawing.cells.len()), (64, 64 * 64));
        drawing.resize(4);
        assert!(drawing.cells.iter().all(|value| (value * 255.0).fract() == 0.0));
        drawing.undo();
        drawing.undo();
        assert_eq!((drawing.side, inked(&drawing)), (6, vec![14]));
    }

    #[test]
    fn the_pen_stays_on_the_paper_and_clearing_nothing_is_no_step() {
        let mut drawing = small();
        drawing.go(-9, 9);
        assert_eq!(drawing.cursor, [0, 5]);
        let before = drawing.history();
        drawing.clear();
        assert_eq!(drawing.history(), before);
    }

    #[test]
    fn memory_of_strokes_is_bounded() {
        let mut drawing = small();
        for _ in 0..300 {
            drawing.press([1, 1]);
        }
        assert_eq!(drawing.past.len(), Drawing::REMEMBERED);
    }

    #[test]
    fn only_a_square_of_pixels_is_drawn_on() {
        let square = Picture { shape: [5, 5, 1], values: vec![0.5; 25] };
        assert_eq!(Drawing::begin(&square).picture(), square);
        for shape in [[5, 4, 1], [5, 5, 3], [2, 2, 1]] {
            let other = Picture { shape, values: vec![0.5; shape.iter().product()] };
            assert_eq!(Drawing::begin(&other), Drawing::default());
        }
        let numbers = Picture { shape: [3, 3, 1], values: vec![7.0; 9] };
        assert_eq!(Drawing::begin(&numbers), Drawing::default());
    }
}
