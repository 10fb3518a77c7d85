//! A training step takes no memory from the system: after the first steps everything it needs comes
//! from the pool of [`svertka::tensor::buffer`]. A counting allocator watches.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use allocation_counter::{AllocationInfo, measure};
use svertka::data::{Batch, LabeledImages, Targets};
use svertka::engine::constraints::{Axes, ConstraintSpec, UnitNormSpec};
use svertka::engine::event::TrainEvent;
use svertka::engine::layers::{Activation, Conv2dSpec, DenseSpec, FlattenSpec, LayerDef, LayerSpec, Pass};
use svertka::engine::losses::LossSpec;
use svertka::engine::model::Sequential;
use svertka::engine::optimizers::{Optimizer, OptimizerSpec};
use svertka::engine::presets::Preset;
use svertka::engine::regularizers::{OrthogonalMode, OrthogonalRegularizerSpec, RegularizerSpec};
use svertka::engine::spec::{DataSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::trainer::{Step, Trainer};
use svertka::engine::watch::WatchSpec;
use svertka::tensor::{Shape, Tensor};

/// More than one chunk, and a last one that is smaller.
const BATCH: usize = 40;
const CLASSES: usize = 3;

/// Steps until everything has been needed once.
const WARM_UP: u64 = 3;

fn train(model: &mut Sequential, optimizer: &mut Optimizer, batch: &Batch, loss: LossSpec, step: u64) {
    let pass = Pass::Train { seed: 1, step, first_sample: 0 };
    let losses = model.loss_and_gradients(batch, loss, pass);
    assert_eq!(losses.len(), batch.len() * loss.rows(model.output_shape(), &batch.targets));
    let (params, grads) = model.params_and_grads();
    optimizer.step(params, grads);
    model.constrain();
}

/// What a step takes from the system after a warm-up.
fn steady(spec: &ModelSpec, optimizer: &OptimizerSpec, loss: LossSpec, targets: Targets) -> AllocationInfo {
    let mut model = Sequential::new(spec, 1).expect("the spec is valid");
    let mut optimizer = optimizer.build(&model.optimized_params());
    let size = BATCH * spec.input_shape.size();
    let values = (0..size).map(|idx| (idx * 7 % 11) as f32 / 11.0).collect();
    let batch = Batch::new(Tensor::new(&spec.input_shape.with_batch(BATCH), values), targets);
    (0..WARM_UP).for_each(|step| train(&mut model, &mut optimizer, &batch, loss, step));
    measure(|| train(&mut model, &mut optimizer, &batch, loss, WARM_UP))
}

fn classes(num_classes: usize) -> Targets {
    Targets::Classes((0..BATCH as u32).map(|idx| idx % num_classes as u32).collect())
}

/// `layer` between others with parameters, so that its input's gradient is asked for.
fn around(layer: LayerSpec, shape: &Shape) -> Option<ModelSpec> {
    let dense = |units| LayerSpec::from(DenseSpec { units, ..DenseSpec::default() });
    let channels = shape.0.last().copied()?;
    let layers = vec![dense(channels), layer, FlattenSpec::default().into(), dense(CLASSES)];
    let spec = ModelSpec { name: "around".to_owned(), input_shape: shape.clone(), layers };
    spec.shapes().is_ok().then_some(spec)
}

#[test]
fn no_layer_allocates() {
    let shapes = [Shape::from([9]), Shape::from([6, 5, 2])];
    let mut found = String::new();
    for layer in LayerSpec::palette() {
        let specs: Vec<ModelSpec> = shapes.iter().filter_map(|shape| around(layer.clone(), shape)).collect();
        assert!(!specs.is_empty(), "{layer:?} takes none of {shapes:?}");
        for spec in specs {
            let loss = LossSpec::named("mse").expect("a loss");
            let info = steady(&spec, &OptimizerSpec::default(), loss, classes(CLASSES));
            if info.count_total > 0 {
                let (count, bytes) = (info.count_total, info.bytes_total);
                let name = layer.class_name();
                let _ = writeln!(found, "{name} on {}: {count} allocations, {bytes} bytes", spec.input_shape);
            }
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn no_optimizer_and_no_loss_allocates() {
    let dense = |units| LayerSpec::from(DenseSpec { units, ..DenseSpec::default() });
    let layers = vec![dense(4), dense(CLASSES)];
    let spec = ModelSpec { name: "dense".to_owned(), input_shape: Shape::from([5]), layers };
    let mut found = String::new();
    let losses = LossSpec::palette();
    let optimizers = OptimizerSpec::palette();
    let default = (OptimizerSpec::default(), LossSpec::default());
    let pairs = optimizers.into_iter().map(|optimizer| (optimizer, default.1));
    for (optimizer, loss) in pairs.chain(losses.into_iter().map(|loss| (default.0.clone(), loss))) {
        let info = steady(&spec, &optimizer, loss, classes(CLASSES));
        if info.count_total > 0 {
            let _ = writeln!(found, "{optimizer:?}, {loss:?}: {info:?}");
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// Of kernels, and of outputs where it takes them; the last layer's are those behind the logits.
#[test]
fn no_regularizer_allocates() {
    let columns =
        OrthogonalRegularizerSpec { mode: OrthogonalMode::Columns, ..OrthogonalRegularizerSpec::default() };
    let mut found = String::new();
    for regularizer in RegularizerSpec::palette().into_iter().chain([columns.into()]) {
        let of_outputs = (!regularizer.counts_rows()).then(|| regularizer.clone());
        let layer = |units, activation| {
            let (kernel_regularizer, activity_regularizer) = (Some(regularizer.clone()), of_outputs.clone());
            DenseSpec { units, activation, kernel_regularizer, activity_regularizer, ..DenseSpec::default() }
        };
        let layers = vec![layer(4, Activation::Tanh).into(), layer(CLASSES, Activation::Softmax).into()];
        let spec = ModelSpec { name: "regularized".to_owned(), input_shape: Shape::from([5]), layers };
        let info = steady(&spec, &OptimizerSpec::default(), LossSpec::default(), classes(CLASSES));
        if info.count_total > 0 {
            let _ = writeln!(found, "{regularizer:?}: {info:?}");
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn no_constraint_allocates() {
    let filters = UnitNormSpec { axis: Axes(vec![0, 1, 2]) };
    let mut found = String::new();
    for constraint in ConstraintSpec::palette().into_iter().chain([filters.into()]) {
        let kernel_constraint = Some(constraint.clone());
        let conv = Conv2dSpec { filters: 3, kernel_size: [3, 2], kernel_constraint, ..Conv2dSpec::default() };
        let dense = DenseSpec { units: CLASSES, ..DenseSpec::default() };
        let layers = vec![conv.into(), FlattenSpec::default().into(), dense.into()];
        let spec = ModelSpec { name: "constrained".to_owned(), input_shape: Shape::from([6, 5, 2]), layers };
        let info = steady(&spec, &OptimizerSpec::default(), LossSpec::default(), classes(CLASSES));
        if info.count_total > 0 {
            let _ = writeln!(found, "{constraint:?}: {info:?}");
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn a_loss_of_many_rows_allocates_nothing() {
    let dense = |units| LayerSpec::from(DenseSpec { units, ..DenseSpec::default() });
    let layers = vec![dense(4), dense(CLASSES)];
    let spec = ModelSpec { name: "rows".to_owned(), input_shape: Shape::from([7, 5]), layers };
    let targets = Targets::Values(Tensor::zeros(&[BATCH, 7, CLASSES]));
    let mse = LossSpec::named("mse").expect("a loss");
    let info = steady(&spec, &OptimizerSpec::default(), mse, targets);
    assert_eq!(info.count_total, 0, "{info:?}");
}

#[test]
fn no_preset_allocates() {
    for preset in Preset::ALL {
        let info = steady(&preset.spec(), &OptimizerSpec::default(), LossSpec::default(), classes(10));
        assert_eq!(info.count_total, 0, "{preset:?}: {info:?}");
    }
}

/// Images that are all alike are enough to count.
fn images(count: usize) -> LabeledImages {
    let labels = (0..count).map(|idx| (idx % 10) as u8).collect();
    LabeledImages::new([28, 28, 1], vec![7; count * 28 * 28], labels)
}

#[test]
fn no_batch_of_a_whole_run_allocates() {
    let (gradient_norm, histograms) = (true, true);
    for watch in [WatchSpec::default(), WatchSpec { gradient_norm, histograms }] {
        no_batch_allocates(watch, None);
    }
    no_batch_allocates(WatchSpec::default(), Some([(3, 15)].into()));
}

fn no_batch_allocates(watch: WatchSpec, class_counts: Option<BTreeMap<u32, usize>>) {
    let data = DataSpec { samples: 200, validation_samples: 0, class_counts, ..DataSpec::default() };
    let fit = FitSpec { batch_size: 40, epochs: 3, ..FitSpec::default() };
    let run = RunSpec { fit, data, ..RunSpec::new(Preset::Lenet5.spec()) };
    let model = Sequential::new(&run.model, run.seed).expect("the spec is valid");
    let mut trainer = Trainer::new(model, &run, Arc::new(images(200)));
    trainer.watch(watch);
    let mut batches = 0;
    loop {
        let mut step = None;
        let info = measure(|| step = Some(trainer.step()));
        match step.expect("it was made") {
            Step::Continue(TrainEvent::BatchEnd { epoch, batch, .. }) if epoch > 0 && batch > 0 => {
                // The first batch of an epoch builds its metrics.
                assert_eq!(info.count_total, 0, "epoch {epoch}, batch {batch}: {info:?}");
                batches += 1;
            }
            Step::Continue(_) => {}
            Step::Done => break,
        }
    }
    assert_eq!(batches, 8);
}
