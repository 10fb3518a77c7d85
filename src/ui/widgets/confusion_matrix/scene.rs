//! How each cell looks: its count, its shade, and whether it lies on the diagonal.

use super::state::{Cell, MatrixState};

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellLook {
    /// Which.
    pub cell: Cell,
    /// Its images.
    pub count: usize,
    /// Predicted right.
    pub is_right: bool,
    /// How strongly it is tinted, 0..1: right cells against the largest right one, mistakes against
    /// the most frequent mistake. The square root keeps single mistakes visible beside many.
    pub shade: f64,
}

/// The rows of the table.
pub fn matrix_scene(state: &MatrixState) -> Vec<Vec<CellLook>> {
    let largest = |is_right: bool| {
        let cells = state.cells().filter(|cell| (cell.label == cell.predicted) == is_right);
        cells.map(|cell| state.count(cell)).max().unwrap_or(0).max(1)
    };
    let (most_right, most_wrong) = (largest(true), largest(false));
    let look = |cell: Cell| {
        let count = state.count(cell);
        let is_right = cell.label == cell.predicted;
        let most = if is_right { most_right } else { most_wrong };
        CellLook { cell, count, is_right, shade: (count as f64 / most as f64).sqrt() }
    };
    let looks: Vec<CellLook> = state.cells().map(look).collect();
    looks.chunks(state.confusion.num_classes().max(1)).map(<[CellLook]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::metrics::Confusion;

    #[test]
    fn mistakes_are_shaded_among_themselves() {
        let labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        let predicted = [0, 0, 0, 0, 1, 1, 0, 0, 0, 0];
        let rows = matrix_scene(&MatrixState::new(Confusion::new(2, &labels, &predicted)));
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0][0].shade, rows[1][0].shade, rows[0][1].shade), (1.0, 1.0, 0.5));
        assert!(rows[1][1].is_right && !rows[1][0].is_right);
    }

    #[test]
    fn an_empty_matrix_has_no_shade() {
        let rows = matrix_scene(&MatrixState::new(Confusion::new(2, &[], &[])));
        assert!(rows.iter().flatten().all(|look| look.shade == 0.0));
    }
}
