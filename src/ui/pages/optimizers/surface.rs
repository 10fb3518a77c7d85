//! The surfaces: the height over two numbers, its gradient, and what makes it hard.

use crate::tensor::math::exp;

/// A formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SurfaceKind {
    /// `(x² + κ·y²)/2`: a ravine along x whose walls are κ times as steep as its floor.
    #[default]
    Bowl,
    /// Rosenbrock (1960): a bent valley.
    Rosenbrock,
    /// Beale (1958): a plateau with steep corners.
    Beale,
    /// Himmelblau (1972): four equal minima.
    Himmelblau,
    /// `x²/2 + (y² − 1)²/4`: two minima with a saddle between them.
    Saddle,
    /// A plateau that ends in a cliff.
    Cliff,
}

/// A part of the plane, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// From left to right.
    pub x: (f64, f64),
    /// From below to above.
    pub y: (f64, f64),
}

impl Region {
    /// Whether a place lies in it; what is no number does not.
    pub fn contains(self, [x, y]: [f32; 2]) -> bool {
        (self.x.0..=self.x.1).contains(&f64::from(x)) && (self.y.0..=self.y.1).contains(&f64::from(y))
    }

    /// The nearest place in it.
    pub fn nearest(self, [x, y]: [f64; 2]) -> [f64; 2] {
        [x.clamp(self.x.0, self.x.1), y.clamp(self.y.0, self.y.1)]
    }
}

/// A formula with its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// The formula.
    pub kind: SurfaceKind,
    /// κ of the bowl: its largest curvature divided by its smallest.
    pub condition: f32,
}

impl SurfaceKind {
    /// All of them.
    pub const ALL: [SurfaceKind; 6] = [
        SurfaceKind::Bowl,
        SurfaceKind::Rosenbrock,
        SurfaceKind::Beale,
        SurfaceKind::Himmelblau,
        SurfaceKind::Saddle,
        SurfaceKind::Cliff,
    ];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            SurfaceKind::Bowl => "bowl",
            SurfaceKind::Rosenbrock => "rosenbrock",
            SurfaceKind::Beale => "beale",
            SurfaceKind::Himmelblau => "himmelblau",
            SurfaceKind::Saddle => "saddle",
            SurfaceKind::Cliff => "cliff",
        }
    }

    /// Reads [`SurfaceKind::name`].
    pub fn from_name(name: &str) -> Option<SurfaceKind> {
        SurfaceKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The formula as people write it.
    pub fn formula(self) -> &'static str {
        match self {
            SurfaceKind::Bowl => "f(x, y) = (x² + κ·y²) / 2",
            SurfaceKind::Rosenbrock => "f(x, y) = (1 − x)² + 100·(y − x²)²",
            SurfaceKind::Beale => "f(x, y) = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
            SurfaceKind::Himmelblau => "f(x, y) = (x² + y − 11)² + (x + y² − 7)²",
            SurfaceKind::Saddle => "f(x, y) = x² / 2 + (y² − 1)² / 4",
            SurfaceKind::Cliff => "f(x, y) = 4 / (1 + e⁻⁸ˣ) + (x + 2)² / 100 + y² / 20",
        }
    }

    /// What is drawn of it.
    pub fn region(self) -> Region {
        let (x, y) = match self {
            SurfaceKind::Bowl => ((-4.5, 4.5), (-3.0, 3.0)),
            SurfaceKind::Rosenbrock => ((-2.0, 2.0), (-1.0, 3.0)),
            SurfaceKind::Beale => ((-4.5, 4.5), (-4.5, 4.5)),
            SurfaceKind::Himmelblau => ((-5.0, 5.0), (-5.0, 5.0)),
            SurfaceKind::Saddle => ((-2.5, 2.5), (-2.0, 2.0)),
            SurfaceKind::Cliff => ((-4.0, 4.0), (-3.0, 3.0)),
        };
        Region { x, y }
    }

    /// Where racers stand at first.
    pub fn start(self) -> [f32; 2] {
        match self {
            SurfaceKind::Bowl => [-4.0, 1.5],
            SurfaceKind::Rosenbrock => [-1.5, 2.0],
            SurfaceKind::Beale => [1.0, 1.5],
            SurfaceKind::Himmelblau => [0.0, -4.0],
            SurfaceKind::Saddle => [-2.0, 0.01],
            SurfaceKind::Cliff => [3.0, 2.0],
        }
    }

    /// Where it is lowest. That of the cliff is right to four digits.
    pub fn minima(self) -> &'static [[f64; 2]] {
        match self {
            SurfaceKind::Bowl => &[[0.0, 0.0]],
            SurfaceKind::Rosenbrock => &[[1.0, 1.0]],
            SurfaceKind::Beale => &[[3.0, 0.5]],
            SurfaceKind::Himmelblau => {
                &[[3.0, 2.0], [-2.805_118, 3.131_313], [-3.779_310, -3.283_186], [3.584_428, -1.848_127]]
            }
            SurfaceKind::Saddle => &[[0.0, -1.0], [0.0, 1.0]],
            SurfaceKind::Cliff => &[[-2.0, 0.0]],
        }
    }
}

/// How far apart the gradients are whose difference is the curvature; a power of two, so that sums are exact.
const APART: f32 = 1.0 / 64.0;

