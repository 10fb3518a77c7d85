//! Copies of operands in the order in which the tiles read them.
//!
//! A panel holds `W` columns of a block: `panel[p][lane]`. Panels follow each other; the last one
//! is filled up with zeros, whose products land in cells that are thrown away.

use super::Span;

/// Packs columns `js` of rows `ps` of a matrix stored by rows of `stride` values.
pub(super) fn rows<const W: usize>(
    matrix: &[f32],
    stride: usize,
    ps: Span,
    js: Span,
    panels: &mut Vec<[f32; W]>,
) {
    panels.clear();
    for j in js.clone().step_by(W) {
        let width = W.min(js.end - j);
        let rows = ps.clone().map(|p| &matrix[p * stride + j..][..width]);
        if width == W {
            panels.extend(rows.map(|row| <[f32; W]>::try_from(row).unwrap_or([0.0; W])));
        } else {
            panels.extend(rows.map(|row| std::array::from_fn(|lane| row.get(lane).copied().unwrap_or(0.0))));
        }
    }
}

/// Packs rows `js`, steps `ps`, of a matrix stored by rows of `stride` values: the transpose of
/// what [`rows`] reads.
pub(super) fn columns<const W: usize>(
    matrix: &[f32],
    stride: usize,
    ps: Span,
    js: Span,
    panels: &mut Vec<[f32; W]>,
) {
    panels.clear();
    panels.resize(js.len().div_ceil(W) * ps.len(), [0.0; W]);
    for (panel, j) in panels.chunks_exact_mut(ps.len()).zip(js.clone().step_by(W)) {
        for lane in 0..W.min(js.end - j) {
            let row = &matrix[(j + lane) * stride..][ps.clone()];
            for (cell, value) in panel.iter_mut().zip(row) {
                cell[lane] = *value;
            }
        }
    }
}
