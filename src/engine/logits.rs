//! Where a model's logits are.
//!
//! Keras's TensorFlow backend keeps what a softmax or sigmoid was given, and computes every
//! cross-entropy from that. So such an activation at a model's end is taken off and built as a layer of
//! its own, with the layers after it that hand on what they are given.

use crate::engine::layers::{Activation, ActivationSpec, LayerSpec};

/// The layers up to the logits behind a final softmax or sigmoid, which become linear, and those
/// from there on; the latter are none if there is no such activation.
pub(super) fn split_at_logits(layers: &[LayerSpec]) -> (Vec<LayerSpec>, Vec<LayerSpec>) {
    let mut layers = layers.to_vec();
    let end = layers.iter().rposition(|layer| !is_identity(layer, false)).unwrap_or(0);
    let has_logits = |activation| matches!(activation, Activation::Softmax | Activation::Sigmoid);
    let take = |activation: &mut Activation| {
        has_logits(*activation).then(|| ActivationSpec { activation: std::mem::take(activation) }.into())
    };
    let taken_off: Option<LayerSpec> = match layers.get_mut(end) {
        Some(LayerSpec::Dense(dense)) => take(&mut dense.activation),
        Some(LayerSpec::Conv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::DepthwiseConv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::SeparableConv2d(conv)) => take(&mut conv.activation),
        Some(LayerSpec::Activation(layer)) => take(&mut layer.activation),
        // Over several axes at once Keras computes softmax by itself and keeps no logits.
        Some(last) => match last {
            LayerSpec::Softmax(softmax) if softmax.axis.0.len() == 1 => {
                Some(std::mem::replace(last, ActivationSpec::default().into()))
            }
            _ => None,
        },
        None => None,
    };
    let Some(taken_off) = taken_off else { return (layers, Vec::new()) };
    let after = layers.split_off(end + 1);
    (layers, std::iter::once(taken_off).chain(after).collect())
}

/// Whether a layer hands on what it is given. Keras then returns the very same tensor.
pub(super) fn is_identity(layer: &LayerSpec, in_training: bool) -> bool {
    match layer {
        LayerSpec::Activation(layer) => layer.activation == Activation::Linear,
        LayerSpec::ActivityRegularization(_) => true,
        LayerSpec::Dropout(layer) => !in_training || layer.rate == 0.0,
        LayerSpec::SpatialDropout2d(layer) => !in_training || layer.rate == 0.0,
        LayerSpec::GaussianNoise(layer) => !in_training || layer.stddev == 0.0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{
        ActivityRegularizationSpec, DenseSpec, DropoutSpec, FlattenSpec, SoftmaxSpec,
    };

    fn dense(activation: Activation) -> LayerSpec {
        DenseSpec { units: 3, activation, ..DenseSpec::default() }.into()
    }

    fn activation(activation: Activation) -> LayerSpec {
        ActivationSpec { activation }.into()
    }

    #[test]
    fn an_activation_at_the_end_is_taken_off() {
        for last in [Activation::Softmax, Activation::Sigmoid] {
            let (layers, tail) = split_at_logits(&[dense(Activation::Relu), dense(last)]);
            assert_eq!(layers, [dense(Activation::Relu), dense(Activation::Linear)]);
            assert_eq!(tail, [activation(last)]);
        }
        let (layers, tail) = split_at_logits(&[dense(Activation::Linear), SoftmaxSpec::default().into()]);
        assert_eq!(layers, [dense(Activation::Linear), activation(Activation::Linear)]);
        assert_eq!(tail, [SoftmaxSpec::default().into()]);
    }

    #[test]
    fn layers_that_hand_on_what_they_are_given_go_with_it() {
        let after = [DropoutSpec::default().into(), ActivityRegularizationSpec::default().into()];
        let (layers, tail) = split_at_logits(&[&[dense(Activation::Softmax)], &after[..]].concat());
        assert_eq!(layers, [dense(Activation::Linear)]);
        assert_eq!(tail, [&[activation(Activation::Softmax)], &after[..]].concat());
    }

    #[test]
    fn a_model_without_such_an_end_stays_whole() {
        for last in [dense(Activation::Relu), FlattenSpec::default().into()] {
            let all = [dense(Activation::Softmax), last];
            assert_eq!(split_at_logits(&all), (all.to_vec(), Vec::new()));
        }
    }

    #[test]
    fn dropout_hands_on_what_it_is_given_in_inference_or_if_it_drops_nothing() {
        let dropout = |rate| LayerSpec::from(DropoutSpec { rate, ..DropoutSpec::default() });
        assert!(is_identity(&dropout(0.5), false) && !is_identity(&dropout(0.5), true));
        assert!(is_identity(&dropout(0.0), true));
        assert!(!is_identity(&FlattenSpec::default().into(), false));
    }
}
