//! Ready-made kernels at any size.

use super::limit;

/// A ready-made kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The pixel itself.
    Identity,
    /// The mean of the window.
    BoxBlur,
    /// The mean weighted by binomial coefficients, which approach the bell curve.
    Gaussian,
    /// Twice the pixel less its Gaussian mean.
    Sharpen,
    /// A smoothed difference along a row: answers to vertical edges.
    SobelVertical,
    /// The same along a column.
    SobelHorizontal,
    /// Sobel's difference with Scharr's smoothing 3, 10, 3, which depends less on the edge's angle.
    ScharrVertical,
    /// The same along a column.
    ScharrHorizontal,
    /// All neighbours less as many times the pixel.
    Laplacian,
    /// Light from the upper left.
    Emboss,
    /// A wave under a bell curve: answers to slanted stripes.
    Gabor,
    /// A stroke from left to right.
    StrokeHorizontal,
    /// A stroke from top to bottom.
    StrokeVertical,
    /// A stroke like a slash.
    StrokeRising,
    /// A stroke like a backslash.
    StrokeFalling,
}

/// The coefficients of `(1 + x)^(len − 1)`.
fn binomial(len: usize) -> Vec<f32> {
    let mut row = vec![1.0f32];
    for _ in 1..len {
        row = convolved(&row, &[1.0, 1.0]);
    }
    row
}

fn convolved(a: &[f32], b: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            out[i + j] += x * y;
        }
    }
    out
}

/// A smoothed difference; a single cell has nothing to differ from.
fn difference(len: usize) -> Vec<f32> {
    match len {
        1 => vec![0.0],
        2 => vec![-1.0, 1.0],
        _ => convolved(&binomial(len - 2), &[-1.0, 0.0, 1.0]),
    }
}

fn scharr(len: usize) -> Vec<f32> {
    if len < 3 { binomial(len) } else { convolved(&binomial(len - 2), &[3.0, 10.0, 3.0]) }
}

fn outer(down: &[f32], across: &[f32]) -> Vec<f32> {
    down.iter().flat_map(|a| across.iter().map(move |b| a * b)).collect()
}

/// Halves the weights until none is larger than one that may be written, so that the filter can be edited on.
fn bounded(mut weights: Vec<f32>) -> Vec<f32> {
    while weights.iter().any(|weight| weight.abs() > limit::VALUE) {
        for weight in &mut weights {
            *weight /= 2.0;
        }
    }
    weights
}

/// Three digits after the point, so that the numbers in the cells are the numbers in use.
fn rounded(value: f64) -> f32 {
    ((value * 1000.0).round() / 1000.0) as f32
}

impl Preset {
    /// Every preset, in menu order.
    pub const ALL: [Preset; 15] = [
        Preset::Identity,
        Preset::BoxBlur,
        Preset::Gaussian,
        Preset::Sharpen,
        Preset::SobelVertical,
        Preset::SobelHorizontal,
        Preset::ScharrVertical,
        Preset::ScharrHorizontal,
        Preset::Laplacian,
        Preset::Emboss,
        Preset::Gabor,
        Preset::StrokeHorizontal,
        Preset::StrokeVertical,
        Preset::StrokeRising,
        Preset::StrokeFalling,
    ];

    /// What a new filter begins with: neighbours differ.
    pub fn of_filter(idx: usize) -> Preset {
        const FIRST: [Preset; 8] = [
            Preset::SobelVertical,
            Preset::SobelHorizontal,
            Preset::StrokeRising,
            Preset::StrokeFalling,
            Preset::Gaussian,
            Preset::Laplacian,
            Preset::Gabor,
            Preset::Emboss,
        ];
        FIRST[idx % FIRST.len()]
    }

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Identity => "identity",
            Preset::BoxBlur => "blur",
            Preset::Gaussian => "gaussian",
            Preset::Sharpen => "sharpen",
            Preset::SobelVertical => "vertical",
            Preset::SobelHorizontal => "horizontal",
            Preset::ScharrVertical => "scharr_vertical",
            Preset::ScharrHorizontal => "scharr_horizontal",
            Preset::Laplacian => "laplacian",
            Preset::Emboss => "emboss",
            Preset::Gabor => "gabor",
            Preset::StrokeHorizontal => "stroke_horizontal",
            Preset::StrokeVertical => "stroke_vertical",
            Preset::StrokeRising => "stroke_rising",
            Preset::StrokeFalling => "stroke_falling",
        }
    }

    /// The preset of that name.
    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The weights, row by row.
    pub fn weights(self, [rows, cols]: [usize; 2]) -> Vec<f32> {
        let cells = rows * cols;
        let (mid_row, mid_col) = ((rows - 1) / 2, (cols - 1) / 2);
        let middle = mid_row * cols + mid_col;
        let place = move |idx: usize| (idx / cols, idx % cols);
        let gaussian = || {
            let weights = outer(&binomial(rows), &binomial(cols));
            let sum: f32 = weights.iter().sum();
            weights.into_iter().map(move |weight| weight / sum)
        };
        match self {
            Preset::Identity => (0..cells).map(|idx| f32::from(u8::from(idx == middle))).collect(),
            Preset::BoxBlur => vec![1.0 / cells as f32; cells],
            Preset::Gaussian => gaussian().collect(),
            Preset::Sharpen => {
                let mut weights: Vec<f32> = gaussian().map(|weight| -weight).collect();
                weights[middle] += 2.0;
                weights
            }
            Preset::SobelVertical => bounded(outer(&binomial(rows), &difference(cols))),
            Preset::SobelHorizontal => bounded(outer(&difference(rows), &binomial(cols))),
            Preset::ScharrVertical => bounded(outer(&scharr(rows), &difference(cols))),
            Preset::ScharrHorizontal => bounded(outer(&difference(rows), &scharr(cols))),
            Preset::Laplacian => {
                let mut weights = vec![1.0; cells];
                weights[middle] = 1.0 - cells as f32;
                weights
            }
            Preset::Emboss => {
                let weight = |idx| {
                    let (row, col) = place(idx);
                    if idx == middle { 1.0 } else { (row + col) as f32 - (mid_row + mid_col) as f32 }
                };
                (0..cells).map(weight).collect()
            }
            Preset::Gabor => (0..cells).map(|idx| gabor(place(idx), [rows, cols])).collect(),
            Preset::StrokeHorizontal => stroke(cells, |idx| place(idx).0 == mid_row),
            Preset::StrokeVertical => stroke(cells, |idx| place(idx).1 == mid_col),
            Preset::StrokeRising => {
                stroke(cells, |idx| is_diagonal(place(idx), [rows, cols], |col| cols - 1 - col))
            }
            Preset::StrokeFalling => stroke(cells, |idx| is_diagonal(place(idx), [rows, cols], |col| col)),
        }
    }
}

