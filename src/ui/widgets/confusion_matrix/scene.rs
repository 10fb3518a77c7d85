//! How each cell looks: its count or share, its shade, and whether it lies on the diagonal.

use super::state::{Cell, MatrixMode, MatrixState};

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellLook {
    /// Which.
    pub cell: Cell,
    /// Its images.
    pub count: usize,
    /// What it says: the count, or a share 0..1.
    pub value: f64,
    /// Predicted right.
    pub is_right: bool,
    /// How strongly it is tinted, 0..1: right cells against the largest right one, mistakes against
    /// the largest mistake. The square root keeps single mistakes visible beside many.
    pub shade: f64,
}

/// The rows of the table.
pub fn matrix_scene(state: &MatrixState, mode: MatrixMode) -> Vec<Vec<CellLook>> {
    let largest = |is_right: bool| {
        let cells = state.cells().filter(|cell| (cell.label == cell.predicted) == is_right);
        cells.map(|cell| state.value(cell, mode)).fold(0.0, f64::max)
    };
    let (most_right, most_wrong) = (largest(true), largest(false));
    let look = |cell: Cell| {
        let (count, value) = (state.count(cell), state.value(cell, mode));
        let is_right = cell.label == cell.predicted;
        let most = if is_right { most_right } else { most_wrong };
        let shade = if most > 0.0 { (value / most).sqrt() } else { 0.0 };
        CellLook { cell, count, value, is_right, shade }
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
        let rows =
            matrix_scene(&MatrixState::new(Confusion::new(2, &labels, &predicted)), MatrixMode::Counts);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0][0].shade, rows[1][0].shade, rows[0][1].shade), (1.0, 1.0, 0.5));
        assert!(rows[1][1].is_right && !rows[1][0].is_right);
    }

    #[test]
    fn a_class_with_few_images_is_seen_by_its_shares() {
        let state = MatrixState::new(Confusion::new(2, &[0, 0, 0, 0, 1], &[0, 0, 0, 1, 0]));
        let rows = matrix_scene(&state, MatrixMode::Rows);
        assert_eq!((rows[0][1].value, rows[0][1].shade), (0.25, 0.5));
        assert_eq!((rows[1][0].value, rows[1][0].shade), (1.0, 1.0));
    }

    #[test]
    fn an_empty_matrix_has_no_shade() {
        let rows = matrix_scene(&MatrixState::new(Confusion::new(2, &[], &[])), MatrixMode::Rows);
        assert!(rows.iter().flatten().all(|look| look.shade == 0.0));
    }
}