impl Surface {
    /// The height, in 32-bit floats.
    pub fn value(self, [x, y]: [f32; 2]) -> f32 {
        match self.kind {
            SurfaceKind::Bowl => 0.5 * (x * x + self.condition * y * y),
            SurfaceKind::Rosenbrock => {
                let (a, b) = (1.0 - x, y - x * x);
                a * a + 100.0 * b * b
            }
            SurfaceKind::Beale => {
                let [p, q, r] = beale(x, y);
                p * p + q * q + r * r
            }
            SurfaceKind::Himmelblau => {
                let (p, q) = (x * x + y - 11.0, x + y * y - 7.0);
                p * p + q * q
            }
            SurfaceKind::Saddle => {
                let b = y * y - 1.0;
                0.5 * x * x + 0.25 * b * b
            }
            SurfaceKind::Cliff => 4.0 * step(x) + (x + 2.0) * (x + 2.0) / 100.0 + y * y / 20.0,
        }
    }

    /// The gradient by its formula, in 32-bit floats.
    pub fn gradient(self, [x, y]: [f32; 2]) -> [f32; 2] {
        match self.kind {
            SurfaceKind::Bowl => [x, self.condition * y],
            SurfaceKind::Rosenbrock => {
                let (a, b) = (1.0 - x, y - x * x);
                [-2.0 * a - 400.0 * x * b, 200.0 * b]
            }
            SurfaceKind::Beale => {
                let [p, q, r] = beale(x, y);
                [
                    2.0 * p * (y - 1.0) + 2.0 * q * (y * y - 1.0) + 2.0 * r * (y * y * y - 1.0),
                    2.0 * p * x + 4.0 * q * x * y + 6.0 * r * x * y * y,
                ]
            }
            SurfaceKind::Himmelblau => {
                let (p, q) = (x * x + y - 11.0, x + y * y - 7.0);
                [4.0 * x * p + 2.0 * q, 2.0 * p + 4.0 * y * q]
            }
            SurfaceKind::Saddle => [x, y * (y * y - 1.0)],
            SurfaceKind::Cliff => {
                let s = step(x);
                [32.0 * s * (1.0 - s) + (x + 2.0) / 50.0, y / 10.0]
            }
        }
    }

    /// The largest curvature at a place: the larger eigenvalue of the matrix of second derivatives, from
    /// differences of the gradient.
    pub fn curvature(self, [x, y]: [f32; 2]) -> f64 {
        let slope = |high: [f32; 2], low: [f32; 2], apart: f32| {
            let (high, low) = (self.gradient(high), self.gradient(low));
            [0, 1].map(|axis| f64::from(high[axis] - low[axis]) / f64::from(apart))
        };
        let (right, left) = (x + APART, x - APART);
        let (up, down) = (y + APART, y - APART);
        let [a, b] = slope([right, y], [left, y], right - left);
        let [c, d] = slope([x, up], [x, down], up - down);
        let (mean, half, mixed) = (f64::midpoint(a, d), (a - d) / 2.0, f64::midpoint(b, c));
        mean + (half * half + mixed * mixed).sqrt()
    }

    /// How far the nearest minimum is.
    pub fn distance(self, [x, y]: [f32; 2]) -> f64 {
        let (x, y) = (f64::from(x), f64::from(y));
        let far = |[to_x, to_y]: &[f64; 2]| ((x - to_x) * (x - to_x) + (y - to_y) * (y - to_y)).sqrt();
        let all = self.kind.minima().iter().map(far);
        // Not `f64::min`, which would pass over what is no number.
        all.reduce(|a, b| if b < a { b } else { a }).unwrap_or(f64::NAN)
    }
}

fn beale(x: f32, y: f32) -> [f32; 3] {
    [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y]
}

/// The cliff: from 0 to 1.
fn step(x: f32) -> f32 {
    1.0 / (1.0 + exp(-8.0 * x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surfaces() -> [Surface; 6] {
        SurfaceKind::ALL.map(|kind| Surface { kind, condition: 20.0 })
    }

    #[test]
    fn gradients_are_the_slopes_of_the_heights() {
        for surface in surfaces() {
            for place in [[0.3f32, -0.7], [-1.2, 0.4], [1.1, 1.3]] {
                let gradient = surface.gradient(place);
                for axis in 0..2 {
                    let mut ends = [place, place];
                    ends[0][axis] -= 1e-2;
                    ends[1][axis] += 1e-2;
                    let [low, high] = ends.map(|end| f64::from(surface.value(end)));
                    let slope = (high - low) / f64::from(ends[1][axis] - ends[0][axis]);
                    let off = (slope - f64::from(gradient[axis])).abs();
                    assert!(off < 1e-2 * slope.abs().max(1.0), "{surface:?} {place:?} {slope} {gradient:?}");
                }
            }
        }
    }

    #[test]
    fn minima_are_level_and_lowest() {
        for surface in surfaces() {
            for [x, y] in surface.kind.minima() {
                let place = [*x as f32, *y as f32];
                assert!(surface.kind.region().contains(place));
                assert!(surface.gradient(place).iter().all(|slope| slope.abs() < 1e-3), "{surface:?}");
                assert!(surface.value(place) < 1e-6 && surface.curvature(place) > 0.0, "{surface:?}");
                assert!(surface.distance(place) < 1e-6);
            }
            assert!(surface.kind.region().contains(surface.kind.start()));
            assert!(surface.distance([f32::NAN, 0.0]).is_nan());
        }
    }

    #[test]
    fn the_bowls_curvature_is_its_condition() {
        let bowl = Surface { kind: SurfaceKind::Bowl, condition: 20.0 };
        assert!((bowl.curvature([-4.0, 1.5]) - 20.0).abs() < 1e-3);
        let saddle = Surface { kind: SurfaceKind::Saddle, condition: 1.0 };
        assert!((saddle.curvature([0.0, 0.0]) - 1.0).abs() < 1e-3, "the other one is −1");
    }

    #[test]
    fn names_are_found() {
        for kind in SurfaceKind::ALL {
            assert_eq!(SurfaceKind::from_name(kind.name()), Some(kind));
        }
    }
}
