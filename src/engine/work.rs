//! How much work a model is and how it can be cut, from its spec alone.

use crate::engine::layers::{LayerDef, LayerSpec, ParamSpec};
use crate::engine::spec::{ModelSpec, SpecError};
use crate::tensor::product;

/// The most that a chunk may cost, in FLOP: about 50 ms of a browser's time, so that Stop acts in time.
const CHUNK_FLOP: f64 = 1e9;
/// Chunks hold from [`MIN_CHUNK`] samples, so that products of matrices are large enough, …
const MIN_CHUNK: usize = 8;
/// … to so many.
pub const MAX_CHUNK: usize = 128;
/// Adding up a parameter's gradient costs about as much as 10 FLOP of the products, and should cost
/// a fortieth of them.
const FLOP_PER_PARAM: f64 = 400.0;

/// Floating-point operations of inference on one sample: two for each multiply-add of the layers with
/// a kernel. Biases, activations and pooling are not counted.
///
/// # Errors
/// If the spec is not valid.
pub fn inference_flop(spec: &ModelSpec) -> Result<f64, SpecError> {
    Ok(2.0 * multiply_adds(spec)?.iter().sum::<f64>())
}

/// Floating-point operations of training on one sample: as of inference, and as many again for the
/// gradients of kernel and input each. The first of these layers needs no gradient of its input. The
/// optimizer is not counted.
///
/// # Errors
/// If the spec is not valid.
pub fn training_flop(spec: &ModelSpec) -> Result<f64, SpecError> {
    let layers = multiply_adds(spec)?;
    let first = layers.first().copied().unwrap_or(0.0);
    Ok(2.0 * (3.0 * layers.iter().sum::<f64>() - first))
}

/// Of each layer with a kernel, for one sample.
fn multiply_adds(spec: &ModelSpec) -> Result<Vec<f64>, SpecError> {
    let shapes = spec.shapes()?;
    let mut counts = Vec::new();
    for (layer, (input, output)) in spec.layers.iter().zip(shapes.iter().zip(&shapes[1..])) {
        let kernels: Vec<ParamSpec> =
            layer.params(input).into_iter().filter(|param| param.name.ends_with("kernel")).collect();
        let Some(last) = kernels.last() else { continue };
        let channels = match layer {
            LayerSpec::DepthwiseConv2d(_) => product(&last.extents[2..]),
            _ => product(&last.extents[last.extents.len() - 1..]),
        };
        // Every kernel is used once at each position of the output.
        let positions = output.size() as f64 / channels as f64;
        counts.push(kernels.iter().map(|kernel| kernel.size() as f64).sum::<f64>() * positions);
    }
    Ok(counts)
}

/// Whether a training batch of such a model must be computed at once.
pub fn couples_samples(spec: &ModelSpec) -> bool {
    let by_penalty =
        |layer: &LayerSpec| layer.activity_regularizer().is_some_and(|penalty| penalty.couples_samples());
    spec.layers.iter().any(|layer| layer.couples_samples() || by_penalty(layer))
}

/// Samples of a training batch that are computed together.
///
/// Few samples make many chunks, which many workers can share; but each chunk's gradient is as long
/// as the parameters and must be added up. So the size follows from the ratio of parameters to work:
/// small for convolutions, which use each parameter often, large for dense layers. It depends on
/// nothing else, above all not on who computes: with it the order of sums would change.
///
/// # Errors
/// If the spec is not valid.
pub fn chunk_size(spec: &ModelSpec) -> Result<usize, SpecError> {
    let (flop, params) = (training_flop(spec)?.max(1.0), spec.num_params()? as f64);
    let cheap = ((FLOP_PER_PARAM * params / flop).ceil() as usize).clamp(MIN_CHUNK, MAX_CHUNK);
    let quick = ((CHUNK_FLOP / flop) as usize).clamp(1, MAX_CHUNK);
    Ok(cheap.next_power_of_two().min(1 << quick.ilog2()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{BatchNormalizationSpec, Conv2dSpec, DenseSpec, SeparableConv2dSpec};
    use crate::engine::presets::Preset;
    use crate::engine::regularizers::{L2Spec, RegularizerSpec};
    use crate::tensor::Shape;

    #[test]
    fn work_is_counted_as_for_other_engines() {
        let flop = Preset::ALL.map(|preset| training_flop(&preset.spec()).unwrap());
        assert_eq!(
            flop,
            [31_360.0, 409_088.0, 1_007_104.0, 2_263_920.0, 15_396_864.0, 21_245_952.0, 38_940_672.0]
        );
        let flop = Preset::ALL.map(|preset| inference_flop(&preset.spec()).unwrap());
        assert_eq!(flop, [15_680.0, 203_264.0, 469_504.0, 833_040.0, 5_262_080.0, 7_211_776.0, 13_110_016.0]);
    }

    #[test]
    fn chunks_are_small_for_convolutions_and_large_for_dense_layers() {
        let sizes = Preset::ALL.map(|preset| chunk_size(&preset.spec()).unwrap());
        assert_eq!(sizes, [128, 128, 128, 16, 8, 8, 8]);
    }

    #[test]
    fn a_chunk_of_a_heavy_network_is_a_few_samples() {
        let conv = |filters| Conv2dSpec { filters, kernel_size: [3, 3], ..Conv2dSpec::default() };
        let layers = vec![conv(64).into(), conv(128).into(), conv(256).into()];
        let heavy = ModelSpec { name: String::new(), input_shape: Shape::from([64, 64, 3]), layers };
        assert_eq!(chunk_size(&heavy).unwrap(), 1);
    }

    #[test]
    fn samples_are_coupled_by_a_layer_or_by_a_penalty_that_looks_at_all() {
        let spec =
            |layer| ModelSpec { name: String::new(), input_shape: Shape::from([4]), layers: vec![layer] };
        let normalization = |trainable| BatchNormalizationSpec { trainable, ..Default::default() };
        assert!(couples_samples(&spec(normalization(true).into())));
        assert!(!couples_samples(&spec(normalization(false).into())));
        let penalized = |penalty: RegularizerSpec| {
            DenseSpec { units: 2, activity_regularizer: Some(penalty), ..DenseSpec::default() }.into()
        };
        let coupling = RegularizerSpec::palette().into_iter().find(RegularizerSpec::couples_samples);
        assert!(couples_samples(&spec(penalized(coupling.expect("one of them does")))));
        assert!(!couples_samples(&spec(penalized(L2Spec::default().into()))));
    }

    #[test]
    fn both_kernels_of_a_separable_convolution_count() {
        let conv = SeparableConv2dSpec { filters: 4, kernel_size: [3, 3], ..SeparableConv2dSpec::default() };
        let dense = DenseSpec { units: 2, ..DenseSpec::default() };
        let spec = |layers| ModelSpec { name: String::new(), input_shape: Shape::from([4, 4, 3]), layers };
        // Four positions, 3·3·3 + 3·4 weights.
        assert_eq!(training_flop(&spec(vec![conv.into()])).unwrap(), 4.0 * 39.0 * 4.0);
        // Along the last axis: 16 positions.
        assert_eq!(training_flop(&spec(vec![dense.into()])).unwrap(), 4.0 * 6.0 * 16.0);
    }
}
