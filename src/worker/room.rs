//! Whether a run has room in this worker's memory, before anything of it is made. An allocation that fails ends a
//! WebAssembly program without a word.

use crate::engine::spec::{RunSpec, SpecError};
use crate::protocol::WorkerError;

/// No single allocation may have 2 GB where addresses have 32 bits.
const PART: usize = 1 << 28;

/// Bytes of what a run holds of its parameters at the end of an epoch: the weights, their gradients and the optimizer's
/// state; weights and state once more to be kept, and again as the message that takes them to the page. What batches need
/// comes on top.
fn least_bytes(job: &RunSpec) -> Result<u64, SpecError> {
    let kept = 1 + job.compile.optimizer.build(&[]).numbers_per_param() as u64;
    Ok(job.model.num_params()? as u64 * size_of::<f32>() as u64 * (3 * kept + 1))
}

/// Takes the memory for a moment, so that the browser has given it to this worker.
///
/// # Errors
/// If the browser does not.
pub fn make_room(job: &RunSpec) -> Result<(), WorkerError> {
    let needed = least_bytes(job)?;
    let (mut parts, mut got) = (vec![], 0);
    while got < needed {
        let len = PART.min(usize::try_from(needed - got).unwrap_or(PART));
        let mut part: Vec<u8> = Vec::new();
        part.try_reserve_exact(len).map_err(|_| WorkerError::OutOfMemory { needed, got })?;
        parts.push(part);
        got += len as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::optimizers::{AdamSpec, OptimizerSpec, SgdSpec};
    use crate::engine::presets::Preset;

    #[test]
    fn an_optimizer_with_more_state_needs_more() {
        let mut job = RunSpec::new(Preset::Lenet5.spec());
        job.compile.optimizer = OptimizerSpec::Sgd(SgdSpec::default());
        assert_eq!(least_bytes(&job), Ok(61_706 * 4 * 4));
        job.compile.optimizer = OptimizerSpec::Adam(AdamSpec::default());
        assert_eq!(least_bytes(&job), Ok(61_706 * 4 * 10));
        assert_eq!(make_room(&job), Ok(()));
    }
}
