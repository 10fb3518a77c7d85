//! What the convolution layers are built of: one convolution, several side by side, and an
//! activation at the end.

use super::activation::{Kept, last_axis};
use super::{Activation, Layer, LayerError, Pass};
use crate::tensor::kernels::conv2d::{self, Direct, Winograd};
use crate::tensor::kernels::{Window, sum_rows};
use crate::tensor::{Buffer, Extents, Tensor};

/// A convolution with channels last. Its parameters are kernel `[kh, kw, c, filters]` and bias.
///
/// Remembers its input and what its activation needs for `backward`; the matrix of windows is
/// cheaper to write again than to keep.
pub(super) struct Convolution {
    window: Window,
    filters: usize,
    use_bias: bool,
    activation: Activation,
    /// What the windows of one image see, `[oh*ow, kh*kw*c]`: room that is used again and again.
    columns: Vec<f32>,
    /// A faster way forward for windows that are not large.
    direct: Option<Direct>,
    /// The fastest way for deep windows of 3×3, in inference.
    winograd: Option<Winograd>,
    cache: Option<(Tensor, Kept)>,
}

impl Convolution {
    pub(super) fn new(window: Window, filters: usize, use_bias: bool, activation: Activation) -> Self {
        let (direct, winograd) = (Direct::new(window, filters, false), Winograd::new(window, filters));
        Self { window, filters, use_bias, activation, columns: Vec::new(), direct, winograd, cache: None }
    }
}

impl Layer for Convolution {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (window, filters) = (self.window, self.filters);
        let [height, width, channels] = window.input;
        let n = input.batch();
        assert_eq!(
            input.extents(),
            [n, height, width, channels],
            "a convolution was built for another input"
        );
        let (cells, inputs) = (window.num_cells(), window.num_inputs());
        let (kernel, bias) = params.split_at(inputs * filters);
        let bias = self.use_bias.then_some(bias);
        let mut output = Tensor::zeros(&[n, window.output[0], window.output[1], filters]);
        let images = input.values().chunks_exact(window.image_len());
        let both = images.zip(output.values_mut().chunks_exact_mut(cells * filters));
        if !pass.is_training()
            && let Some(winograd) = &mut self.winograd
        {
            winograd.set_kernel(kernel, bias);
            both.for_each(|(image, output)| winograd.forward(image, output));
        } else if let Some(direct) = &mut self.direct {
            direct.set_kernel(kernel, bias);
            both.for_each(|(image, output)| direct.forward(image, output));
        } else {
            self.columns.resize(cells * inputs, 0.0);
            both.for_each(|(image, output)| {
                conv2d::forward(&window, image, kernel, bias, &mut self.columns, output);
            });
        }
        let kept = self.activation.forward(&mut output, pass);
        self.cache = kept.map(|kept| (input.clone(), kept));
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let (input, kept) = self.cache.take().expect("backward follows a training forward");
        let (window, filters) = (self.window, self.filters);
        let (cells, inputs) = (window.num_cells(), window.num_inputs());
        let (kernel, _) = params.split_at(inputs * filters);
        let (grad_kernel, grad_bias) = grads.split_at_mut(inputs * filters);

        self.columns.resize(cells * inputs, 0.0);
        let mut grad = grad_output.clone();
        self.activation.backward(&kept, grad.values_mut(), filters);
        let images = input.values().chunks_exact(window.image_len());
        for (image, grad) in images.zip(grad.values().chunks_exact(cells * filters)) {
            conv2d::weight_gradient(&window, image, grad, &mut self.columns, grad_kernel);
        }
        if self.use_bias {
            sum_rows(grad.values(), grad_bias);
        }
        wants.then(|| {
            let mut grad_input = Tensor::zeros(input.extents());
            let images = grad_input.values_mut().chunks_exact_mut(window.image_len());
            for (image, grad) in images.zip(grad.values().chunks_exact(cells * filters)) {
                conv2d::input_gradient(&window, grad, kernel, &mut self.columns, image);
            }
            grad_input
        })
    }

    fn has_cache(&self) -> bool {
        self.cache.is_some()
    }
}

