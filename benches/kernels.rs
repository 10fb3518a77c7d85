//! How fast the kernels are on the shapes of the Keras-style CNN (convolutions of 32 and 64
//! filters) and the lecture's MLP. Throughput of products is in FLOP/s, two for each multiply-add.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use svertka::tensor::kernels::{Window, conv2d, gemm, max_pooling2d};
use svertka::tensor::rng::{Purpose, Rng};

type Product = fn(usize, usize, usize, &[f32], &[f32], &mut [f32]);

const PRODUCTS: [(&str, Product, [usize; 3]); 8] = [
    ("conv 64 of one image, forward", gemm::nn, [121, 64, 288]),
    ("conv 64 of one image, grad_input", gemm::nt, [121, 288, 64]),
    ("conv 64 of one image, grad_kernel", gemm::tn, [288, 64, 121]),
    ("conv 32 of one image, forward", gemm::nn, [676, 32, 9]),
    ("dense 128 of a batch, forward", gemm::nn, [64, 128, 784]),
    ("dense 128 of a batch, grad_kernel", gemm::tn, [784, 128, 64]),
    ("dense 10 of a batch, forward", gemm::nn, [64, 10, 128]),
    ("conv 64 of one image, naive loop", gemm::naive::nn, [121, 64, 288]),
];

fn draw(len: usize) -> Vec<f32> {
    let mut rng = Rng::new(1, Purpose::Init, len as u64, 0);
    (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
}

fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gemm");
    for (name, product, [m, n, k]) in PRODUCTS {
        let (a, b, mut c) = (draw(m * k), draw(k * n), vec![0.0; m * n]);
        group.throughput(Throughput::Elements(2 * (m * n * k) as u64));
        group.bench_function(name, |bencher| bencher.iter(|| product(m, n, k, &a, &b, &mut c)));
    }
}

fn windows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one image");
    let conv = Window {
        input: [13, 13, 32],
        output: [11, 11],
        size: [3, 3],
        strides: [1, 1],
        dilation: [1, 1],
        before: [0, 0],
    };
    let mut image = draw(conv.image_len());
    let mut columns = vec![0.0; conv.num_cells() * conv.num_inputs()];
    group.bench_function("im2col", |bencher| bencher.iter(|| conv2d::im2col(&conv, &image, &mut columns)));
    group.bench_function("col2im", |bencher| bencher.iter(|| conv2d::col2im(&conv, &columns, &mut image)));

    let pool = Window {
        input: [26, 26, 32],
        output: [13, 13],
        size: [2, 2],
        strides: [2, 2],
        dilation: [1, 1],
        before: [0, 0],
    };
    let image = draw(pool.image_len());
    let mut output = vec![0.0; pool.num_cells() * 32];
    let mut winners = vec![0; output.len()];
    group.bench_function("max pooling", |bencher| {
        bencher.iter(|| max_pooling2d::forward(&pool, &image, &mut output, &mut winners));
    });
}

criterion_group!(benches, products, windows);
criterion_main!(benches);
