//! Points of the plane with their classes: ready-made clouds, and the reader's own.

use crate::tensor::math;
use crate::tensor::rng::{Purpose, Rng};

/// A point and what should come out for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The inputs.
    pub x: [f32; 2],
    /// The target of one output; for several the number of the output that should be 1.
    pub target: f32,
}

impl Sample {
    /// The number of its class.
    pub fn class(self) -> usize {
        self.target.round().max(0.0) as usize
    }
}

/// Which points.
#[derive(Clone, Debug, PartialEq)]
pub enum Points {
    /// A cloud for each class.
    Blobs,
    /// The truth table of AND.
    And,
    /// The truth table of OR.
    Or,
    /// The truth table of XOR.
    Xor,
    /// A ring around a cloud.
    Circles,
    /// Two half moons that reach into each other.
    Moons,
    /// Two arms of a spiral.
    Spiral,
    /// The reader's own.
    Own(Vec<Sample>),
}

/// Points of each class in the clouds.
const EACH: usize = 24;
/// How far points lie from the curve they are on.
const NOISE: f32 = 0.08;

impl Points {
    /// Inputs reach this far to both sides of 0.
    pub const REACH: f32 = 2.0;
    /// The most points.
    pub const MOST: usize = 120;

    /// Those that are offered by name.
    pub const OFFERED: [Points; 7] =
        [Points::Blobs, Points::And, Points::Or, Points::Xor, Points::Circles, Points::Moons, Points::Spiral];

    /// A name for lists.
    pub fn name(&self) -> &'static str {
        match self {
            Points::Blobs => "blobs",
            Points::And => "and",
            Points::Or => "or",
            Points::Xor => "xor",
            Points::Circles => "circles",
            Points::Moons => "moons",
            Points::Spiral => "spiral",
            Points::Own(_) => "own",
        }
    }

    /// The form in the address: a name, or `x,y,class~…` in hundredths.
    pub fn to_text(&self) -> String {
        let Points::Own(samples) = self else { return self.name().to_owned() };
        let hundredths = |value: f32| (value * 100.0).round() as i32;
        let text = |sample: &Sample| {
            let [x, y] = sample.x.map(hundredths);
            format!("{x},{y},{}", sample.class())
        };
        // No points are points of one's own as well.
        if samples.is_empty() {
            "none".to_owned()
        } else {
            samples.iter().map(text).collect::<Vec<_>>().join("~")
        }
    }

    /// Reads [`Points::to_text`].
    pub fn from_text(text: &str) -> Option<Points> {
        if let Some(offered) = Points::OFFERED.into_iter().find(|points| points.name() == text) {
            return Some(offered);
        }
        if text == "none" {
            return Some(Points::Own(Vec::new()));
        }
        let sample = |text: &str| {
            let parts: Option<Vec<i32>> = text.split(',').map(|part| part.parse().ok()).collect();
            let [x, y, class] = parts?[..] else { return None };
            let reach = (Points::REACH * 100.0) as i32;
            let is_inside = x.abs() <= reach && y.abs() <= reach && (0..8).contains(&class);
            is_inside.then(|| Sample { x: [x, y].map(|part| part as f32 / 100.0), target: class as f32 })
        };
        let samples: Option<Vec<Sample>> = text.split('~').map(sample).collect();
        samples.filter(|samples| samples.len() <= Points::MOST).map(Points::Own)
    }

    /// The points; clouds differ with the seed, and there are as many as classes.
    pub fn samples(&self, seed: u64, classes: usize) -> Vec<Sample> {
        let mut rng = Rng::new(seed, Purpose::Shuffle, 0, 0);
        match self {
            Points::And => table(|a, b| a && b),
            Points::Or => table(|a, b| a || b),
            Points::Xor => table(|a, b| a != b),
            Points::Own(samples) => samples.clone(),
            Points::Blobs => cloud(classes.max(2), &mut rng, |class, _, rng| {
                let turn = std::f32::consts::TAU * (class as f32 / classes.max(2) as f32 + 0.625);
                [math::cos(turn) + normal(rng, 0.35), math::sin(turn) + normal(rng, 0.35)]
            }),
            Points::Circles => cloud(2, &mut rng, |class, share, rng| {
                let radius = if class == 0 { 1.4 } else { 0.5 } + normal(rng, NOISE);
                let turn = std::f32::consts::TAU * share;
                [radius * math::cos(turn), radius * math::sin(turn)]
            }),
            Points::Moons => cloud(2, &mut rng, |class, share, rng| {
                let turn = std::f32::consts::PI * share;
                let (x, y) = (math::cos(turn), math::sin(turn));
                let [x, y] = if class == 0 { [x - 0.5, y - 0.2] } else { [0.5 - x, 0.2 - y] };
                [x + normal(rng, NOISE), y + normal(rng, NOISE)]
            }),
            Points::Spiral => cloud(2, &mut rng, |class, share, rng| {
                let turn = std::f32::consts::TAU * (share * 1.25 + class as f32 / 2.0);
                let radius = 0.2 + 1.5 * share;
                [
                    radius * math::cos(turn) + normal(rng, NOISE / 2.0),
                    radius * math::sin(turn) + normal(rng, NOISE / 2.0),
                ]
            }),
        }
    }
}

