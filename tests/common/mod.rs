//! A small run with every kind of layer whose final weights are known to the bit. The native tests and
//! those in the browser compare it with the same number.

use std::sync::Arc;

use svertka::data::LabeledImages;
use svertka::engine::layers::{
    Activation, ActivationSpec, Conv2dSpec, DenseSpec, DropoutSpec, FlattenSpec, MaxPooling2dSpec, Padding,
};
use svertka::engine::model::Sequential;
use svertka::engine::spec::{DataSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::trainer::{Step, Trainer};
use svertka::tensor::Shape;

/// [`checksum`] of the final weights. It changes with the order of any summation; then runs that users
/// saved no longer repeat, so change it only for a reason and say so in the changelog.
pub const EXPECTED: u64 = 0x95e6_a724_a349_1e5c;

const SHAPE: [usize; 3] = [11, 12, 2];
const SAMPLES: usize = 100;

/// Trains it and gives the final weights; `advance` makes the next step.
pub fn train(mut advance: impl FnMut(&mut Trainer) -> Step) -> Vec<f32> {
    // 37 images are four chunks of 8 and a smaller one; 100 − 12 images make the last batch smaller.
    let fit = FitSpec { batch_size: 37, epochs: 2, ..FitSpec::default() };
    let data = DataSpec { samples: SAMPLES, validation_samples: 12, ..DataSpec::default() };
    let run = RunSpec { fit, data, seed: 7, ..RunSpec::new(model_spec()) };
    let model = Sequential::new(&run.model, run.seed).expect("the spec is valid");
    let mut trainer = Trainer::new(model, &run, Arc::new(images()));
    while advance(&mut trainer) != Step::Done {}
    trainer.into_model().params().to_vec()
}

/// FNV-1a over the little-endian bytes.
pub fn checksum(values: &[f32]) -> u64 {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn model_spec() -> ModelSpec {
    let dense = |units, activation| DenseSpec { units, activation, ..DenseSpec::default() };
    let conv = |filters, kernel_size, strides, padding, activation| Conv2dSpec {
        filters,
        kernel_size,
        strides,
        padding,
        activation,
        ..Conv2dSpec::default()
    };
    let layers = vec![
        conv(5, [3, 3], [1, 1], Padding::Same, Activation::Relu).into(),
        MaxPooling2dSpec::default().into(),
        conv(6, [3, 2], [1, 2], Padding::Valid, Activation::Linear).into(),
        ActivationSpec { activation: Activation::Tanh }.into(),
        DropoutSpec { rate: 0.25, ..DropoutSpec::default() }.into(),
        FlattenSpec::default().into(),
        dense(13, Activation::Sigmoid).into(),
        dense(4, Activation::Softmax).into(),
    ];
    ModelSpec { name: "bits".to_owned(), input_shape: Shape::from(SHAPE), layers }
}

/// Bars whose place depends on the class, under noise from a linear congruential generator.
fn images() -> LabeledImages {
    let [h, w, c] = SHAPE;
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 26) as u8
    };
    let labels: Vec<u8> = (0..SAMPLES).map(|i| (i * 7 % 4) as u8).collect();
    let mut pixels = Vec::new();
    for label in &labels {
        for value in 0..h * w * c {
            let row = value / (w * c);
            pixels.push(noise() + if row / 3 == usize::from(*label) { 180 } else { 0 });
        }
    }
    LabeledImages::new(SHAPE, pixels, labels)
}
