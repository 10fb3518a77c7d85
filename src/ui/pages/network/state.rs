//! What each layer makes of what it is given, and what the whole network costs.

use crate::engine::layers::{
    Activation, DenseSpec, FlattenSpec, LayerDef, LayerError, LayerSpec, ParamSpec, ReshapeSpec,
};
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, SpecError};
use crate::engine::work::{inference_flop, training_flop};
use crate::protocol::Quantity;
use crate::speed::workload::WORKLOADS;
use crate::tensor::Shape;
use crate::ui::pages::device::DeviceState;
use crate::ui::pages::training::{MAX_LAYERS, model_named};

/// Bytes of a number.
const BYTES: f64 = 4.0;
/// What the data needs: one value per class.
const NUM_CLASSES: usize = 10;

/// What a layer comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// One output sample.
    pub output: Shape,
    /// Its parameters, trainable or not.
    pub num_params: usize,
    /// Those that training changes.
    pub num_trainable: usize,
    /// Its outputs for a whole batch, in bytes.
    pub memory: f64,
}

/// Why a layer cannot stand where it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerFault {
    /// It does not take what it is given, or its arguments make no sense.
    Layer(LayerError),
    /// One of its arrays would not fit into memory.
    TooLarge,
    /// With its parameters those of the whole would not.
    TooManyParams,
}

/// How a layer stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// It fits.
    Fits(Facts),
    /// It is the first that does not.
    Mistake(LayerFault),
    /// What it would be given is not known: it comes after the mistake.
    Waiting,
}

/// The whole network.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// Parameters, trainable or not.
    pub num_params: usize,
    /// Those that training changes.
    pub num_trainable: usize,
    /// Floating-point operations of one image's way through.
    pub flop: f64,
    /// The same with the way back.
    pub training_flop: f64,
    /// All outputs for a batch, in bytes.
    pub memory: f64,
}

/// How the whole is made to fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// Where the new layer stands.
    pub at: usize,
    /// Which one.
    pub layer: LayerSpec,
    /// The model with it.
    pub model: ModelSpec,
}

/// A model, layer by layer.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkState {
    /// Keras's automatic names.
    pub names: Vec<String>,
    /// What goes in.
    pub input: Shape,
    /// How each layer stands.
    pub places: Vec<Place>,
    /// What the whole costs; nothing while there is a mistake.
    pub total: Option<Total>,
    /// What keeps the whole from being trained although every layer fits.
    pub misfit: Option<SpecError>,
}

impl NetworkState {
    /// Looks at a model that will see `batch_size` images at once.
    pub fn of(model: &ModelSpec, batch_size: usize) -> NetworkState {
        let (shapes, fault) = shapes(model);
        let place = |idx: usize| match shapes.get(idx + 1) {
            Some(output) => Place::Fits(facts(model, idx, &shapes[idx], output, batch_size)),
            None if idx + 1 == shapes.len() => fault.clone().map_or(Place::Waiting, Place::Mistake),
            None => Place::Waiting,
        };
        let places: Vec<Place> = (0..model.layers.len()).map(place).collect();
        let is_whole = shapes.len() == model.layers.len() + 1;
        let total = is_whole.then(|| total(model, &places)).flatten();
        NetworkState {
            names: model.layer_names(),
            input: model.input_shape.clone(),
            misfit: misfit(model, &shapes, is_whole),
            places,
            total,
        }
    }

    /// The first layer that does not fit.
    pub fn mistake(&self) -> Option<(usize, &LayerFault)> {
        self.places.iter().enumerate().find_map(|(idx, place)| match place {
            Place::Mistake(fault) => Some((idx, fault)),
            _ => None,
        })
    }

    /// The layer that, put before the mistaken layer `idx`, would make it fit: what is given is an image and a
    /// row of values is needed, or the other way round.
    pub fn remedy(&self, idx: usize) -> Option<LayerSpec> {
        let Place::Mistake(LayerFault::Layer(LayerError::WrongRank { expected, got })) =
            self.places.get(idx)?
        else {
            return None;
        };
        if self.is_full() {
            return None;
        }
        match (expected, &got.0[..]) {
            (1, _) => Some(FlattenSpec::default().into()),
            (3, [values]) => {
                let side = (1..=*values).find(|side| side * side >= *values)?;
                let target_shape = [side, side, 1].map(|extent| extent as i64).to_vec();
                (side * side == *values).then(|| ReshapeSpec { target_shape }.into())
            }
            (3, [height, width]) => {
                let target_shape = [*height, *width, 1].map(|extent| extent as i64).to_vec();
                Some(ReshapeSpec { target_shape }.into())
            }
            _ => None,
        }
    }

