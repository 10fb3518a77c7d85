//! A convolution, its relu and the max pooling behind it, computed image by image in one go.
//!
//! The bits are those of the two layers by themselves. What it saves: the convolution's whole output is
//! never written for a batch, cells that the pooling leaves out are not computed, and the gradient, three
//! quarters of which are zeros and more, is neither written nor multiplied. Of 2×2 cells only the largest is
//! ever written.

use super::activation::Activation;
use super::conv2d::Conv2dSpec;
use super::max_pooling2d::MaxPooling2dSpec;
use super::{DataFormat, Layer, LayerDef, Pass};
use crate::tensor::kernels::conv2d::{self, Direct, Patches, Pooled, Winograd};
use crate::tensor::kernels::{Window, sparse, sum_rows};
use crate::tensor::{Shape, Tensor};

/// The fewest cells of a pooling's window for which a list of the gradient's values is worth it.
const MIN_CELLS: usize = 4;

/// A convolution and the pooling behind it as one layer, where that can be done.
pub(super) fn build(conv: &Conv2dSpec, pool: &MaxPooling2dSpec, input: &Shape) -> Option<Box<dyn Layer>> {
    let last = DataFormat::ChannelsLast;
    let plain = conv.groups == 1 && conv.dilation_rate == [1, 1] && conv.activity_regularizer.is_none();
    let relu = conv.activation == Activation::Relu;
    if !plain || !(relu || conv.activation == Activation::Linear) {
        return None;
    }
    if conv.data_format != last || pool.data_format != last {
        return None;
    }
    let window = conv.window(input).ok()?;
    let pooling = pool.window(&conv.output_shape(input).ok()?).ok()?;
    let overlaps = [0, 1].iter().any(|axis| pooling.strides[*axis] < pooling.size[*axis]);
    let cells = pooling.size[0] * pooling.size[1];
    if overlaps || pooling.before != [0, 0] || cells < MIN_CELLS {
        return None;
    }
    let whole = [window, pooling];
    // What the pooling leaves out at the end is not computed.
    let seen = [0, 1].map(|axis| {
        let end = (pooling.output[axis] - 1) * pooling.strides[axis] + pooling.size[axis];
        end.min(window.output[axis])
    });
    let window = Window { output: seen, ..window };
    let pooling = Window { input: [seen[0], seen[1], conv.filters], ..pooling };
    let is_halved =
        pooling.size == [2, 2] && pooling.strides == [2, 2] && seen == pooling.output.map(|cells| cells * 2);
    let patches = Patches::new(window, conv.filters);
    Some(Box::new(PooledConvolution {
        pooled: Pooled::new(pooling, relu, &patches),
        patches,
        direct: Direct::new(window, conv.filters, is_halved),
        winograd: is_halved.then(|| Winograd::new(window, conv.filters)).flatten(),
        whole,
        window,
        pooling,
        relu,
        is_halved,
        use_bias: conv.use_bias,
        columns: Vec::new(),
        sums: Vec::new(),
        winners: Vec::new(),
        input: None,
    }))
}

/// Remembers its input and the pooling's winners for `backward`.
struct PooledConvolution {
    /// The convolution's window and the pooling's, as if all were computed.
    whole: [Window; 2],
    /// The convolution's, of the cells that the pooling sees.
    window: Window,
    /// The pooling's, over those.
    pooling: Window,
    relu: bool,
    /// Whether the pooling takes 2×2 cells, all of them.
    is_halved: bool,
    use_bias: bool,
    patches: Patches,
    pooled: Pooled,
    /// A faster way for windows that are not large.
    direct: Option<Direct>,
    /// The fastest way for deep windows of 3×3, in inference.
    winograd: Option<Winograd>,
    /// What the windows of one image see, `[oh*ow, kh*kw*c]`.
    columns: Vec<f32>,
    /// What the convolution gives of one image, or the gradient of that.
    sums: Vec<f32>,
    /// One for each output value.
    winners: Vec<u32>,
    input: Option<Tensor>,
}

impl PooledConvolution {
    fn filters(&self) -> usize {
        self.pooling.input[2]
    }

    /// Output values of one image.
    fn output_len(&self) -> usize {
        self.pooling.num_cells() * self.filters()
    }

