//! The inner loops on the shapes of the three workloads: products for a batch of 64, convolutions
//! and pooling image by image over 16 images, as layers run them. Products of random values first, which no
//! zero makes faster, then with the zeros that training meets.

use std::hint::black_box;

use super::{Probe, Work};
use crate::data::Targets;
use crate::engine::losses::{LossSpec, Outputs};
use crate::engine::optimizers::{OptimizedParam, OptimizerSpec};
use crate::tensor::kernels::conv2d::{self, Direct, Patches, Pooled, Winograd};
use crate::tensor::kernels::{Window, gemm, max_pooling2d, product};
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Shape, Tensor};

type Product = fn(usize, usize, usize, &[f32], &[f32], &mut [f32]);

/// Images that a convolution or a pooling goes over in one run.
const IMAGES: usize = 16;

/// Name, product, `[m, n, k]`.
const PRODUCTS: [(&str, Product, [usize; 3]); 6] = [
    ("gemm W1 dense 128, forward", gemm::nn, [64, 128, 784]),
    ("gemm W1 dense 128, weight gradient", gemm::tn, [784, 128, 64]),
    ("gemm W2 dense 128, forward", gemm::nn, [64, 128, 1600]),
    ("gemm W2 dense 128, weight gradient", gemm::tn, [1600, 128, 64]),
    ("gemm W2 dense 128, input gradient", gemm::nt, [64, 1600, 128]),
    ("gemm dense 10, forward", gemm::nn, [64, 10, 128]),
];

/// Name, input, window, padding before, filters.
const CONVOLUTIONS: [(&str, [usize; 3], usize, usize, usize); 4] = [
    ("W2 conv 32 3x3 of 28x28x1", [28, 28, 1], 3, 0, 32),
    ("W2 conv 64 3x3 of 13x13x32", [13, 13, 32], 3, 0, 64),
    ("W3 conv 6 5x5 same of 28x28x1", [28, 28, 1], 5, 2, 6),
    ("W3 conv 16 5x5 of 14x14x6", [14, 14, 6], 5, 0, 16),
];

/// Name, input.
const POOLINGS: [(&str, [usize; 3]); 2] =
    [("W2 max pooling 2x2 of 26x26x32", [26, 26, 32]), ("W3 max pooling 2x2 of 28x28x6", [28, 28, 6])];

/// One probe of each, in the order in which they are shown.
pub fn all() -> Vec<Probe> {
    let mut probes: Vec<Probe> = PRODUCTS.iter().map(matrix_product).collect();
    for &(name, input, size, padding, filters) in &CONVOLUTIONS {
        let window = window(input, size, 1, padding);
        probes.push(forward(name, window, filters));
        probes.push(weight_gradient(name, window, filters));
        // The first layer's input needs no gradient.
        if input[2] > 1 {
            probes.push(input_gradient(name, window, filters));
        }
    }
    probes.extend([
        digits("forward", product::nn, [64, 128, 784]),
        digits("weight gradient", product::tn, [784, 128, 64]),
    ]);
    for &(name, input, size, padding, filters) in &CONVOLUTIONS {
        probes.extend(pooled(name, window(input, size, 1, padding), filters));
    }
    for &(name, input) in &POOLINGS {
        probes.extend(pooling(name, window(input, 2, 2, 0)));
    }
    probes.extend([softmax_crossentropy(), adam("W1", 101_770), adam("W2", 225_034)]);
    probes
}