    /// Whether there is room for no more layers.
    fn is_full(&self) -> bool {
        self.places.len() >= MAX_LAYERS
    }

    /// The layer that would make the whole fit the data, although every layer fits.
    pub fn mend(&self, model: &ModelSpec) -> Option<Mend> {
        if self.is_full() {
            return None;
        }
        let (at, layer, input_shape) = match self.misfit.as_ref()? {
            SpecError::WrongInput { expected, got } => (0, reshaped(expected, got)?, expected.clone()),
            SpecError::WrongOutput { expected, got } => {
                let (at, layer) = self.mended_output(model, expected, got);
                (at, layer, model.input_shape.clone())
            }
            _ => return None,
        };
        let mut layers = model.layers.clone();
        layers.insert(at, layer.clone());
        Some(Mend { at, layer, model: model_named(input_shape, layers) })
    }

    fn mended_output(&self, model: &ModelSpec, expected: &Shape, got: &Shape) -> (usize, LayerSpec) {
        if got.rank() == 1 {
            let units = expected.size();
            let last = DenseSpec { units, activation: Activation::Softmax, ..DenseSpec::default() };
            return (model.layers.len(), last.into());
        }
        let rank = |place: &Place| match place {
            Place::Fits(facts) => facts.output.rank(),
            _ => 0,
        };
        let inputs = std::iter::once(self.input.rank()).chain(self.places.iter().map(rank));
        let mut layers = model.layers.iter().zip(inputs);
        let first = layers.position(|(layer, axes)| matches!(layer, LayerSpec::Dense(_)) && axes > 1);
        (first.unwrap_or(model.layers.len()), FlattenSpec::default().into())
    }

    /// Whether it can be trained.
    pub fn is_sound(&self) -> bool {
        self.total.is_some() && self.misfit.is_none()
    }

    /// How long an epoch of `images` will take on this device, in ms: by the measured network whose work
    /// is most like this one's. Nothing before the device was measured.
    pub fn epoch_ms(&self, device: &DeviceState, images: usize) -> Option<f64> {
        let flop = self.total.as_ref()?.training_flop.max(1.0);
        let measured = WORKLOADS.iter().enumerate().filter_map(|(idx, (_, preset))| {
            let rate = device.rate(Quantity::Training { workload: idx as u8 })?;
            let own = flop_of(*preset);
            Some(((own / flop).ln().abs(), rate * own))
        });
        let (_, per_second) = measured.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(images as f64 * flop / per_second * 1e3)
    }
}

/// The layer that makes images of the model's input, if they have as many values.
fn reshaped(image: &Shape, input: &Shape) -> Option<LayerSpec> {
    if image.size() != input.size() {
        return None;
    }
    if input.rank() == 1 {
        return Some(FlattenSpec::default().into());
    }
    let target_shape = input.0.iter().map(|extent| *extent as i64).collect();
    Some(ReshapeSpec { target_shape }.into())
}

fn flop_of(preset: Preset) -> f64 {
    training_flop(&preset.spec()).unwrap_or(1.0)
}

/// The shapes as far as they are known, the input first, and why they end there.
fn shapes(model: &ModelSpec) -> (Vec<Shape>, Option<LayerFault>) {
    let (layer, fault) = match model.shapes() {
        Ok(shapes) => return (shapes, None),
        Err(SpecError::Layer { layer, error, .. }) => (layer, Some(LayerFault::Layer(error))),
        Err(SpecError::TooLarge { layer, .. }) => (layer, Some(LayerFault::TooLarge)),
        Err(SpecError::TooManyParams { layer, .. }) => (layer, Some(LayerFault::TooManyParams)),
        Err(_) => (0, None),
    };
    let before = ModelSpec { layers: model.layers[..layer].to_vec(), ..model.clone() };
    (before.shapes().unwrap_or_else(|_| vec![model.input_shape.clone()]), fault)
}