    /// Writes the output and, for `backward`, who won.
    fn forward_with_winners(
        &mut self,
        input: &Tensor,
        kernel: &[f32],
        bias: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let (window, len) = (self.window, self.output_len());
        self.winners.resize(output.len(), 0);
        let outputs = output.chunks_exact_mut(len).zip(self.winners.chunks_exact_mut(len));
        let images = input.values().chunks_exact(window.image_len()).zip(outputs);
        if let Some(direct) = &mut self.direct {
            direct.set_kernel(kernel, bias);
            if self.is_halved {
                for (image, (output, winners)) in images {
                    direct.forward_pooled(self.relu, image, output, Some(winners));
                }
                return;
            }
            self.sums.resize(self.pooling.image_len(), 0.0);
            for (image, (output, winners)) in images {
                direct.forward(image, &mut self.sums);
                self.pooled.forward(&self.sums, output, winners);
            }
            return;
        }
        self.columns.resize(window.num_cells() * window.num_inputs(), 0.0);
        self.sums.resize(self.pooling.image_len(), 0.0);
        for (image, (output, winners)) in images {
            conv2d::forward(&window, image, kernel, bias, &mut self.columns, &mut self.sums);
            self.pooled.forward(&self.sums, output, winners);
        }
    }

    /// Writes the output alone.
    fn infer(&mut self, input: &Tensor, kernel: &[f32], bias: Option<&[f32]>, output: &mut [f32]) {
        let (len, relu) = (self.output_len(), self.relu);
        let images = input.values().chunks_exact(self.window.image_len());
        let both = images.zip(output.chunks_exact_mut(len));
        if let Some(winograd) = &mut self.winograd {
            winograd.set_kernel(kernel, bias);
            both.for_each(|(image, output)| winograd.forward_pooled(relu, image, output));
        } else if self.is_halved
            && let Some(direct) = &mut self.direct
        {
            direct.set_kernel(kernel, bias);
            both.for_each(|(image, output)| direct.forward_pooled(relu, image, output, None));
        } else {
            self.forward_with_winners(input, kernel, bias, output);
        }
    }

    /// As in `backward`, with all zeros: where one stands beside what is not finite it counts.
    fn backward_with_zeros(
        &mut self,
        grad_output: &Tensor,
        kernel: &[f32],
        [grad_kernel, grad_bias]: [&mut [f32]; 2],
        input: &Tensor,
        mut grad_input: Option<&mut Tensor>,
    ) {
        let ([window, pooling], len) = (self.whole, self.output_len());
        self.columns.resize(window.num_cells() * window.num_inputs(), 0.0);
        self.sums.resize(pooling.image_len(), 0.0);
        let grads = self.winners.chunks_exact(len).zip(grad_output.values().chunks_exact(len));
        for (n, (winners, grad)) in grads.enumerate() {
            let image = n * window.image_len()..(n + 1) * window.image_len();
            Pooled::spread(&pooling, winners, grad, &mut self.sums);
            let (columns, sums) = (&mut self.columns, &self.sums);
            conv2d::weight_gradient(&window, &input.values()[image.clone()], sums, columns, grad_kernel);
            if self.use_bias {
                sum_rows(sums, grad_bias);
            }
            if let Some(grad_input) = &mut grad_input {
                let grad_image = &mut grad_input.values_mut()[image];
                conv2d::input_gradient(&window, sums, kernel, columns, grad_image);
            }
        }
    }
}

impl Layer for PooledConvolution {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (window, filters) = (self.window, self.filters());
        let [height, width, channels] = window.input;
        let n = input.batch();
        assert_eq!(
            input.extents(),
            [n, height, width, channels],
            "a convolution was built for another input"
        );
        let (kernel, bias) = params.split_at(window.num_inputs() * filters);
        let bias = self.use_bias.then_some(bias);
        let [rows, columns] = self.pooling.output;
        let mut output = Tensor::zeros(&[n, rows, columns, filters]);
        if pass.is_training() {
            self.forward_with_winners(input, kernel, bias, output.values_mut());
            self.input = Some(input.clone());
        } else {
            self.infer(input, kernel, bias, output.values_mut());
        }
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let input = self.input.take().expect("backward follows a training forward");
        let (window, len) = (self.window, self.output_len());
        let (kernel, _) = params.split_at(window.num_inputs() * self.filters());
        let (grad_kernel, grad_bias) = grads.split_at_mut(kernel.len());
        let mut grad_input = wants.then(|| Tensor::zeros(input.extents()));

