//! Initializers: how parameters begin. Formulas and fans as in Keras 3
//! `initializers/random_initializers.py` and `constant_initializers.py`.

mod constant;
mod identity;
mod normal;
mod ones;
mod orthogonal;
mod random_normal;
mod random_uniform;
mod scalings;
mod truncated_normal;
mod variance_scaling;
mod zeros;

pub use constant::ConstantSpec;
pub use identity::IdentitySpec;
pub use ones::OnesSpec;
pub use orthogonal::OrthogonalSpec;
pub use random_normal::RandomNormalSpec;
pub use random_uniform::RandomUniformSpec;
pub use scalings::{
    GlorotNormalSpec, GlorotUniformSpec, HeNormalSpec, HeUniformSpec, LecunNormalSpec, LecunUniformSpec,
};
pub use truncated_normal::TruncatedNormalSpec;
pub use variance_scaling::{Distribution, FanMode, VarianceScalingSpec};
pub use zeros::ZerosSpec;

use crate::engine::argument::ArgumentError;
use crate::engine::family::family;
use crate::tensor::rng::{Purpose, Rng};

/// What an initializer's spec answers.
trait Initializer {
    /// Fills `values`, a parameter of the given extents.
    fn fill(&self, extents: &[usize], values: &mut [f32], rng: &mut Rng);

    /// Checks ranges.
    fn validate(&self) -> Result<(), ArgumentError> {
        Ok(())
    }

    /// The fewest and the most axes a parameter may have.
    fn ranks(&self) -> (usize, usize) {
        (0, usize::MAX)
    }

    /// Keras's argument of that name.
    fn seed(&self) -> Option<u64> {
        None
    }
}

family! {
    /// The description of an initializer, with Keras's arguments and defaults.
    InitializerSpec as Initializer {
        Zeros(ZerosSpec) = "Zeros" | "zeros",
        Ones(OnesSpec) = "Ones" | "ones",
        Constant(ConstantSpec) = "Constant" | "constant",
        RandomNormal(RandomNormalSpec) = "RandomNormal" | "random_normal",
        RandomUniform(RandomUniformSpec) = "RandomUniform" | "random_uniform",
        TruncatedNormal(TruncatedNormalSpec) = "TruncatedNormal" | "truncated_normal",
        VarianceScaling(VarianceScalingSpec) = "VarianceScaling" | "variance_scaling",
        GlorotUniform(GlorotUniformSpec) = "GlorotUniform" | "glorot_uniform",
        GlorotNormal(GlorotNormalSpec) = "GlorotNormal" | "glorot_normal",
        HeUniform(HeUniformSpec) = "HeUniform" | "he_uniform",
        HeNormal(HeNormalSpec) = "HeNormal" | "he_normal",
        LecunUniform(LecunUniformSpec) = "LecunUniform" | "lecun_uniform",
        LecunNormal(LecunNormalSpec) = "LecunNormal" | "lecun_normal",
        Orthogonal(OrthogonalSpec) = "Orthogonal" | "orthogonal",
        Identity(IdentitySpec) = "Identity" | "identity",
    }
}

impl InitializerSpec {
    /// All zeros, where biases begin.
    pub fn zeros() -> Self {
        Self::Zeros(ZerosSpec {})
    }

    /// All ones.
    pub fn ones() -> Self {
        Self::Ones(OnesSpec {})
    }

    /// Uniform in ±sqrt(6 / (fan_in + fan_out)), where kernels begin.
    pub fn glorot_uniform() -> Self {
        Self::GlorotUniform(GlorotUniformSpec::default())
    }

    /// Checks ranges.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), ArgumentError> {
        self.def().validate()
    }

    /// The fewest and the most axes a parameter may have.
    pub fn ranks(&self) -> (usize, usize) {
        self.def().ranks()
    }

    /// Fills `values`, a parameter of the given extents, from `rng`, or from a stream of its own
    /// where a seed is given: parameters of one size then begin alike, as in Keras.
    pub fn fill(&self, extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        match self.def().seed() {
            Some(seed) => self.def().fill(extents, values, &mut Rng::new(seed, Purpose::Init, 0, 0)),
            None => self.def().fill(extents, values, rng),
        }
    }
}

#[cfg(test)]
mod distribution_tests;
