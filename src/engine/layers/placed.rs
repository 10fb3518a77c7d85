//! The layers of a model, built; what is faster together is one.

use std::ops::Range;

use super::{Layer, LayerDef, LayerSpec, ParamSpec, pooled_convolution};
use crate::tensor::Shape;

/// A built layer and its place in a model.
pub struct Placed {
    /// What computes.
    pub layer: Box<dyn Layer>,
    /// Where its parameters lie among the model's.
    pub params: Range<usize>,
    /// The position in the spec of the layer whose output it gives.
    pub last: usize,
}

/// Builds neighboring layers, the first of which takes the first of `shapes`.
pub fn build_all(specs: &[LayerSpec], shapes: &[Shape]) -> Vec<Placed> {
    let (mut all, mut first, mut end) = (Vec::new(), 0, 0);
    while first < specs.len() {
        let (layer, len) = build_first(&specs[first..], &shapes[first], first);
        let num_params = specs[first..first + len]
            .iter()
            .zip(&shapes[first..])
            .map(|(spec, input)| spec.params(input).iter().map(ParamSpec::size).sum::<usize>());
        let begin = end;
        end += num_params.sum::<usize>();
        first += len;
        all.push(Placed { layer, params: begin..end, last: first - 1 });
    }
    all
}

/// Builds the first of `specs`, together with those behind it that it is faster with; and how many.
fn build_first(specs: &[LayerSpec], input: &Shape, position: usize) -> (Box<dyn Layer>, usize) {
    if let [LayerSpec::Conv2d(conv), LayerSpec::MaxPooling2d(pool), ..] = specs
        && let Some(both) = pooled_convolution::build(conv, pool, input)
    {
        return (both, 2);
    }
    (specs[0].build(input, position), 1)
}