        if !sparse::is_finite(input.values()) || !sparse::is_finite(kernel) {
            let grads = [grad_kernel, grad_bias];
            self.backward_with_zeros(grad_output, kernel, grads, &input, grad_input.as_mut());
            return grad_input;
        }
        self.patches.begin_weight_gradient(grad_kernel);
        if wants {
            self.patches.set_kernel(kernel);
        }
        let grads = self.winners.chunks_exact(len).zip(grad_output.values().chunks_exact(len));
        for (n, (winners, grad)) in grads.enumerate() {
            let image = n * window.image_len()..(n + 1) * window.image_len();
            let entries = self.pooled.list(winners, grad, wants);
            let grad_bias = self.use_bias.then_some(&mut *grad_bias);
            self.patches.add_weight_gradient(&input.values()[image.clone()], entries, grad_bias);
            if let Some(grad_input) = &mut grad_input {
                self.patches.input_gradient(entries, &mut grad_input.values_mut()[image]);
            }
        }
        self.patches.end_weight_gradient(grad_kernel);
        grad_input
    }

    fn has_cache(&self) -> bool {
        self.input.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Padding;
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    const TRAIN: Pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };
    const BATCH: usize = 3;

    fn draw(len: usize, stream: u64) -> Vec<f32> {
        let mut rng = Rng::new(4, Purpose::Init, stream, 0);
        (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        // A NaN's bits are the processor's own.
        values.iter().map(|value| if value.is_nan() { u32::MAX } else { value.to_bits() }).collect()
    }

    /// Both ways through a batch; twice, so that what one batch leaves behind would show in the next.
    fn assert_same_bits(
        conv: &Conv2dSpec,
        pool: &MaxPooling2dSpec,
        shape: &Shape,
        spoil: impl Fn(&mut [f32], &mut [f32]),
    ) {
        let what = || format!("{conv:?} {pool:?} {shape}");
        let between = conv.output_shape(shape).unwrap();
        let mut both = build(conv, pool, shape).unwrap_or_else(|| panic!("is not built as one: {}", what()));
        let (mut first, mut second) = (conv.build(shape, 0), pool.build(&between, 1));
        let len = conv.params(shape).iter().map(super::super::ParamSpec::size).sum();
        for round in 0..2 {
            let mut params = draw(len, round);
            let mut input = Tensor::new(&shape.with_batch(BATCH), draw(BATCH * shape.size(), 10 + round));
            spoil(&mut params, input.values_mut());

            let expected = second.forward(&first.forward(&input, &params, TRAIN), &[], TRAIN);
            let got = both.forward(&input, &params, TRAIN);
            assert_eq!(bits(got.values()), bits(expected.values()), "output of {}", what());
            assert_eq!(got.extents(), expected.extents());
            assert!(both.has_cache());

            let grad = Tensor::new(got.extents(), draw(got.values().len(), 20 + round));
            // Gradients are added to what is there.
            let (mut grads, mut expected_grads) = (draw(len, 30), draw(len, 30));
            let between = second.backward(&grad, &[], &mut [], true).unwrap();
            let expected = first.backward(&between, &params, &mut expected_grads, true).unwrap();
            let wants = round == 0;
            let got = both.backward(&grad, &params, &mut grads, wants);
            assert_eq!(bits(&grads), bits(&expected_grads), "gradient of the parameters of {}", what());
            let expected = wants.then(|| bits(expected.values()));
            assert_eq!(got.map(|grad| bits(grad.values())), expected, "gradient of the input of {}", what());
            assert!(!both.has_cache());

            let inferred = both.forward(&input, &params, Pass::Infer);
            let first = first.forward(&input, &params, Pass::Infer);
            let expected = second.forward(&first, &[], Pass::Infer);
            assert_eq!(bits(inferred.values()), bits(expected.values()), "inference of {}", what());
            assert!(!both.has_cache());
        }
    }

    fn specs() -> Vec<(Conv2dSpec, MaxPooling2dSpec)> {
        let mut all = Vec::new();
        for (kernel_size, strides) in [([3, 3], [1, 1]), ([5, 5], [1, 1]), ([2, 3], [2, 1]), ([1, 4], [1, 2])]
        {
            for (padding, filters) in
                [(Padding::Same, 9), (Padding::Valid, 3), (Padding::Same, 4), (Padding::Valid, 16)]
            {
                for (pool_size, pool_strides, pool_padding) in [
                    ([2, 2], None, Padding::Valid),
                    ([3, 2], None, Padding::Valid),
                    ([2, 2], Some([3, 2]), Padding::Valid),
                    ([1, 4], None, Padding::Valid),
                    ([2, 2], None, Padding::Same),
                ] {
                    for (activation, use_bias) in [(Activation::Relu, true), (Activation::Linear, false)] {
                        let conv = Conv2dSpec {
                            filters,
                            kernel_size,
                            strides,
                            padding,
                            activation,
                            use_bias,
                            ..Conv2dSpec::default()
                        };
                        let pool = MaxPooling2dSpec {
                            pool_size,
                            strides: pool_strides,
                            padding: pool_padding,
                            ..MaxPooling2dSpec::default()
                        };
                        all.push((conv, pool));
                    }
                }
            }
        }
        all
    }

    #[test]
    fn one_layer_has_the_bits_of_two() {
        for (conv, pool) in specs() {
            for shape in [Shape::from([11, 13, 1]), Shape::from([12, 10, 2]), Shape::from([9, 12, 5])] {
                assert_same_bits(&conv, &pool, &shape, |_, _| {});
            }
        }
    }

    #[test]
    fn deep_windows_give_the_same_bits_too() {
        for (padding, shape) in [(Padding::Valid, [13, 12, 16]), (Padding::Same, [9, 8, 32])] {
            let conv =
                Conv2dSpec { filters: 24, padding, activation: Activation::Relu, ..Conv2dSpec::default() };
            assert_same_bits(&conv, &MaxPooling2dSpec::default(), &Shape::from(shape), |_, _| {});
        }
    }

    #[test]
    fn mostly_black_images_and_ties_give_the_same_bits() {
        for (conv, pool) in specs() {
            assert_same_bits(&conv, &pool, &Shape::from([11, 13, 2]), |_, input| {
                input.iter_mut().enumerate().filter(|(idx, _)| idx % 7 > 0).for_each(|(_, x)| *x = 0.0);
            });
        }
    }

    #[test]
    fn what_is_not_finite_goes_where_it_goes_in_two_layers() {
        let (conv, pool) = (
            Conv2dSpec { filters: 5, activation: Activation::Relu, ..Conv2dSpec::default() },
            MaxPooling2dSpec::default(),
        );
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_same_bits(&conv, &pool, &Shape::from([8, 8, 2]), |_, input| input[70] = odd);
            assert_same_bits(&conv, &pool, &Shape::from([8, 8, 2]), |params, _| params[7] = odd);
        }
    }

    #[test]
    fn what_two_layers_must_do_is_left_to_them() {
        let shape = Shape::from([12, 12, 2]);
        let (conv, pool) = (Conv2dSpec { filters: 4, ..Conv2dSpec::default() }, MaxPooling2dSpec::default());
        assert!(build(&conv, &pool, &shape).is_some());
        let refused = [
            (Conv2dSpec { activation: Activation::Tanh, ..conv.clone() }, pool.clone()),
            (Conv2dSpec { groups: 2, ..conv.clone() }, pool.clone()),
            (Conv2dSpec { dilation_rate: [2, 1], ..conv.clone() }, pool.clone()),
            (Conv2dSpec { data_format: DataFormat::ChannelsFirst, ..conv.clone() }, pool.clone()),
            (
                Conv2dSpec {
                    activity_regularizer: Some(crate::engine::regularizers::RegularizerSpec::L2(
                        crate::engine::regularizers::L2Spec::default(),
                    )),
                    ..conv.clone()
                },
                pool.clone(),
            ),
            (conv.clone(), MaxPooling2dSpec { strides: Some([1, 2]), ..pool.clone() }),
            (conv.clone(), MaxPooling2dSpec { pool_size: [1, 2], ..pool.clone() }),
            (conv, MaxPooling2dSpec { pool_size: [4, 4], padding: Padding::Same, ..pool }),
        ];
        for (conv, pool) in refused {
            assert!(build(&conv, &pool, &shape).is_none(), "{conv:?} {pool:?}");
        }
    }
}
