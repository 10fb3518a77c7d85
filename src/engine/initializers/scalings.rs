//! The six initializers that are `VarianceScaling` with fixed arguments.

use serde::{Deserialize, Serialize};

use super::{Distribution, FanMode, Initializer, VarianceScalingSpec};
use crate::tensor::rng::Rng;

macro_rules! scalings {
    ($($(#[$doc:meta])* $spec:ident = $scale:literal, $mode:ident, $distribution:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
            #[serde(default)]
            pub struct $spec {
                /// Of a stream of its own; without one, the model's.
                pub seed: Option<u64>,
            }

            impl Initializer for $spec {
                fn fill(&self, extents: &[usize], values: &mut [f32], rng: &mut Rng) {
                    let scaling = VarianceScalingSpec {
                        scale: $scale,
                        mode: FanMode::$mode,
                        distribution: Distribution::$distribution,
                        seed: None,
                    };
                    scaling.fill(extents, values, rng);
                }

                fn seed(&self) -> Option<u64> {
                    self.seed
                }
            }
        )*
    };
}

scalings! {
    /// Keras's `GlorotUniform`: uniform in ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010,
    /// equation 16).
    GlorotUniformSpec = 1.0, FanAvg, Uniform;
    /// Keras's `GlorotNormal`: variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010,
    /// equation 12), truncated.
    GlorotNormalSpec = 1.0, FanAvg, TruncatedNormal;
    /// Keras's `HeUniform`: uniform in ±sqrt(6 / fan_in) (He and others 2015).
    HeUniformSpec = 2.0, FanIn, Uniform;
    /// Keras's `HeNormal`: variance 2 / fan_in (He and others 2015, equation 10), truncated.
    HeNormalSpec = 2.0, FanIn, TruncatedNormal;
    /// Keras's `LecunUniform`: uniform in ±sqrt(3 / fan_in) (LeCun and others 1998).
    LecunUniformSpec = 1.0, FanIn, Uniform;
    /// Keras's `LecunNormal`: variance 1 / fan_in (LeCun and others 1998, equation 16), truncated.
    LecunNormalSpec = 1.0, FanIn, TruncatedNormal;
}
