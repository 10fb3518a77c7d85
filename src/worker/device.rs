//! How fast this device computes: the peak of its vectors, and the networks of [`workload`].

use std::hint::black_box;
use std::sync::Arc;

use super::clock::{now_ms, slice_end_ms, yield_now};
use super::session::Context;
use crate::data::LabeledImages;
use crate::protocol::{Quantity, RunId, WorkerError, WorkerEvent};
use crate::speed::peak;
use crate::speed::workload::{self, BATCH, WORKLOADS, Workload};

/// Before it counts: engines compile what runs often once more.
const WARM_UP_MS: f64 = 500.0;
/// For each quantity.
const MEASURED_MS: f64 = 1_500.0;

/// Measures one quantity after the other and tells each.
pub async fn measure(context: &Context, run: RunId) -> Result<(), WorkerError> {
    let total = 1 + 2 * WORKLOADS.len();
    let tell = |quantity, per_second| {
        context.send(WorkerEvent::Measured { run, quantity, per_second, total });
    };
    let mut registers = peak::registers();
    let operations = registers.work.amount() as f64;
    tell(Quantity::Peak, operations * runs_per_second(|| registers.run()).await);
    let images = Arc::new(workload::images());
    for (at, (_, preset)) in WORKLOADS.iter().enumerate() {
        let workload = at as u8;
        let mut network = Workload::new(*preset, Arc::<LabeledImages>::clone(&images))?;
        let steps = runs_per_second(|| _ = black_box(network.train(1))).await;
        tell(Quantity::Training { workload }, steps * BATCH as f64);
        tell(Quantity::Prediction { workload }, runs_per_second(|| _ = black_box(network.infer(0..1))).await);
    }
    Ok(())
}

/// Repeats `run` in slices. The fastest slice counts: whatever else the device does only makes one
/// slower.
async fn runs_per_second(mut run: impl FnMut()) -> f64 {
    let mut fastest = 0.0f64;
    for limit_ms in [WARM_UP_MS, MEASURED_MS] {
        let mut spent_ms = 0.0;
        while spent_ms < limit_ms {
            let (begin_ms, end_ms) = (now_ms(), slice_end_ms());
            let mut runs = 0.0;
            while now_ms() < end_ms {
                run();
                runs += 1.0;
            }
            let slice_ms = now_ms() - begin_ms;
            fastest = fastest.max(runs / slice_ms * 1e3);
            spent_ms += slice_ms;
            yield_now().await;
        }
    }
    fastest
}