fn draw(len: usize) -> Vec<f32> {
    let mut rng = Rng::new(1, Purpose::Init, len as u64, 0);
    (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
}

fn window(input: [usize; 3], size: usize, stride: usize, padding: usize) -> Window {
    let output = [0, 1].map(|axis| (input[axis] + 2 * padding - size) / stride + 1);
    Window { input, output, size: [size; 2], strides: [stride; 2], dilation: [1; 2], before: [padding; 2] }
}

fn matrix_product(&(name, product, [m, n, k]): &(&'static str, Product, [usize; 3])) -> Probe {
    let (a, b, mut c) = (draw(m * k), draw(k * n), vec![0.0; m * n]);
    Probe::new(name, Work::Operations(2 * (m * n * k) as u64), move || {
        // Small sums stay finite however often it runs.
        c.fill(0.0);
        product(m, n, k, black_box(&a), black_box(&b), &mut c);
        black_box(&c);
    })
}

/// A dense layer on values as sparse as handwritten digits are: every fifth is not zero. Counted are the
/// operations of the whole product.
fn digits(what: &str, product: Product, [m, n, k]: [usize; 3]) -> Probe {
    let mut a = draw(m * k);
    a.iter_mut().enumerate().filter(|(idx, _)| idx % 5 > 0).for_each(|(_, value)| *value = 0.0);
    let (b, mut c) = (draw(k * n), vec![0.0; m * n]);
    Probe::new(
        format!("W1 dense 128 on digits, {what}"),
        Work::Operations(2 * (m * n * k) as u64),
        move || {
            c.fill(0.0);
            product(m, n, k, black_box(&a), black_box(&b), &mut c);
            black_box(&c);
        },
    )
}

/// A convolution with relu and 2×2 max pooling behind it, as the layer runs both: forward, in inference where
/// that is another way, and all gradients. Counted are the operations of the convolution as if nothing were
/// left out.
fn pooled(name: &str, window: Window, filters: usize) -> Vec<Probe> {
    let cells = window.output.map(|cells| cells / 2);
    let products = 2 * (IMAGES * window.num_cells() * window.num_inputs() * filters) as u64;
    let seen = Window { output: cells.map(|cells| 2 * cells), ..window };
    let Convolution { images, kernel, .. } = Convolution::new(window, filters);
    let len = cells[0] * cells[1] * filters;
    let mut probes = Vec::new();
    if let Some(mut direct) = Direct::new(seen, filters, true) {
        let (images, kernel) = (images.clone(), kernel.clone());
        let (mut output, mut winners) = (vec![0.0; len], vec![0; len]);
        let forward = move || {
            direct.set_kernel(&kernel, None);
            for image in images.chunks_exact(window.image_len()) {
                direct.forward_pooled(true, image, &mut output, Some(&mut winners));
            }
            black_box((&output, &winners));
        };
        let name = format!("{name} and max pooling 2x2, forward");
        probes.push(Probe::new(name, Work::Operations(products), forward));
    }
    if let Some(mut winograd) = Winograd::new(seen, filters) {
        let (images, kernel, mut output) = (images.clone(), kernel.clone(), vec![0.0; len]);
        let infer = move || {
            winograd.set_kernel(&kernel, None);
            for image in images.chunks_exact(window.image_len()) {
                winograd.forward_pooled(true, image, &mut output);
            }
            black_box(&output);
        };
        let name = format!("{name} and max pooling 2x2, inference");
        probes.push(Probe::new(name, Work::Operations(products), infer));
    }
    probes.push(pooled_gradients(name, seen, images, kernel, products));
    probes
}

/// The gradients behind a 2×2 max pooling and relu.
fn pooled_gradients(
    name: &str,
    window: Window,
    images: Vec<f32>,
    mut kernel: Vec<f32>,
    products: u64,
) -> Probe {
    let filters = kernel.len() / window.num_inputs();
    let pooling = self::window([window.output[0], window.output[1], filters], 2, 2, 0);
    let mut patches = Patches::new(window, filters);
    let mut pooled = Pooled::new(pooling, true, &patches);
    let len = pooling.num_cells() * filters;
    // Half of the sums are below zero, and of each four the largest wins: relu cuts off one in sixteen.
    let (mut output, mut winners) = (vec![0.0; len], vec![0; len]);
    pooled.forward(&draw(pooling.image_len()), &mut output, &mut winners);
    let (grad, mut grad_images) = (draw(len), vec![0.0; images.len()]);
    let wants = window.input[2] > 1;
    let backward = move || {
        kernel.fill(0.0);
        patches.begin_weight_gradient(&kernel);
        patches.set_kernel(&kernel);
        let grads = grad_images.chunks_exact_mut(window.image_len());
        for (image, grad_image) in images.chunks_exact(window.image_len()).zip(grads) {
            let entries = pooled.list(&winners, &grad, wants);
            patches.add_weight_gradient(image, entries, None);
            if wants {
                patches.input_gradient(entries, grad_image);
            }
        }
        patches.end_weight_gradient(&mut kernel);
        black_box((&kernel, &grad_images));
    };
    let work = Work::Operations(if wants { 2 * products } else { products });
    Probe::new(format!("{name} and max pooling 2x2, gradients"), work, backward)
}

/// What a convolution works with: images, their gradients' or outputs' values, kernel, windows.
struct Convolution {
    window: Window,
    filters: usize,
    images: Vec<f32>,
    outputs: Vec<f32>,
    kernel: Vec<f32>,
    columns: Vec<f32>,
}

impl Convolution {
    fn new(window: Window, filters: usize) -> Self {
        let (cells, inputs) = (window.num_cells(), window.num_inputs());
        Self {
            images: draw(IMAGES * window.image_len()),
            outputs: draw(IMAGES * cells * filters),
            kernel: draw(inputs * filters),
            columns: vec![0.0; cells * inputs],
            window,
            filters,
        }
    }

    fn work(&self) -> Work {
        Work::Operations(2 * (IMAGES * self.window.num_cells() * self.kernel.len()) as u64)
    }
}

fn forward(name: &str, window: Window, filters: usize) -> Probe {
    let mut conv = Convolution::new(window, filters);
    Probe::new(format!("{name}, forward"), conv.work(), move || {
        let Convolution { window, filters, images, outputs, kernel, columns } = &mut conv;
        let images = images.chunks_exact(window.image_len());
        for (image, output) in images.zip(outputs.chunks_exact_mut(window.num_cells() * *filters)) {
            conv2d::forward(window, image, kernel, None, columns, output);
        }
        black_box(outputs);
    })
}

fn weight_gradient(name: &str, window: Window, filters: usize) -> Probe {
    let mut conv = Convolution::new(window, filters);
    Probe::new(format!("{name}, weight gradient"), conv.work(), move || {
        let Convolution { window, filters, images, outputs, kernel, columns } = &mut conv;
        kernel.fill(0.0);
        let images = images.chunks_exact(window.image_len());
        for (image, grad) in images.zip(outputs.chunks_exact(window.num_cells() * *filters)) {
            conv2d::weight_gradient(window, image, grad, columns, kernel);
        }
        black_box(kernel);
    })
}

fn input_gradient(name: &str, window: Window, filters: usize) -> Probe {
    let mut conv = Convolution::new(window, filters);
    Probe::new(format!("{name}, input gradient"), conv.work(), move || {
        let Convolution { window, filters, images, outputs, kernel, columns } = &mut conv;
        images.fill(0.0);
        let grads = outputs.chunks_exact(window.num_cells() * *filters);
        for (image, grad) in images.chunks_exact_mut(window.image_len()).zip(grads) {
            conv2d::input_gradient(window, grad, kernel, columns, image);
        }
        black_box(images);
    })
}

fn pooling(name: &str, window: Window) -> [Probe; 2] {
    let values = window.num_cells() * window.input[2];
    let images = draw(IMAGES * window.image_len());
    let (mut outputs, mut winners) = (vec![0.0; IMAGES * values], vec![0; IMAGES * values]);
    let work = Work::Values((IMAGES * window.image_len()) as u64);
    let forward = move || {
        let images = images.chunks_exact(window.image_len());
        let cells = outputs.chunks_exact_mut(values).zip(winners.chunks_exact_mut(values));
        for (image, (output, winners)) in images.zip(cells) {
            max_pooling2d::forward(&window, image, output, winners);
        }
        black_box((&outputs, &winners));
    };
    let mut winners = vec![0; values];
    max_pooling2d::forward(&window, &draw(window.image_len()), &mut vec![0.0; values], &mut winners);
    let (grad, mut grad_images) = (draw(values), vec![0.0; IMAGES * window.image_len()]);
    let backward = move || {
        grad_images.fill(0.0);
        for image in grad_images.chunks_exact_mut(window.image_len()) {
            max_pooling2d::backward(&winners, &grad, image);
        }
        black_box(&grad_images);
    };
    [
        Probe::new(format!("{name}, forward"), work, forward),
        Probe::new(format!("{name}, gradient"), work, backward),
    ]
}

fn softmax_crossentropy() -> Probe {
    let (rows, classes) = (64, 10);
    let logits = Tensor::new(&[rows, classes], draw(rows * classes));
    let outputs = Outputs { values: logits.clone(), logits: Some(logits) };
    let targets = Targets::Classes((0..rows as u32).map(|row| row % classes as u32).collect());
    let loss = LossSpec::default();
    let divisor = loss.divisor(&Shape::from([classes]), &targets, None);
    let work = Work::Values((rows * classes) as u64);
    Probe::new("softmax and cross-entropy of 64x10, with gradient", work, move || {
        black_box(loss.compute(black_box(&outputs), &targets, None, divisor));
    })
}

fn adam(name: &str, len: usize) -> Probe {
    let only = OptimizedParam { range: 0..len, extents: vec![len], is_kernel: true, trainable: true };
    let mut optimizer = OptimizerSpec::default().build(&[only]);
    let (mut params, grads) = (draw(len), draw(len));
    Probe::new(format!("{name} Adam step of {len} parameters"), Work::Values(len as u64), move || {
        optimizer.step(&mut params, black_box(&grads));
        black_box(&params);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_probe_runs_and_has_a_name_of_its_own() {
        let mut probes = all();
        probes.iter_mut().for_each(Probe::run);
        assert!(probes.iter().all(|probe| probe.work.amount() > 0));
        let mut names: Vec<&str> = probes.iter().map(|probe| probe.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), probes.len());
    }
}
