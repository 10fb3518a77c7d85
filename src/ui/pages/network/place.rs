//! Where a layer goes that nobody put anywhere.

use super::palette::Group;
use crate::engine::layers::{Activation, LayerSpec};
use crate::engine::spec::ModelSpec;

/// Where the output of a finished network begins: a closing softmax with the `Dense` that it belongs to.
pub fn output_at(model: &ModelSpec) -> Option<usize> {
    let (last, before) = model.layers.split_last()?;
    match last {
        LayerSpec::Dense(dense) if dense.activation == Activation::Softmax => Some(before.len()),
        LayerSpec::Softmax(_) => Some(with_dense(before)),
        LayerSpec::Activation(layer) if layer.activation == Activation::Softmax => Some(with_dense(before)),
        _ => None,
    }
}

fn with_dense(before: &[LayerSpec]) -> usize {
    before.len() - usize::from(matches!(before.last(), Some(LayerSpec::Dense(_))))
}

/// Where a new layer goes by itself: at the end of what is being built; in a finished network as near to its output
/// as it fits, as what comes behind the classes is hardly ever meant. What changes images comes first.
pub fn natural_place(model: &ModelSpec, layer: &LayerSpec) -> usize {
    let Some(output) = output_at(model) else { return model.layers.len() };
    if Group::of(layer) == Group::Augmentation {
        let is_other = |layer: &LayerSpec| Group::of(layer) != Group::Augmentation;
        return model.layers.iter().position(is_other).unwrap_or(output);
    }
    let fits = |at: &usize| {
        let mut with = model.clone();
        with.layers.insert(*at, layer.clone());
        with.shapes().is_ok()
    };
    (0..=output).rev().find(fits).unwrap_or(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{ActivationSpec, DenseSpec, LayerDef, SoftmaxSpec};
    use crate::engine::presets::Preset;

    fn named(name: &str) -> LayerSpec {
        LayerSpec::palette().into_iter().find(|layer| layer.class_name() == name).unwrap()
    }

    #[test]
    fn in_a_finished_network_a_layer_goes_where_it_fits_before_the_output() {
        let lenet = Preset::Lenet5.spec();
        let classes: Vec<&str> = lenet.layers.iter().map(LayerDef::class_name).collect();
        assert_eq!(classes[3..], ["MaxPooling2D", "Flatten", "Dense", "Dense", "Dense"]);
        for (name, place) in [
            ("Dropout", 7),
            ("Dense", 7),
            ("BatchNormalization", 7),
            // Windows need an image.
            ("Conv2D", 4),
            ("MaxPooling2D", 4),
            ("GlobalAveragePooling2D", 4),
            ("SpatialDropout2D", 4),
            ("RandomFlip", 0),
        ] {
            assert_eq!(natural_place(&lenet, &named(name)), place, "{name}");
        }
        let mut augmented = lenet;
        augmented.layers.insert(0, named("RandomFlip"));
        assert_eq!(natural_place(&augmented, &named("RandomZoom")), 1);
    }

    #[test]
    fn what_is_being_built_goes_on_at_its_end() {
        let mut model = Preset::Lenet5.spec();
        model.layers.pop();
        assert_eq!(natural_place(&model, &named("Conv2D")), 7);
        model.layers.clear();
        assert_eq!((natural_place(&model, &named("Dense")), output_at(&model)), (0, None));
    }

    #[test]
    fn an_output_may_be_two_layers() {
        let mut model = Preset::Mlp.spec();
        assert_eq!(output_at(&model), Some(2));
        model.layers[2] = DenseSpec { units: 10, ..DenseSpec::default() }.into();
        assert_eq!(output_at(&model), None);
        model.layers.push(SoftmaxSpec::default().into());
        assert_eq!(output_at(&model), Some(2));
        model.layers[3] = ActivationSpec { activation: Activation::Softmax }.into();
        assert_eq!(output_at(&model), Some(2));
        model.layers.drain(1..3);
        assert_eq!(output_at(&model), Some(1), "softmax of what is no Dense");
        // Where it fits nowhere, its mistake stands before the output.
        let mut broken = Preset::Mlp.spec();
        broken.layers.remove(0);
        broken.input_shape = crate::tensor::Shape::from([784]);
        assert_eq!(natural_place(&broken, &named("Conv2D")), 1);
    }
}
