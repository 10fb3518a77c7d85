//! Gradient centralization: Yong, Huang, Hua and Zhang 2020, "Gradient Centralization: A New
//! Optimization Technique for Deep Neural Networks", arXiv 2004.01461, equation 1.
//!
//! Each column of a kernel's gradient, one per output unit or filter, loses its mean:
//! `g[…, j] −= mean over … of g[…, j]`. The paper's Algorithms 1 (SGD with momentum) and 2 (Adam)
//! do so first of all; biases, being vectors, are left alone. Keras has no such option.

use crate::tensor::Buffer;

/// Centralizes the gradient of one kernel, whose last axis has `outputs` positions.
pub(super) fn centralize(grads: &mut [f32], outputs: usize) {
    let rows = grads.len() / outputs;
    let mut means = Buffer::<f64>::zeros(outputs);
    for row in grads.chunks_exact(outputs) {
        means.iter_mut().zip(row).for_each(|(mean, g)| *mean += f64::from(*g));
    }
    for mean in means.iter_mut() {
        *mean /= rows as f64;
    }
    for row in grads.chunks_exact_mut(outputs) {
        row.iter_mut().zip(&means).for_each(|(g, mean)| *g -= *mean as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_output_loses_its_mean() {
        // 3 inputs, 2 outputs.
        let mut grads = [1.0, 10.0, 2.0, 20.0, 6.0, 60.0];
        centralize(&mut grads, 2);
        assert_eq!(grads, [-2.0, -20.0, -1.0, -10.0, 3.0, 30.0]);
    }
}
