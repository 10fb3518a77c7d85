//! Rows of numbers, their form in an address and as CSV.

use std::fmt::Write as _;

/// A map with at least one cell, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberGrid {
    /// Rows, at least 1.
    pub rows: usize,
    /// Columns, at least 1.
    pub cols: usize,
    /// The numbers, row by row.
    pub values: Vec<f32>,
}

impl NumberGrid {
    /// Rows and columns of a map that can be edited, at most.
    pub const MAX_SIDE: usize = 8;
    /// Numbers lie within ± this.
    pub const LIMIT: f32 = 999.0;

    /// A map of `cols` to a row.
    ///
    /// # Panics
    /// If the values do not fill whole rows.
    pub fn new(cols: usize, values: Vec<f32>) -> NumberGrid {
        assert!(cols > 0 && !values.is_empty() && values.len().is_multiple_of(cols), "whole rows");
        NumberGrid { rows: values.len() / cols, cols, values }
    }

    /// Reads `1,2~3,4`; nothing unless all is within the limits.
    pub fn from_text(text: &str) -> Option<NumberGrid> {
        let number = |text: &str| {
            text.parse().ok().filter(|value: &f32| value.is_finite() && value.abs() <= NumberGrid::LIMIT)
        };
        let row = |text: &str| text.split(',').map(number).collect::<Option<Vec<f32>>>();
        // So that a mistyped address costs nothing.
        if text.len() > 1000 {
            return None;
        }
        let rows: Vec<Vec<f32>> = text.split('~').map(row).collect::<Option<_>>()?;
        let cols = rows[0].len();
        let fits = |len: usize| (1..=NumberGrid::MAX_SIDE).contains(&len);
        let is_whole = fits(rows.len()) && fits(cols) && rows.iter().all(|row| row.len() == cols);
        is_whole.then(|| NumberGrid::new(cols, rows.concat()))
    }

    /// The form that [`NumberGrid::from_text`] reads.
    pub fn to_text(&self) -> String {
        let row = |row: &[f32]| row.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
        self.values.chunks(self.cols).map(row).collect::<Vec<_>>().join("~")
    }

    /// The number in a cell.
    pub fn at(&self, row: usize, col: usize) -> f32 {
        self.values[row * self.cols + col]
    }

    /// The same numbers in another size; new cells hold 0.
    #[must_use]
    pub fn resized(&self, rows: usize, cols: usize) -> NumberGrid {
        let value = |row: usize, col: usize| {
            if row < self.rows && col < self.cols { self.at(row, col) } else { 0.0 }
        };
        let values = (0..rows * cols).map(|idx| value(idx / cols, idx % cols)).collect();
        NumberGrid::new(cols, values)
    }

    /// The greatest number regardless of sign, 1 where all are zero.
    pub fn scale(&self) -> f32 {
        scale_of(&self.values)
    }

    /// Whether there is a number below zero.
    pub fn has_negative(&self) -> bool {
        self.values.iter().any(|value| *value < 0.0)
    }

    /// The rows as nested lists of Python.
    pub fn to_python(&self) -> String {
        let mut out = String::from("[");
        for (idx, row) in self.values.chunks(self.cols).enumerate() {
            let numbers: Vec<String> = row.iter().map(f32::to_string).collect();
            let comma = if idx + 1 < self.rows { ",\n    " } else { "" };
            // Writing to a String cannot fail.
            let _ = write!(out, "[{}]{comma}", numbers.join(", "));
        }
        out.push(']');
        out
    }
}

/// The greatest of some numbers regardless of sign, 1 where all are zero.
pub fn scale_of(values: &[f32]) -> f32 {
    let greatest = values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    if greatest > 0.0 { greatest } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_survives_the_address() {
        let grid = NumberGrid::new(3, vec![1.0, -2.5, 0.0, 12.0, 0.125, 999.0]);
        assert_eq!(grid.to_text(), "1,-2.5,0~12,0.125,999");
        assert_eq!(NumberGrid::from_text(&grid.to_text()), Some(grid));
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        let wide = ["1"; 9].join(",");
        for text in ["", "1,2~3", "1,x", "1000", "NaN", "inf", "1~~2", &wide, &"1,".repeat(600)] {
            assert_eq!(NumberGrid::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn another_size_keeps_what_fits() {
        let grid = NumberGrid::new(2, vec![1.0, 2.0, 3.0, 4.0]);
        assert_eq!(grid.resized(3, 1).values, [1.0, 3.0, 0.0]);
        assert_eq!(grid.resized(1, 3).values, [1.0, 2.0, 0.0]);
        assert_eq!(grid.to_python(), "[[1, 2],\n    [3, 4]]");
    }
}
