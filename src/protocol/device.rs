//! What a device can do, and with which program.

use serde::{Deserialize, Serialize};

use crate::tensor::kernels::lanes::FUSED;

/// What a device does so many of in a second. `workload` is a position in
/// [`WORKLOADS`](crate::speed::workload::WORKLOADS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Floating-point operations, at most.
    Peak,
    /// Images, in training.
    Training {
        /// Which network.
        workload: u8,
    },
    /// Images, predicted one at a time.
    Prediction {
        /// Which network.
        workload: u8,
    },
}

/// How the worker's program was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Build {
    /// Its results are the same bits everywhere.
    #[default]
    Reproducible,
    /// Multiplications and additions are fused where the processor can; the last bits are its own.
    Fast,
}

impl Build {
    /// That of this program.
    pub const THIS: Self = if FUSED { Self::Fast } else { Self::Reproducible };
}