/// Convolutions side by side: the g-th sees the g-th part of the input's channels and gives the g-th
/// part of the output's.
///
/// Kernel `[kh, kw, c/groups, filters]` and bias `[filters]` are rows as long as the output has
/// channels; each convolution's parameters are its part of every row.
pub(super) struct Grouped {
    parts: Vec<Convolution>,
}

impl Grouped {
    /// `window` and `filters` are those of the whole.
    pub(super) fn new(window: Window, filters: usize, use_bias: bool, groups: usize) -> Self {
        let [height, width, channels] = window.input;
        let part = Window { input: [height, width, channels / groups], ..window };
        let convolution = |_| Convolution::new(part, filters / groups, use_bias, Activation::Linear);
        Self { parts: (0..groups).map(convolution).collect() }
    }

    /// The g-th part of every row of a batch of images.
    fn part_of(&self, images: &Tensor, g: usize) -> Tensor {
        let groups = self.parts.len();
        let mut extents = Extents::from_slice(images.extents());
        extents[3] /= groups;
        Tensor::over(&extents, take(images.values(), images.extents()[3], groups, g))
    }

    fn filters(&self) -> usize {
        self.parts.iter().map(|part| part.filters).sum()
    }
}

impl Layer for Grouped {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (groups, filters) = (self.parts.len(), self.filters());
        let [rows, columns] = self.parts[0].window.output;
        let mut output = Tensor::zeros(&[input.batch(), rows, columns, filters]);
        for g in 0..groups {
            let (input, params) = (self.part_of(input, g), take(params, filters, groups, g));
            let part = self.parts[g].forward(&input, &params, pass);
            add(output.values_mut(), filters, groups, g, part.values());
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
        let (groups, filters) = (self.parts.len(), self.filters());
        let [height, width, channels] = self.parts[0].window.input;
        let channels = channels * groups;
        let mut grad_input = wants.then(|| Tensor::zeros(&[grad_output.batch(), height, width, channels]));
        for g in 0..groups {
            let (grad, params) = (self.part_of(grad_output, g), take(params, filters, groups, g));
            let mut part_grads = Buffer::zeros(params.len());
            let part = self.parts[g].backward(&grad, &params, &mut part_grads, wants);
            add(grads, filters, groups, g, &part_grads);
            if let (Some(whole), Some(part)) = (&mut grad_input, part) {
                add(whole.values_mut(), channels, groups, g, part.values());
            }
        }
        grad_input
    }

    fn has_cache(&self) -> bool {
        self.parts.iter().any(Convolution::has_cache)
    }
}

/// The g-th of `groups` equal parts of every row of `row` values.
fn take(values: &[f32], row: usize, groups: usize, g: usize) -> Buffer<f32> {
    let len = row / groups;
    let parts = values.chunks_exact(row).flat_map(|row| &row[g * len..(g + 1) * len]);
    Buffer::collect(values.len() / groups, parts.copied())
}

/// Adds what [`take`] took.
fn add(values: &mut [f32], row: usize, groups: usize, g: usize, part: &[f32]) {
    let len = row / groups;
    for (row, part) in values.chunks_exact_mut(row).zip(part.chunks_exact(len)) {
        row[g * len..].iter_mut().zip(part).for_each(|(value, part)| *value += part);
    }
}

/// A layer of linear sums and the activation after it, over the last axis of what it gives.
pub(super) struct Activated {
    inner: Box<dyn Layer>,
    activation: Activation,
    kept: Option<Kept>,
}

impl Activated {
    pub(super) fn new(inner: Box<dyn Layer>, activation: Activation) -> Self {
        Self { inner, activation, kept: None }
    }
}

impl Layer for Activated {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let mut output = self.inner.forward(input, params, pass);
        self.kept = self.activation.forward(&mut output, pass);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let kept = self.kept.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        let row = last_axis(&grad);
        self.activation.backward(&kept, grad.values_mut(), row);
        self.inner.backward(&grad, params, grads, wants)
    }

    fn has_cache(&self) -> bool {
        self.kept.is_some() || self.inner.has_cache()
    }
}

/// Checks that a count is not 0.
///
/// # Errors
/// If it is.
pub(super) fn at_least_one(argument: &str, count: usize) -> Result<(), LayerError> {
    if count == 0 { Err(LayerError::Zero { argument: argument.to_owned() }) } else { Ok(()) }
}
