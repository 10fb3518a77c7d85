//! The page's side of the page's own worker, without the page: [`Lab`] for `shipped.js`.

use std::cell::Cell;

use js_sys::Function;
use svertka::engine::event::TrainEvent;
use svertka::engine::spec::RunSpec;
use svertka::protocol::{RunId, WorkerEvent, WorkerRequest};
use svertka::speed::workload::BATCH;
use svertka::worker;
use wasm_bindgen::prelude::*;

use gloo_worker::{Spawnable, WorkerBridge};

use crate::named;

/// A worker as the page starts it.
#[wasm_bindgen]
pub struct Lab {
    worker: WorkerBridge<worker::Lab>,
    runs: u32,
}

#[wasm_bindgen]
impl Lab {
    /// Starts a worker; `hear(what, number)` is told `ready`, `workers` with the number of those that
    /// compute, `steps` with the number of the last step, the run's states, `predicted` and, with the reason, `failed`.
    #[wasm_bindgen(constructor)]
    pub fn new(path: &str, hear: Function) -> Self {
        let steps_per_epoch = Cell::new(0);
        let tell = move |event| {
            for (what, number) in news(event, &steps_per_epoch) {
                // What JavaScript throws there is in its console.
                drop(hear.call2(&JsValue::NULL, &what.into(), &number.into()));
            }
        };
        let worker = worker::Lab::spawner()
            .encoding::<worker::Packed>()
            .with_loader(true)
            .as_module(false)
            .callback(tell)
            .spawn(path);
        Self { worker, runs: 0 }
    }

    /// Begins to train on the first `samples` images, none of which validate, with so many workers.
    pub fn start(&mut self, preset: &str, samples: usize, workers: usize) -> Result<(), JsError> {
        let mut job = RunSpec::new(named(preset)?.spec());
        job.fit.batch_size = BATCH;
        job.fit.epochs = usize::MAX >> 1;
        job.data.samples = samples;
        job.data.validation_samples = 0;
        self.runs += 1;
        self.worker.send(WorkerRequest::Start {
            run: self.run(),
            job: Box::new(job),
            paused: false,
            workers: Some(workers),
            from: None,
            graph: None,
        });
        Ok(())
    }

    pub fn pause(&self) {
        self.worker.send(WorkerRequest::Pause { run: self.run() });
    }

    pub fn resume(&self) {
        self.worker.send(WorkerRequest::Resume { run: self.run() });
    }

    pub fn predict(&self, pixels: Vec<u8>) {
        self.worker.send(WorkerRequest::Predict { run: self.run(), pixels });
    }

    fn run(&self) -> RunId {
        RunId(self.runs)
    }
}

/// What JavaScript is told of an event.
fn news(event: WorkerEvent, steps_per_epoch: &Cell<usize>) -> Vec<(String, f64)> {
    let one = |what: &str| vec![(what.to_owned(), 0.0)];
    match event {
        WorkerEvent::Ready { .. } => one("ready"),
        WorkerEvent::State { state, .. } => one(&format!("{state:?}").to_lowercase()),
        WorkerEvent::Crew { crew, .. } => vec![("workers".to_owned(), crew.workers as f64)],
        WorkerEvent::Predicted { .. } => one("predicted"),
        WorkerEvent::Failed { error, .. } => one(&format!("failed: {error}")),
        WorkerEvent::Died { message, .. } => one(&format!("failed: {message}")),
        WorkerEvent::Train { events, .. } => {
            let mut steps = Vec::new();
            for event in events {
                match event {
                    TrainEvent::TrainBegin { steps_per_epoch: steps, .. } => steps_per_epoch.set(steps),
                    TrainEvent::BatchEnd { epoch, batch, .. } => {
                        steps.push(("steps".to_owned(), (epoch * steps_per_epoch.get() + batch + 1) as f64));
                    }
                    _ => {}
                }
            }
            steps
        }
        _ => Vec::new(),
    }
}