/// Whether the straight line from corner to corner passes here.
fn is_diagonal((row, col): (usize, usize), [rows, cols]: [usize; 2], turn: impl Fn(usize) -> usize) -> bool {
    let col = turn(col);
    if rows >= cols {
        (row * (cols - 1) * 2 + (rows - 1)) / (2 * (rows - 1).max(1)) == col
    } else {
        (col * (rows - 1) * 2 + (cols - 1)) / (2 * (cols - 1).max(1)) == row
    }
}

/// 1 on the stroke and, off it, as much less than 0 as makes the sum 0: an even area gives nothing.
fn stroke(cells: usize, is_on: impl Fn(usize) -> bool) -> Vec<f32> {
    let on = (0..cells).filter(|idx| is_on(*idx)).count();
    let off = -rounded(on as f64 / (cells - on).max(1) as f64);
    (0..cells).map(|idx| if is_on(idx) { 1.0 } else { off }).collect()
}

/// `cos(2π·t/λ)·exp(−r²/2σ²)` along the diagonal, one wave to the window.
fn gabor((row, col): (usize, usize), [rows, cols]: [usize; 2]) -> f32 {
    let reach = rows.max(cols) as f64;
    let down = row as f64 - (rows - 1) as f64 / 2.0;
    let across = col as f64 - (cols - 1) as f64 / 2.0;
    let along = (down + across) * std::f64::consts::FRAC_1_SQRT_2;
    let wave = libm::cos(2.0 * std::f64::consts::PI * along / (reach * 0.7));
    let sigma = reach * 0.28;
    rounded(wave * libm::exp(-(down * down + across * across) / (2.0 * sigma * sigma)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(preset: Preset, size: [usize; 2]) -> f32 {
        preset.weights(size).iter().sum()
    }

    #[test]
    fn presets_have_the_sums_that_make_them_what_they_are_at_every_size() {
        for rows in 1..=11 {
            for cols in 1..=11 {
                let size = [rows, cols];
                for preset in Preset::ALL {
                    let weights = preset.weights(size);
                    assert_eq!(weights.len(), rows * cols);
                    let may_be_written = |weight: &f32| weight.abs() <= limit::VALUE;
                    assert!(weights.iter().all(may_be_written), "{preset:?} {size:?}");
                }
                for preset in [Preset::Identity, Preset::BoxBlur, Preset::Gaussian, Preset::Sharpen] {
                    assert!((sum(preset, size) - 1.0).abs() < 1e-5, "{preset:?} {size:?}");
                }
                for preset in [Preset::SobelVertical, Preset::ScharrHorizontal, Preset::Laplacian] {
                    assert_eq!(sum(preset, size), 0.0, "{preset:?} {size:?}");
                }
            }
        }
    }

    #[test]
    fn the_known_kernels_are_the_known_ones() {
        assert_eq!(Preset::SobelVertical.weights([3, 3]), [-1., 0., 1., -2., 0., 2., -1., 0., 1.]);
        assert_eq!(Preset::ScharrHorizontal.weights([3, 3]), [-3., -10., -3., 0., 0., 0., 3., 10., 3.]);
        assert_eq!(Preset::Laplacian.weights([3, 3]), [1., 1., 1., 1., -8., 1., 1., 1., 1.]);
        assert_eq!(Preset::Emboss.weights([3, 3]), [-2., -1., 0., -1., 1., 1., 0., 1., 2.]);
        assert_eq!(Preset::SobelVertical.weights([5, 5])[..5], [-1., -2., 0., 2., 1.]);
        assert_eq!(Preset::StrokeFalling.weights([3, 3]), [1., -0.5, -0.5, -0.5, 1., -0.5, -0.5, -0.5, 1.]);
        assert_eq!(Preset::StrokeRising.weights([2, 2]), [-1., 1., 1., -1.]);
    }

    #[test]
    fn presets_are_found_by_name() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_name(preset.name()), Some(preset));
        }
    }
}