/// Four corners with the values of a function of two truths.
fn table(of: fn(bool, bool) -> bool) -> Vec<Sample> {
    let corners = [(false, false), (false, true), (true, false), (true, true)];
    let number = |truth: bool| f32::from(u8::from(truth));
    corners.map(|(a, b)| Sample { x: [number(a), number(b)], target: number(of(a, b)) }).to_vec()
}

/// So many points of each class, classes in turns; `place` hears the class and how far along it is, 0..1.
fn cloud(classes: usize, rng: &mut Rng, place: impl Fn(usize, f32, &mut Rng) -> [f32; 2]) -> Vec<Sample> {
    let each = EACH.min(Points::MOST / classes);
    let mut samples = Vec::with_capacity(classes * each);
    for idx in 0..each {
        for class in 0..classes {
            let x = place(class, (idx as f32 + 0.5) / each as f32, rng);
            // Hundredths, as in a link.
            let x = x.map(|x| (x.clamp(-Points::REACH, Points::REACH) * 100.0).round() / 100.0);
            samples.push(Sample { x, target: class as f32 });
        }
    }
    samples
}

/// Nearly normal: the sum of four even draws.
fn normal(rng: &mut Rng, deviation: f32) -> f32 {
    let sum: f32 = (0..4).map(|_| rng.uniform(-1.0, 1.0)).sum();
    sum * 0.866 * deviation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_survive_a_link_and_others_are_refused() {
        for points in Points::OFFERED {
            assert_eq!(Points::from_text(&points.to_text()), Some(points.clone()));
            let own = Points::Own(points.samples(3, 2));
            assert_eq!(Points::from_text(&own.to_text()), Some(own));
        }
        assert_eq!(Points::from_text("none"), Some(Points::Own(vec![])));
        for text in ["", "1,2", "1,2,9", "201,0,0", "a,b,c", "1,2,3,4"] {
            assert_eq!(Points::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn clouds_follow_their_seed_and_have_every_class_alike() {
        for points in Points::OFFERED {
            let samples = points.samples(1, 2);
            assert_eq!(samples, points.samples(1, 2));
            let ones = samples.iter().filter(|sample| sample.class() == 1).count();
            if samples.len() > 4 {
                assert_eq!(ones * 2, samples.len(), "{points:?}");
                assert_ne!(samples, points.samples(2, 2), "{points:?}");
            }
            assert!(samples.len() <= Points::MOST);
        }
        assert_eq!(Points::Blobs.samples(1, 8).iter().map(|sample| sample.class()).max(), Some(7));
        let xor: Vec<f32> = Points::Xor.samples(0, 2).iter().map(|sample| sample.target).collect();
        assert_eq!(xor, [0.0, 1.0, 1.0, 0.0]);
    }
}
