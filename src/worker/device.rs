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

/// Measures one quantity after the other and tells each, until something else takes its place.
pub async fn measure(context: &Context, run: RunId) -> Result<(), WorkerError> {
    context.session.borrow_mut().measuring = Some(run);
    let total = 1 + 2 * WORKLOADS.len();
    let tell = |quantity, per_second| {
        context.send(WorkerEvent::Measured { run, quantity, per_second, total });
    };
    let mut registers = peak::registers();
    let operations = registers.work.amount() as f64;
    let Some(rate) = runs_per_second(context, run, || registers.run()).await else { return Ok(()) };
    tell(Quantity::Peak, operations * rate);
    let images = Arc::new(workload::images());
    for (at, (_, preset)) in WORKLOADS.iter().enumerate() {
        let workload = at as u8;
        let mut network = Workload::new(*preset, Arc::<LabeledImages>::clone(&images))?;
        let train = || _ = black_box(network.train(1));
        let Some(rate) = runs_per_second(context, run, train).await else { return Ok(()) };
        tell(Quantity::Training { workload }, rate * BATCH as f64);
        let predict = || _ = black_box(network.infer(0..1));
        let Some(rate) = runs_per_second(context, run, predict).await else { return Ok(()) };
        tell(Quantity::Prediction { workload }, rate);
    }
    context.session.borrow_mut().measuring = None;
    Ok(())
}

/// Repeats `run` in slices. The fastest slice counts: whatever else the device does only makes one
/// slower. None if the measurement lost its place.
async fn runs_per_second(context: &Context, run: RunId, mut act: impl FnMut()) -> Option<f64> {
    let mut fastest = 0.0f64;
    for limit_ms in [WARM_UP_MS, MEASURED_MS] {
        let mut spent_ms = 0.0;
        while spent_ms < limit_ms {
            let (begin_ms, end_ms) = (now_ms(), slice_end_ms());
            let mut runs = 0.0;
            while now_ms() < end_ms {
                act();
                runs += 1.0;
            }
            let slice_ms = now_ms() - begin_ms;
            fastest = fastest.max(runs / slice_ms * 1e3);
            spent_ms += slice_ms;
            yield_now().await;
            if context.session.borrow().measuring != Some(run) {
                return None;
            }
        }
    }
    Some(fastest)
}