fn facts(model: &ModelSpec, idx: usize, input: &Shape, output: &Shape, batch_size: usize) -> Facts {
    let params = model.layers[idx].params(input);
    Facts {
        output: output.clone(),
        num_params: params.iter().map(ParamSpec::size).sum(),
        num_trainable: params.iter().filter(|param| param.trainable).map(ParamSpec::size).sum(),
        memory: output.size() as f64 * batch_size as f64 * BYTES,
    }
}

fn total(model: &ModelSpec, places: &[Place]) -> Option<Total> {
    let fits = places.iter().filter_map(|place| match place {
        Place::Fits(facts) => Some(facts),
        _ => None,
    });
    Some(Total {
        num_params: fits.clone().map(|facts| facts.num_params).sum(),
        num_trainable: fits.clone().map(|facts| facts.num_trainable).sum(),
        flop: inference_flop(model).ok()?,
        training_flop: training_flop(model).ok()?,
        memory: fits.map(|facts| facts.memory).sum(),
    })
}

fn misfit(model: &ModelSpec, shapes: &[Shape], is_whole: bool) -> Option<SpecError> {
    if model.layers.is_empty() {
        return Some(SpecError::NoLayers);
    }
    let (input, expected) = (Shape::from([28, 28, 1]), Shape::from([NUM_CLASSES]));
    if model.input_shape.size() == 0 {
        return Some(SpecError::EmptyInput { got: model.input_shape.clone() });
    }
    if model.input_shape != input {
        return Some(SpecError::WrongInput { expected: input, got: model.input_shape.clone() });
    }
    let got = shapes.last().filter(|got| is_whole && **got != expected)?;
    Some(SpecError::WrongOutput { expected, got: got.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Conv2dSpec;
    use crate::protocol::{RunId, WorkerEvent};

    fn conv(size: usize) -> LayerSpec {
        Conv2dSpec { filters: 4, kernel_size: [size; 2], ..Conv2dSpec::default() }.into()
    }

    #[test]
    fn every_preset_is_sound_and_counted_as_keras_counts() {
        for preset in Preset::ALL {
            let state = NetworkState::of(&preset.spec(), 64);
            assert!(state.is_sound(), "{preset:?}: {:?}", state.misfit);
            let total = state.total.unwrap();
            assert_eq!(Ok(total.num_params), preset.spec().num_params());
            assert_eq!(Ok(total.num_trainable), preset.spec().num_trainable());
        }
        let lenet = NetworkState::of(&Preset::Lenet5.spec(), 64);
        let Place::Fits(first) = &lenet.places[0] else { panic!("{:?}", lenet.places[0]) };
        assert_eq!((first.output.clone(), first.num_params), (Shape::from([28, 28, 6]), 156));
        assert_eq!(first.memory, 28.0 * 28.0 * 6.0 * 64.0 * 4.0);
    }

    #[test]
    fn a_mistake_marks_its_layer_and_the_rest_waits() {
        let mut model = Preset::Lenet5.spec();
        // Nothing of 5 × 5 is left for a window of 7.
        model.layers.insert(4, conv(7));
        let state = NetworkState::of(&model, 64);
        let window = LayerError::WindowTooLarge { window_height: 7, window_width: 7, height: 5, width: 5 };
        assert_eq!(state.mistake(), Some((4, &LayerFault::Layer(window))));
        assert!(matches!(state.places[3], Place::Fits(_)));
        assert!(state.places[5..].iter().all(|place| *place == Place::Waiting));
        assert_eq!((state.total.as_ref(), state.misfit.as_ref()), (None, None));
        assert!(!state.is_sound());
    }

    #[test]
    fn a_mistake_in_the_first_layer_is_one_too() {
        let mut model = Preset::Mlp.spec();
        model.layers.insert(0, conv(29));
        let state = NetworkState::of(&model, 1);
        assert_eq!(state.mistake().map(|(idx, _)| idx), Some(0));
        model.layers = vec![DenseSpec { units: 1 << 30, ..DenseSpec::default() }.into()];
        assert_eq!(NetworkState::of(&model, 1).mistake(), Some((0, &LayerFault::TooLarge)));
    }

    #[test]
    fn a_layer_in_between_mends_a_wrong_number_of_axes() {
        let mut model = Preset::Mlp.spec();
        model.layers.insert(1, conv(3));
        let state = NetworkState::of(&model, 1);
        assert_eq!(state.mistake().map(|(idx, _)| idx), Some(1));
        model.layers.insert(1, state.remedy(1).unwrap());
        assert!(!matches!(NetworkState::of(&model, 1).places[2], Place::Mistake(_)));
        assert_eq!(state.remedy(0), None);
        // 128 values are no square.
        let mut model = Preset::Mlp.spec();
        model.layers.insert(2, conv(3));
        assert_eq!(NetworkState::of(&model, 1).remedy(2), None);
    }

    #[test]
    fn layers_that_fit_may_still_not_fit_the_data() {
        let mut model = Preset::Mlp.spec();
        model.layers.pop();
        let wrong = NetworkState::of(&model, 64);
        let (expected, got) = (Shape::from([10]), Shape::from([128]));
        assert_eq!(wrong.misfit, Some(SpecError::WrongOutput { expected, got }));
        assert!(wrong.total.is_some() && !wrong.is_sound());
        model.layers.clear();
        assert_eq!(NetworkState::of(&model, 64).misfit, Some(SpecError::NoLayers));
        model = Preset::Mlp.spec();
        model.input_shape = Shape::from([28, 28]);
        assert!(matches!(NetworkState::of(&model, 64).misfit, Some(SpecError::WrongInput { .. })));
    }

    #[test]
    fn what_the_data_needs_can_be_mended() {
        let mut model = Preset::Lenet5.spec();
        model.layers.retain(|layer| layer.class_name() != "Flatten");
        model.layers.pop();
        let mut mended = Vec::new();
        while let Some(mend) = NetworkState::of(&model, 64).mend(&model) {
            mended.push((mend.at, mend.layer.class_name()));
            model = mend.model;
        }
        assert_eq!(mended, [(4, "Flatten"), (7, "Dense")]);
        assert_eq!(model, Preset::Lenet5.spec());
    }

    #[test]
    fn where_there_is_no_room_nothing_is_offered() {
        let convs = |len: usize| vec![conv(1); len];
        let mend = |layers| {
            let model = model_named(Shape::from([28, 28, 1]), layers);
            NetworkState::of(&model, 1).mend(&model)
        };
        assert!(mend(convs(MAX_LAYERS - 1)).is_some());
        assert_eq!(mend(convs(MAX_LAYERS)), None);
        let mut model = Preset::Mlp.spec();
        model.layers.splice(1..1, convs(MAX_LAYERS - 4));
        assert_eq!(NetworkState::of(&model, 1).remedy(1).map(|layer| layer.class_name()), Some("Reshape"));
        model.layers.push(conv(1));
        assert_eq!(NetworkState::of(&model, 1).remedy(1), None);
    }

    #[test]
    fn a_network_for_rows_of_pixels_is_given_images() {
        let mend = |extents: &[usize], layers: &[LayerSpec]| {
            let model = model_named(Shape(extents.to_vec()), layers.to_vec());
            NetworkState::of(&model, 1).mend(&model)
        };
        let mlp = Preset::Mlp.spec();
        assert_eq!(mend(&[784], &mlp.layers[1..]).unwrap().model, mlp);
        let gray = mend(&[28, 28], &mlp.layers).unwrap();
        assert_eq!((gray.at, gray.layer.class_name()), (0, "Reshape"));
        assert!(NetworkState::of(&gray.model, 1).is_sound());
        assert_eq!(mend(&[32, 32, 3], &mlp.layers), None);
    }

    #[test]
    fn an_epoch_is_estimated_by_the_most_similar_network() {
        let state = NetworkState::of(&Preset::KerasCnn.spec(), 64);
        let mut device = DeviceState::default();
        assert_eq!(state.epoch_ms(&device, 60_000), None);
        device.begin(RunId(1));
        let mut measured = |workload, per_second| {
            let quantity = Quantity::Training { workload };
            device.apply(WorkerEvent::Measured { run: RunId(1), quantity, per_second, total: 4 });
        };
        measured(0, 20_000.0);
        measured(1, 1_000.0);
        // Its own measurement counts.
        assert!((state.epoch_ms(&device, 60_000).unwrap() - 60_000.0).abs() < 1e-6);
        let twice = NetworkState::of(&Preset::MnistCnn.spec(), 64);
        let ms = twice.epoch_ms(&device, 1_000).unwrap();
        assert!((ms - 1_000.0 * 21_245_952.0 / 15_396_864.0).abs() < 1e-6, "{ms}");
    }
}
