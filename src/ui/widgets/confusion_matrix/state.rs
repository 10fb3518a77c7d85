//! Which cells can be opened, and where the arrow keys lead.

use crate::engine::metrics::Confusion;

/// A cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The true class: the row.
    pub label: usize,
    /// The predicted class: the column.
    pub predicted: usize,
}

/// What a cell says of its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatrixMode {
    /// How many they are.
    #[default]
    Counts,
    /// Their share of the true class.
    Rows,
    /// Their share of what was predicted so.
    Columns,
}

impl MatrixMode {
    /// Every mode, in the order they are offered.
    pub const ALL: [MatrixMode; 3] = [MatrixMode::Counts, MatrixMode::Rows, MatrixMode::Columns];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            MatrixMode::Counts => "counts",
            MatrixMode::Rows => "rows",
            MatrixMode::Columns => "columns",
        }
    }

    /// The mode of a name.
    pub fn from_name(name: &str) -> Option<MatrixMode> {
        MatrixMode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// Where to go from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// A column to the left.
    Left,
    /// A column to the right.
    Right,
    /// To the row's first cell.
    RowStart,
    /// To the row's last cell.
    RowEnd,
}

impl Direction {
    /// The direction of a key.
    pub fn from_key(key: &str) -> Option<Direction> {
        Some(match key {
            "ArrowUp" => Direction::Up,
            "ArrowDown" => Direction::Down,
            "ArrowLeft" => Direction::Left,
            "ArrowRight" => Direction::Right,
            "Home" => Direction::RowStart,
            "End" => Direction::RowEnd,
            _ => return None,
        })
    }
}

/// The counts, and the one cell that the Tab key reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixState {
    /// The counts.
    pub confusion: Confusion,
    /// The cell in the tab order; `None` without images.
    pub reached: Option<Cell>,
}

impl MatrixState {
    /// A matrix whose most frequent mistake, or else its first cell with images, can be reached.
    pub fn new(confusion: Confusion) -> MatrixState {
        let mut state = MatrixState { confusion, reached: None };
        let mistakes = state.cells().filter(|cell| cell.label != cell.predicted && state.opens(*cell));
        // Of equal counts the first one in reading order.
        let worst =
            mistakes.reduce(|best, cell| if state.count(cell) > state.count(best) { cell } else { best });
        state.reached = worst.or_else(|| state.cells().find(|cell| state.opens(*cell)));
        state
    }

    /// Every cell in reading order.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let classes = self.confusion.num_classes();
        (0..classes * classes).map(move |idx| Cell { label: idx / classes, predicted: idx % classes })
    }

    /// Images in a cell.
    pub fn count(&self, cell: Cell) -> usize {
        self.confusion.count(cell.label, cell.predicted)
    }

    /// What the cell says: a count, or a share 0..1.
    pub fn value(&self, cell: Cell, mode: MatrixMode) -> f64 {
        match mode {
            MatrixMode::Counts => self.count(cell) as f64,
            MatrixMode::Rows => self.confusion.share_of_label(cell.label, cell.predicted),
            MatrixMode::Columns => self.confusion.share_of_predicted(cell.label, cell.predicted),
        }
    }

    /// Whether there are images behind the cell.
    pub fn opens(&self, cell: Cell) -> bool {
        self.count(cell) > 0
    }

    fn first_open(&self, mut cells: impl Iterator<Item = Cell>) -> Option<Cell> {
        cells.find(|cell| self.opens(*cell))
    }

    /// The next cell with images in that direction; the cell itself if there is none.
    pub fn next(&self, from: Cell, direction: Direction) -> Cell {
        let last = self.confusion.num_classes() - 1;
        let Cell { label, predicted } = from;
        let row = |predicted| Cell { label, predicted };
        let column = |label| Cell { label, predicted };
        let next = match direction {
            Direction::Up => self.first_open((0..label).rev().map(column)),
            Direction::Down => self.first_open((label + 1..=last).map(column)),
            Direction::Left => self.first_open((0..predicted).rev().map(row)),
            Direction::Right => self.first_open((predicted + 1..=last).map(row)),
            Direction::RowStart => self.first_open((0..=last).map(row)),
            Direction::RowEnd => self.first_open((0..=last).rev().map(row)),
        };
        next.unwrap_or(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(label: usize, predicted: usize) -> Cell {
        Cell { label, predicted }
    }

    /// ```text
    /// 1 0 2
    /// 0 1 0
    /// 1 0 1
    /// ```
    fn state() -> MatrixState {
        MatrixState::new(Confusion::new(3, &[0, 0, 0, 1, 2, 2], &[0, 2, 2, 1, 0, 2]))
    }

    #[test]
    fn the_worst_mistake_is_reached_first() {
        assert_eq!(state().reached, Some(cell(0, 2)));
        let faultless = MatrixState::new(Confusion::new(2, &[1, 1], &[1, 1]));
        assert_eq!(faultless.reached, Some(cell(1, 1)));
        assert_eq!(MatrixState::new(Confusion::new(2, &[], &[])).reached, None);
    }

    #[test]
    fn shares_are_of_the_row_or_of_the_column() {
        let values = |mode| [cell(0, 0), cell(0, 2), cell(1, 0)].map(|cell| state().value(cell, mode));
        assert_eq!(values(MatrixMode::Counts), [1.0, 2.0, 0.0]);
        assert_eq!(values(MatrixMode::Rows), [1.0 / 3.0, 2.0 / 3.0, 0.0]);
        assert_eq!(values(MatrixMode::Columns), [0.5, 2.0 / 3.0, 0.0]);
        for mode in MatrixMode::ALL {
            assert_eq!(MatrixMode::from_name(mode.name()), Some(mode));
        }
    }

    #[test]
    fn arrows_skip_cells_without_images_and_stop_at_the_edge() {
        let state = state();
        assert_eq!(state.next(cell(0, 0), Direction::Right), cell(0, 2));
        assert_eq!(state.next(cell(0, 2), Direction::Down), cell(2, 2));
        assert_eq!(state.next(cell(2, 2), Direction::RowStart), cell(2, 0));
        assert_eq!(state.next(cell(1, 1), Direction::Up), cell(1, 1));
        assert_eq!(state.next(cell(2, 0), Direction::RowEnd), cell(2, 2));
    }
}
