//! Each initializer's distribution over many draws.

use super::*;

const EXTENTS: [usize; 4] = [3, 3, 40, 250];

fn draw(spec: &InitializerSpec, extents: &[usize]) -> Vec<f32> {
    let mut values = vec![f32::NAN; extents.iter().product()];
    spec.fill(extents, &mut values, &mut Rng::new(1, Purpose::Init, 0, 0));
    values
}

/// Mean, standard deviation and largest distance from the mean that was asked for.
fn moments(values: &[f32], center: f32) -> (f64, f64, f32) {
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / values.len() as f64;
    (mean, variance.sqrt(), values.iter().fold(0.0, |max, v| (v - center).abs().max(max)))
}

/// With 90,000 draws the mean is within 4 standard errors, a standard deviation within 2 %.
fn assert_distribution(spec: &InitializerSpec, center: f32, stddev: f64, bound: Option<f64>) {
    let (mean, got, largest) = moments(&draw(spec, &EXTENTS), center);
    assert!((mean - f64::from(center)).abs() < 4.0 * stddev / 300.0, "{spec:?} has mean {mean}");
    assert!((got / stddev - 1.0).abs() < 0.02, "{spec:?} has standard deviation {got}, not {stddev}");
    if let Some(bound) = bound {
        let largest = f64::from(largest);
        assert!(largest <= bound * 1.000_001 && largest > bound * 0.99, "{spec:?} reaches {largest}");
    }
}

#[test]
fn scaled_variances_are_those_of_keras() {
    let (fan_in, fan_out) = (360.0f64, 2250.0);
    let fan_avg = f64::midpoint(fan_in, fan_out);
    for (name, variance) in [
        ("glorot_uniform", 1.0 / fan_avg),
        ("glorot_normal", 1.0 / fan_avg),
        ("he_uniform", 2.0 / fan_in),
        ("he_normal", 2.0 / fan_in),
        ("lecun_uniform", 1.0 / fan_in),
        ("lecun_normal", 1.0 / fan_in),
        ("variance_scaling", 1.0 / fan_in),
    ] {
        let spec = InitializerSpec::named(name).unwrap();
        let bound = if name.ends_with("uniform") { 3.0f64.sqrt() } else { 2.0 / 0.879_625_661 };
        assert_distribution(&spec, 0.0, variance.sqrt(), Some(bound * variance.sqrt()));
    }
    let mut scaling = VarianceScalingSpec { scale: 3.0, mode: FanMode::FanOut, ..Default::default() };
    scaling.distribution = Distribution::UntruncatedNormal;
    assert_distribution(&scaling.into(), 0.0, (3.0 / fan_out).sqrt(), None);
}

#[test]
fn plain_distributions_are_those_of_keras() {
    let normal = RandomNormalSpec { mean: 1.0, stddev: 0.5, seed: None };
    assert_distribution(&normal.into(), 1.0, 0.5, None);
    let truncated = TruncatedNormalSpec { mean: -1.0, stddev: 0.5, seed: None };
    assert_distribution(&truncated.into(), -1.0, 0.5 * 0.879_625_661, Some(1.0));
    let uniform = RandomUniformSpec { minval: 1.0, maxval: 4.0, seed: None };
    assert_distribution(&uniform.into(), 2.5, 3.0 / 12.0f64.sqrt(), Some(1.5));
}

#[test]
fn orthogonal_matrices_are_orthogonal() {
    for extents in [&[7, 5][..], &[5, 7], &[2, 3, 4, 5], &[1, 6]] {
        let values = draw(&OrthogonalSpec { gain: 2.0, seed: None }.into(), extents);
        let columns = extents[extents.len() - 1];
        let rows = values.len() / columns;
        let entry = |vector: usize, idx: usize| {
            f64::from(if rows < columns {
                values[vector * columns + idx]
            } else {
                values[idx * columns + vector]
            })
        };
        for a in 0..rows.min(columns) {
            for b in 0..=a {
                let dot: f64 = (0..rows.max(columns)).map(|idx| entry(a, idx) * entry(b, idx)).sum();
                let expected = if a == b { 4.0 } else { 0.0 };
                assert!((dot - expected).abs() < 1e-6, "{extents:?}: {a}·{b} is {dot}");
            }
        }
    }
}

#[test]
fn fixed_values_are_fixed() {
    assert_eq!(draw(&InitializerSpec::zeros(), &[2, 2]), [0.0; 4]);
    assert_eq!(draw(&InitializerSpec::ones(), &[2, 2]), [1.0; 4]);
    assert_eq!(draw(&ConstantSpec { value: 0.25 }.into(), &[3]), [0.25; 3]);
    assert_eq!(draw(&IdentitySpec { gain: 3.0 }.into(), &[2, 3]), [3.0, 0.0, 0.0, 0.0, 3.0, 0.0]);
    assert_eq!(draw(&IdentitySpec::default().into(), &[3, 2]), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn a_seed_fixes_the_stream() {
    let with = |seed, stream| {
        let mut values = [0.0; 8];
        let spec = InitializerSpec::from(HeNormalSpec { seed });
        spec.fill(&[2, 4], &mut values, &mut Rng::new(1, Purpose::Init, stream, 0));
        values
    };
    assert_eq!(with(Some(7), 0), with(Some(7), 1));
    assert_ne!(with(Some(7), 0), with(Some(8), 0));
    assert_ne!(with(None, 0), with(None, 1));
}

#[test]
fn specs_are_read_by_name_and_survive_files_and_messages() {
    for spec in InitializerSpec::palette() {
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<InitializerSpec>(&json).unwrap(), spec, "{json}");
        let wire = bincode::serialize(&spec).unwrap();
        assert_eq!(bincode::deserialize::<InitializerSpec>(&wire).unwrap(), spec);
        let name = format!("\"{}\"", spec.class_name());
        assert_eq!(serde_json::from_str::<InitializerSpec>(&name).unwrap(), spec);
        assert!(spec.validate().is_ok());
    }
    let read = |json| serde_json::from_str::<InitializerSpec>(json);
    assert_eq!(read("\"he_normal\"").unwrap(), HeNormalSpec::default().into());
    assert_eq!(read("{\"HeNormal\": {}}").unwrap(), HeNormalSpec::default().into());
    assert!(read("\"he\"").is_err() && read("{\"He\": {}}").is_err() && read("3").is_err());
}

#[test]
fn arguments_out_of_range_are_refused() {
    let scale = VarianceScalingSpec { scale: 0.0, ..VarianceScalingSpec::default() };
    assert!(InitializerSpec::from(scale).validate().is_err());
    let swapped = RandomUniformSpec { minval: 1.0, maxval: 0.0, seed: None };
    assert!(InitializerSpec::from(swapped).validate().is_err());
}
