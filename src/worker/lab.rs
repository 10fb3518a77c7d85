//! [`Lab`]: the worker as gloo sees it. Hands each request to where it is met.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_worker::{HandlerId, Registrable, Worker, WorkerScope};
use wasm_bindgen_futures::spawn_local;

use super::packed::Packed;
use super::session::{Context, Kept, Session};
use super::{crew_helper, device, evaluation, inspect, loader, training};
use crate::formats::SavedModel;
use crate::protocol::{Build, RunId, Snapshot, WorkerError, WorkerEvent, WorkerRequest};

/// The worker.
pub struct Lab {
    session: Rc<RefCell<Session>>,
}

thread_local! {
    /// The way to the page, for the panic hook.
    static PAGE: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Begins to answer requests, or those of another worker where this one was started to help it.
pub fn start() {
    if crew_helper::is_helper() {
        return crew_helper::start();
    }
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // A panic ends the worker for good; the page would otherwise find out only by its silence.
        PAGE.with(|page| {
            if let Ok(page) = page.try_borrow()
                && let Some(context) = page.as_ref()
            {
                context.send(WorkerEvent::Died { run: RunId::default(), message: info.to_string() });
            }
        });
    }));
    Lab::registrar().encoding::<Packed>().register();
}

impl Worker for Lab {
    type Message = ();
    type Input = WorkerRequest;
    type Output = WorkerEvent;

    fn create(_scope: &WorkerScope<Self>) -> Self {
        Self { session: Rc::default() }
    }

    fn update(&mut self, _scope: &WorkerScope<Self>, (): ()) {}

    fn connected(&mut self, scope: &WorkerScope<Self>, page: HandlerId) {
        let context = Context::new(Rc::clone(&self.session), scope.clone(), page);
        context.send(WorkerEvent::Ready { run: RunId::default(), build: Build::THIS });
        PAGE.set(Some(context));
    }

    fn received(&mut self, scope: &WorkerScope<Self>, request: WorkerRequest, page: HandlerId) {
        let context = Context::new(Rc::clone(&self.session), scope.clone(), page);
        spawn_local(meet(context, request));
    }
}

async fn meet(context: Context, request: WorkerRequest) {
    let run = request.run();
    let result = match request {
        WorkerRequest::Ping { .. } => {
            context.send(WorkerEvent::Pong { run });
            Ok(())
        }
        WorkerRequest::Start { job, paused, workers, from, graph, .. } => {
            let begin = training::Begin { job: *job, from: from.map(|from| *from), paused, workers, graph };
            training::start(context.clone(), run, begin).await;
            Ok(())
        }
        WorkerRequest::Watch { watch, .. } => {
            training::watch(&context, watch);
            Ok(())
        }
        WorkerRequest::SetLearningRate { learning_rate, .. } => {
            training::set_learning_rate(&context, run, learning_rate);
            Ok(())
        }
        WorkerRequest::Pause { .. } => {
            training::pause(&context, run);
            Ok(())
        }
        WorkerRequest::Resume { .. } => {
            training::resume(context.clone(), run).await;
            Ok(())
        }
        WorkerRequest::StepOnce { .. } => {
            training::step_once(context.clone(), run).await;
            Ok(())
        }
        WorkerRequest::Stop { .. } => {
            training::stop(&context, run);
            Ok(())
        }
        WorkerRequest::Load { data, .. } => load(&context, run, &data).await,
        WorkerRequest::Evaluate { data, other, .. } => {
            evaluation::evaluate(&context, run, &data, other.map(|other| *other)).await
        }
        WorkerRequest::Predict { pixels, .. } => evaluation::predict(&context, run, &pixels).await,
        WorkerRequest::Inspect { inspection, .. } => inspect::inspect(&context, run, *inspection).await,
        WorkerRequest::EndInspection { .. } => {
            inspect::end(&context, run);
            Ok(())
        }
        WorkerRequest::Measure { .. } => device::measure(&context, run).await,
        WorkerRequest::Images { dataset, split, indices, .. } => {
            evaluation::images(&context, run, dataset, split, indices).await
        }
        WorkerRequest::Labels { dataset, train, test, .. } => {
            evaluation::labels(&context, run, dataset, train, test).await
        }
        WorkerRequest::Export { optimizer, .. } => export(&context, run, optimizer),
        WorkerRequest::Import { saved, .. } => import(&context, run, *saved),
        WorkerRequest::Restore { snapshot, .. } => {
            let model = snapshot.job.model.clone();
            let Snapshot { job, epochs, params, .. } = *snapshot;
            let saved = SavedModel { model, params, job: Some(job), epochs: Some(epochs), optimizer: None };
            import(&context, run, saved)
        }
    };
    if let Err(error) = result {
        context.send(WorkerEvent::Failed { run, error });
    }
}

async fn load(
    context: &Context,
    run: RunId,
    data: &crate::engine::spec::DataSpec,
) -> Result<(), WorkerError> {
    loader::load(context, run, data.dataset, data.samples, data.test_samples).await?;
    let session = context.session.borrow();
    if let Some(loaded) = session.datasets.get(&data.dataset) {
        context.send(WorkerEvent::Loaded { run, train: loaded.train.len(), test: loaded.test.len() });
    }
    Ok(())
}

fn export(context: &Context, run: RunId, with_optimizer: bool) -> Result<(), WorkerError> {
    let mut session = context.session.borrow_mut();
    let Kept { model, params, job, epochs, .. } = session.current()?;
    let optimizer = if with_optimizer { session.optimizer() } else { None };
    let saved = Box::new(SavedModel { model, params, job, epochs, optimizer });
    context.send(WorkerEvent::Exported { run, saved });
    Ok(())
}

fn import(context: &Context, run: RunId, saved: SavedModel) -> Result<(), WorkerError> {
    let (expected, got) = (saved.model.num_params()?, saved.params.len());
    if got != expected {
        return Err(WorkerError::WrongParams { expected, got });
    }
    let SavedModel { model, params, job, epochs, optimizer } = saved;
    let kept = Kept { model, params, job, epochs, optimizer };
    // Builds it once, so that a model that cannot be built is refused here and not at first use.
    kept.build()?;
    let event = WorkerEvent::ModelReady {
        run,
        model: Box::new(kept.model.clone()),
        job: kept.job.clone().map(Box::new),
        epochs: kept.epochs,
    };
    training::replace_model(context, kept);
    context.send(event);
    Ok(())
}
