//! What the network's first layers make of an image in training: the same layers, drawing the same.

use crate::data::DatasetId;
use crate::engine::layers::{LayerDef, LayerError, LayerSpec, Pass};
use crate::engine::presets::augmentation;
use crate::engine::spec::ModelSpec;
use crate::tensor::{Shape, Tensor};
use crate::ui::pages::training::model_named;
use crate::ui::scene::{Area, ColorMap, Draw, Scene};

/// Versions of an image that are shown.
pub const VERSIONS: usize = 8;

/// Whether a layer changes its input in training, and in training alone.
fn is_augmentation(layer: &LayerSpec) -> bool {
    matches!(
        layer,
        LayerSpec::RandomFlip(_)
            | LayerSpec::RandomTranslation(_)
            | LayerSpec::RandomRotation(_)
            | LayerSpec::RandomZoom(_)
            | LayerSpec::GaussianNoise(_)
            | LayerSpec::Dropout(_)
            | LayerSpec::SpatialDropout2d(_)
    )
}

/// The layers at the network's beginning that change images at random.
pub fn leading(model: &ModelSpec) -> &[LayerSpec] {
    let len = model.layers.iter().take_while(|layer| is_augmentation(layer)).count();
    &model.layers[..len]
}

/// What they make of an image, pixels 0..1: as if it took the first [`VERSIONS`] places of the batch in
/// optimizer step `step` of a run with this seed.
///
/// # Errors
/// If a layer does not take the image.
pub fn versions(
    model: &ModelSpec,
    seed: u64,
    step: u64,
    shape: [usize; 3],
    image: &[f32],
) -> Result<Vec<Vec<f32>>, LayerError> {
    let shape = Shape::from(shape);
    let mut batch = Tensor::new(&shape.with_batch(VERSIONS), image.repeat(VERSIONS));
    let pass = Pass::Train { seed, step, first_sample: 0 };
    for (position, layer) in leading(model).iter().enumerate() {
        // None of them changes the shape.
        layer.output_shape(&shape)?;
        batch = layer.build(&shape, position).forward(&batch, &[], pass);
    }
    Ok(batch.values().chunks_exact(image.len().max(1)).map(<[f32]>::to_vec).collect())
}

/// Puts a layer that suits the dataset before all others.
pub fn add(model: &mut ModelSpec, dataset: DatasetId) {
    let mut layers = model.layers.clone();
    layers.insert(0, augmentation(dataset));
    *model = model_named(model.input_shape.clone(), layers);
}

const GAP: f64 = 6.0;

/// Draws images side by side in rows of four, or of two where there is little room.
pub fn versions_scene(shape: [usize; 3], images: &[Vec<f32>], width: f64) -> Scene {
    let [rows, cols, channels] = shape.map(|extent| extent.max(1));
    let columns = if width < 240.0 { 2 } else { 4 };
    let side = ((width - GAP * (columns as f64 - 1.0)) / columns as f64).max(1.0);
    let height = side * rows as f64 / cols as f64;
    let lines = images.len().div_ceil(columns) as f64;
    let mut scene = Scene::new(width, (lines * (height + GAP) - GAP).max(1.0));
    for (idx, image) in images.iter().enumerate() {
        let x = (idx % columns) as f64 * (side + GAP);
        let y = (idx / columns) as f64 * (height + GAP);
        let area = Area { x, y, width: side, height };
        let gray = |pixel: &[f32]| pixel.iter().sum::<f32>() / pixel.len() as f32;
        let values = image.chunks_exact(channels).map(gray).collect();
        scene.push(Draw::Cells { area, cols, values, map: ColorMap::Gray });
    }
    scene
}

