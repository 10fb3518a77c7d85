//! [`Pointwise`]: a layer without parameters that applies one function to every value.

use super::{Layer, Pass};
use crate::tensor::Tensor;

/// A function of one number and its slope.
pub(super) trait Function: Clone + Send + 'static {
    fn value(&self, x: f32) -> f32;
    fn slope(&self, x: f32) -> f32;
}

/// Remembers its input for `backward`.
pub(super) struct Pointwise<F> {
    function: F,
    input: Option<Tensor>,
}

impl<F: Function> Pointwise<F> {
    pub fn boxed(function: &F) -> Box<dyn Layer> {
        Box::new(Self { function: function.clone(), input: None })
    }
}

impl<F: Function> Layer for Pointwise<F> {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let mut output = input.clone();
        output.values_mut().iter_mut().for_each(|x| *x = self.function.value(*x));
        self.input = pass.is_training().then(|| input.clone());
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let input = self.input.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        let pairs = grad.values_mut().iter_mut().zip(input.values());
        pairs.for_each(|(g, x)| *g *= self.function.slope(*x));
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.input.is_some()
    }
}
