//! Constraints: what a parameter is changed to after every step of the optimizer. Formulas as in
//! Keras 3 `constraints/constraints.py`.

mod axes;
mod max_norm;
mod min_max_norm;
mod non_neg;
mod unit_norm;

pub use axes::Axes;
pub use max_norm::MaxNormSpec;
pub use min_max_norm::MinMaxNormSpec;
pub use non_neg::NonNegSpec;
pub use unit_norm::UnitNormSpec;

use crate::engine::argument::ArgumentError;
use crate::engine::family::family;

/// Keras's `backend.epsilon()`, which keeps a norm of 0 from dividing.
const EPSILON: f32 = 1e-7;

/// What a constraint's spec answers.
trait Constraint {
    /// Changes `values`, a parameter of the given extents.
    fn apply(&self, extents: &[usize], values: &mut [f32]);

    /// Checks the arguments for a parameter of `rank` axes.
    fn validate(&self, rank: usize) -> Result<(), ArgumentError>;
}

family! {
    /// The description of a constraint, with Keras's arguments and defaults.
    ConstraintSpec as Constraint {
        MaxNorm(MaxNormSpec) = "MaxNorm" | "max_norm",
        NonNeg(NonNegSpec) = "NonNeg" | "non_neg",
        UnitNorm(UnitNormSpec) = "UnitNorm" | "unit_norm",
        MinMaxNorm(MinMaxNormSpec) = "MinMaxNorm" | "min_max_norm",
    }
}

impl ConstraintSpec {
    /// Checks the arguments for a parameter of `rank` axes.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self, rank: usize) -> Result<(), ArgumentError> {
        self.def().validate(rank)
    }

    /// Changes `values`, a parameter of the given extents.
    ///
    /// # Panics
    /// If an axis is not one of `extents`.
    pub fn apply(&self, extents: &[usize], values: &mut [f32]) {
        self.def().apply(extents, values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(spec: impl Into<ConstraintSpec>, extents: &[usize], values: &[f32]) -> Vec<f32> {
        let mut values = values.to_vec();
        spec.into().apply(extents, &mut values);
        values
    }

    fn norm(values: impl Iterator<Item = f32>) -> f32 {
        values.map(|v| v * v).sum::<f32>().sqrt()
    }

    #[test]
    fn each_column_has_a_norm_of_its_own() {
        let values = [3.0, 0.3, 4.0, 0.4];
        let got = applied(MaxNormSpec::default(), &[2, 2], &values);
        assert!((norm([got[0], got[2]].into_iter()) - 2.0).abs() < 1e-6, "{got:?}");
        assert!((got[1] - 0.3).abs() < 1e-6 && (got[3] - 0.4).abs() < 1e-6, "{got:?}");
        let rows = applied(UnitNormSpec { axis: Axes(vec![-1]) }, &[2, 2], &values);
        assert!(rows.chunks(2).all(|row| (norm(row.iter().copied()) - 1.0).abs() < 1e-6), "{rows:?}");
    }

    #[test]
    fn several_axes_give_each_filter_a_norm() {
        let values: Vec<f32> = (0..24).map(|i| i as f32 - 11.5).collect();
        let got = applied(UnitNormSpec { axis: Axes(vec![0, 1, 2]) }, &[2, 2, 2, 3], &values);
        for filter in 0..3 {
            assert!((norm(got.iter().skip(filter).step_by(3).copied()) - 1.0).abs() < 1e-6, "{got:?}");
        }
    }

    #[test]
    fn a_norm_of_zero_stays_zero_and_nan_stays_nan() {
        for spec in ConstraintSpec::palette() {
            assert_eq!(applied(spec.clone(), &[2], &[0.0, 0.0]), [0.0, 0.0]);
            assert!(applied(spec, &[2], &[f32::NAN, 1.0])[0].is_nan());
        }
        assert_eq!(applied(NonNegSpec {}, &[3], &[-1.0, 0.0, 2.0]), [0.0, 0.0, 2.0]);
    }

    #[test]
    fn an_axis_is_a_number_or_a_list() {
        let read = |json: &str| serde_json::from_str::<ConstraintSpec>(json).unwrap();
        let filters = MaxNormSpec { max_value: 3.0, axis: Axes(vec![0, 1, 2]) };
        assert_eq!(read(r#"{"MaxNorm": {"max_value": 3, "axis": [0, 1, 2]}}"#), filters.clone().into());
        assert_eq!(read(r#"{"UnitNorm": {"axis": -1}}"#), UnitNormSpec { axis: Axes(vec![-1]) }.into());
        assert_eq!(read("\"non_neg\""), NonNegSpec {}.into());
        for spec in ConstraintSpec::palette().into_iter().chain([filters.into()]) {
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(read(&json), spec, "{json}");
            let wire = bincode::serialize(&spec).unwrap();
            assert_eq!(bincode::deserialize::<ConstraintSpec>(&wire).unwrap(), spec);
        }
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let filters = ConstraintSpec::from(UnitNormSpec { axis: Axes(vec![0, 1, 2]) });
        assert!(filters.validate(4).is_ok() && filters.validate(2).is_err());
        let swapped = MinMaxNormSpec { min_value: 2.0, ..MinMaxNormSpec::default() };
        assert!(ConstraintSpec::from(swapped).validate(2).is_err());
    }
}