/// The least and the greatest value of all.
pub fn range(images: &[Vec<f32>]) -> (f32, f32) {
    let values = || images.iter().flatten().copied();
    let (min, max) = (values().fold(f32::INFINITY, f32::min), values().fold(f32::NEG_INFINITY, f32::max));
    if min <= max { (min, max) } else { (0.0, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Batch, Targets};
    use crate::engine::layers::GaussianNoiseSpec;
    use crate::engine::losses::LossSpec;
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;

    fn image() -> Vec<f32> {
        (0..28 * 28).map(|at| (at % 7) as f32 / 6.0).collect()
    }

    #[test]
    fn versions_are_those_of_the_networks_own_training_pass() {
        let mut model = Preset::Mlp.spec();
        add(&mut model, DatasetId::Mnist);
        model.layers.insert(1, GaussianNoiseSpec::default().into());
        let shown = versions(&model, 7, 3, [28, 28, 1], &image()).unwrap();
        // A network without these layers learns from the versions what the whole one learns from the image.
        let mut whole = Sequential::new(&model, 7).unwrap();
        let mut rest = Sequential::with_params(&Preset::Mlp.spec(), whole.params().to_vec()).unwrap();
        let batch = |images: Vec<f32>| {
            let classes = Targets::Classes(vec![4; VERSIONS].into());
            Batch::new(Tensor::new(&[VERSIONS, 28, 28, 1], images), classes)
        };
        let pass = Pass::Train { seed: 7, step: 3, first_sample: 0 };
        let loss = LossSpec::default();
        let losses = whole.loss_and_gradients(&batch(image().repeat(VERSIONS)), loss, pass);
        assert_eq!(losses[..], rest.loss_and_gradients(&batch(shown.concat()), loss, pass)[..]);
        assert_eq!(whole.grads(), rest.grads());
        assert_ne!(shown[0], shown[1]);
        assert_ne!(shown, versions(&model, 7, 4, [28, 28, 1], &image()).unwrap());
        assert_eq!(shown, versions(&model, 7, 3, [28, 28, 1], &image()).unwrap());
    }

    #[test]
    fn only_what_comes_first_counts() {
        assert!(leading(&Preset::Lenet5.spec()).is_empty());
        assert_eq!(leading(&Preset::MnistCnn.spec()).len(), 1);
        assert_eq!(leading(&Preset::FashionCnn.spec()).len(), 1);
        let nothing = versions(&Preset::Mlp.spec(), 1, 0, [28, 28, 1], &image()).unwrap();
        assert!(nothing.iter().all(|version| *version == image()));
    }

    #[test]
    fn what_is_added_suits_the_dataset_and_can_be_built() {
        for (dataset, class_name) in
            [(DatasetId::Mnist, "RandomTranslation"), (DatasetId::FashionMnist, "RandomFlip")]
        {
            let mut model = Preset::Lenet5.spec();
            add(&mut model, dataset);
            assert_eq!(leading(&model)[0].class_name(), class_name);
            assert!(model.validate().is_ok());
        }
    }

    #[test]
    fn a_layer_that_takes_no_such_image_is_an_error() {
        let mut model = Preset::Mlp.spec();
        if let LayerSpec::RandomTranslation(mut spec) = augmentation(DatasetId::Mnist) {
            spec.height_factor = [-2.0, 2.0];
            model.layers.insert(0, spec.into());
        }
        assert!(versions(&model, 1, 0, [28, 28, 1], &image()).is_err());
    }

    #[test]
    fn versions_stand_in_rows_and_stay_inside() {
        for (width, columns) in [(200.0, 2), (600.0, 4)] {
            let scene = versions_scene([28, 28, 1], &vec![image(); VERSIONS], width);
            let areas: Vec<Area> = scene
                .draws
                .iter()
                .filter_map(|draw| match draw {
                    Draw::Cells { area, .. } => Some(*area),
                    _ => None,
                })
                .collect();
            assert_eq!(areas.len(), VERSIONS);
            assert!(areas[columns].y > areas[columns - 1].y);
            assert!(areas.iter().all(|area| area.x + area.width <= width + 1e-9));
        }
        assert_eq!(range(&[vec![0.5, -0.25], vec![1.5]]), (-0.25, 1.5));
    }
}
