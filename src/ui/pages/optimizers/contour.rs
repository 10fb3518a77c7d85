//! Lines of equal height, found on a grid: in every cell the level is crossed where its corners say so.

use super::surface::{Region, Surface};

/// Samples along x and along y.
pub const SAMPLES: [usize; 2] = [97, 73];
/// Lines of equal height.
const LEVELS: usize = 14;

/// A place in the plane.
pub type Place = [f64; 2];

/// The heights of a region, from 0 at the bottom to 1 at the highest, evenly spread by their logarithm.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    region: Region,
    /// Row by row from above, as pictures are.
    shares: Vec<f64>,
}

impl Relief {
    /// Measures a surface.
    pub fn of(surface: Surface) -> Relief {
        let region = surface.kind.region();
        let [cols, rows] = SAMPLES;
        let place = |idx: usize| at(region, (idx % cols) as f64, (idx / cols) as f64);
        let heights = (0..rows * cols).map(|idx| {
            let [x, y] = place(idx);
            f64::from(surface.value([x as f32, y as f32])).max(0.0)
        });
        let heights: Vec<f64> = heights.collect();
        let highest = heights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let unit = (highest / 50.0).min(1.0);
        let share = |height: f64| (1.0 + height / unit).ln() / (1.0 + highest / unit).ln();
        Relief { region, shares: heights.into_iter().map(share).collect() }
    }

    /// The shares for colours, row by row from above, and how many there are in a row: each is the mean of the
    /// four samples around its cell.
    pub fn cells(&self) -> (usize, Vec<f32>) {
        let [cols, rows] = SAMPLES;
        let mean = |row: usize, col: usize| {
            let corners = [(row, col), (row, col + 1), (row + 1, col), (row + 1, col + 1)];
            corners.iter().map(|(row, col)| self.shares[row * cols + col]).sum::<f64>() / 4.0
        };
        let values = (0..rows - 1).flat_map(|row| (0..cols - 1).map(move |col| (row, col)));
        (cols - 1, values.map(|(row, col)| mean(row, col) as f32).collect())
    }

    /// Pieces of the lines of equal height.
    pub fn lines(&self) -> Vec<(Place, Place)> {
        let [cols, rows] = SAMPLES;
        let mut found = Vec::new();
        for level in (1..=LEVELS).map(|level| level as f64 / (LEVELS + 1) as f64) {
            for row in 0..rows - 1 {
                for col in 0..cols - 1 {
                    self.cross(row, col, level, &mut found);
                }
            }
        }
        found
    }

    /// Where a level goes through a cell.
    fn cross(&self, row: usize, col: usize, level: f64, found: &mut Vec<(Place, Place)>) {
        let corners = [(row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col)];
        let height = |(row, col): (usize, usize)| self.shares[row * SAMPLES[0] + col];
        let mut ends = [None; 4];
        let mut count = 0;
        for idx in 0..4 {
            let (from, to) = (corners[idx], corners[(idx + 1) % 4]);
            let (low, high) = (height(from), height(to));
            if (low < level) != (high < level) {
                let share = (level - low) / (high - low);
                let mix = |a: usize, b: usize| a as f64 + (b as f64 - a as f64) * share;
                ends[count] = Some(at(self.region, mix(from.1, to.1), mix(from.0, to.0)));
                count += 1;
            }
        }
        // In a cell with four crossings either pairing is a guess; the error is less than the cell.
        for pair in ends.chunks(2) {
            if let [Some(from), Some(to)] = pair {
                found.push((*from, *to));
            }
        }
    }
}

/// The place of a sample, counted from the upper left corner.
fn at(region: Region, col: f64, row: f64) -> Place {
    let [cols, rows] = SAMPLES;
    let x = region.x.0 + (region.x.1 - region.x.0) * col / (cols - 1) as f64;
    let y = region.y.1 - (region.y.1 - region.y.0) * row / (rows - 1) as f64;
    [x, y]
}

#[cfg(test)]
mod tests {
    use super::super::surface::SurfaceKind;
    use super::*;

    #[test]
    fn lines_lie_at_equal_heights() {
        // On the bowl without a ravine they are circles.
        let surface = Surface { kind: SurfaceKind::Bowl, condition: 1.0 };
        let relief = Relief::of(surface);
        let lines = relief.lines();
        assert!(lines.len() > 500, "{}", lines.len());
        let radius = |[x, y]: Place| (x * x + y * y).sqrt();
        for (from, to) in lines {
            assert!((radius(from) - radius(to)).abs() < 0.05, "{from:?} {to:?}");
        }
    }

    #[test]
    fn colours_rise_with_the_height() {
        for kind in SurfaceKind::ALL {
            let (cols, values) = Relief::of(Surface { kind, condition: 20.0 }).cells();
            assert_eq!(values.len(), cols * (SAMPLES[1] - 1));
            assert!(values.iter().all(|value| (0.0..=1.0).contains(value)), "{kind:?}");
            assert!(values.iter().copied().fold(0.0, f32::max) > 0.9, "{kind:?}");
        }
    }
}
