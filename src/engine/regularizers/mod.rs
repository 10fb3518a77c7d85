//! Regularizers: a penalty on the size of parameters or outputs, added to the loss. Formulas as in
//! Keras 3 `regularizers/regularizers.py`.

mod elastic_net;
mod l1;
mod l1_l2;
mod l2;
mod orthogonal;

pub use elastic_net::ElasticNetSpec;
pub use l1::L1Spec;
pub use l1_l2::L1L2Spec;
pub use l2::L2Spec;
pub use orthogonal::{OrthogonalMode, OrthogonalRegularizerSpec};

use crate::engine::argument::ArgumentError;
use crate::engine::family::family;

/// What a regularizer's spec answers. Most penalties are `Σ l1·|w| + l2·w²`.
trait Penalty {
    /// `l1` and `l2`.
    fn factors(&self) -> (f32, f32) {
        (0.0, 0.0)
    }

    /// Checks ranges.
    fn validate(&self) -> Result<(), ArgumentError>;

    /// Checks that values of these extents can be penalized.
    fn takes(&self, _extents: &[usize]) -> Result<(), ArgumentError> {
        Ok(())
    }

    /// Whether it counts what it is shown row by row, so that it must know how many rows there are.
    fn counts_rows(&self) -> bool {
        false
    }

    /// Whether a penalty on outputs looks at all samples of a batch together.
    fn couples_samples(&self) -> bool {
        false
    }

    /// The penalty on `values`.
    fn value(&self, _extents: &[usize], values: &[f32]) -> f32 {
        let (l1, l2) = self.factors();
        let (mut absolute, mut squares) = (0.0, 0.0);
        for value in values {
            let value = f64::from(*value);
            absolute += value.abs();
            squares += value * value;
        }
        // A factor of 0 takes its part out even where the sum is infinite, as Keras's `if` does.
        let part = |factor: f32, sum: f64| if factor == 0.0 { 0.0 } else { f64::from(factor) * sum };
        (part(l1, absolute) + part(l2, squares)) as f32
    }

    /// Adds `factor` times the penalty's gradient, here `l1·sign(w) + 2·l2·w` with `sign(0) = 0`.
    fn add_gradient(&self, _extents: &[usize], values: &[f32], factor: f32, grads: &mut [f32]) {
        let (l1, l2) = self.factors();
        for (grad, value) in grads.iter_mut().zip(values) {
            let sign = if *value == 0.0 { 0.0 } else { value.signum() };
            *grad += factor * (l1 * sign + 2.0 * l2 * value);
        }
    }
}

family! {
    /// The description of a regularizer, with Keras's arguments and defaults.
    RegularizerSpec as Penalty {
        L1(L1Spec) = "L1" | "l1",
        L2(L2Spec) = "L2" | "l2",
        L1L2(L1L2Spec) = "L1L2" | "l1_l2",
        OrthogonalRegularizer(OrthogonalRegularizerSpec) = "OrthogonalRegularizer" | "orthogonal_regularizer",
        ElasticNet(ElasticNetSpec) = "ElasticNet" | "elastic_net",
    }
}

impl RegularizerSpec {
    /// Checks ranges.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), ArgumentError> {
        self.def().validate()
    }

    /// Checks that values of these extents can be penalized.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn takes(&self, extents: &[usize]) -> Result<(), ArgumentError> {
        self.def().takes(extents)
    }

    /// Whether it must know how many rows there are, and so cannot penalize outputs: as in Keras, where
    /// the length of a batch is not known when the model is built.
    pub fn counts_rows(&self) -> bool {
        self.def().counts_rows()
    }

    /// Whether a penalty on outputs looks at all samples of a batch together.
    pub fn couples_samples(&self) -> bool {
        self.def().couples_samples()
    }

    /// The penalty on `values`, an array of these extents.
    ///
    /// # Panics
    /// If it does not take them.
    pub fn value(&self, extents: &[usize], values: &[f32]) -> f32 {
        self.def().value(extents, values)
    }

    /// Adds `factor` times the penalty's gradient to `grads`.
    ///
    /// # Panics
    /// If it does not take arrays of these extents.
    pub fn add_gradient(&self, extents: &[usize], values: &[f32], factor: f32, grads: &mut [f32]) {
        self.def().add_gradient(extents, values, factor, grads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn penalties_are_those_of_keras() {
        let values = [1.0, -2.0, 0.0];
        let check = |spec: RegularizerSpec, value: f32, grads: [f32; 3]| {
            assert!((spec.value(&[3], &values) - value).abs() < 1e-6, "{spec:?}");
            let mut got = [1.0; 3];
            spec.add_gradient(&[3], &values, 2.0, &mut got);
            for (got, expected) in got.iter().zip(grads) {
                assert!((got - (1.0 + 2.0 * expected)).abs() < 1e-6, "{spec:?}: {got} {expected}");
            }
        };
        check(L1Spec::default().into(), 0.03, [0.01, -0.01, 0.0]);
        check(L2Spec::default().into(), 0.05, [0.02, -0.04, 0.0]);
        check(L1L2Spec { l1: 0.1, l2: 0.01 }.into(), 0.35, [0.12, -0.14, 0.0]);
        check(ElasticNetSpec { beta: 0.1, l: 0.1 }.into(), 0.35, [0.12, -0.14, 0.0]);
        check(L1L2Spec::default().into(), 0.0, [0.0; 3]);
    }

    #[test]
    fn specs_are_read_by_name_and_survive_files_and_messages() {
        for spec in RegularizerSpec::palette() {
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<RegularizerSpec>(&json).unwrap(), spec, "{json}");
            let wire = bincode::serialize(&spec).unwrap();
            assert_eq!(bincode::deserialize::<RegularizerSpec>(&wire).unwrap(), spec);
            assert!(spec.validate().is_ok());
        }
        let l2: Option<RegularizerSpec> = serde_json::from_str("\"l2\"").unwrap();
        assert_eq!(l2, Some(L2Spec::default().into()));
        assert_eq!(serde_json::from_str::<Option<RegularizerSpec>>("null").unwrap(), None);
    }

    #[test]
    fn factors_below_zero_are_refused() {
        assert!(RegularizerSpec::from(L2Spec { l2: -0.1 }).validate().is_err());
        assert!(RegularizerSpec::from(L1Spec { l1: f32::NAN }).validate().is_err());
    }
}
