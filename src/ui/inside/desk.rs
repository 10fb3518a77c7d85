//! What every section shares: the image, the model and the choices in the address.

use crate::data::DatasetId;
use crate::engine::spec::ModelSpec;
use crate::protocol::{Inspection, Question};
use crate::ui::context::{Shell, shell};
use crate::ui::convolution::{Picture, Source};
use crate::ui::i18n::use_i18n;
use crate::ui::inputs::{Prepared, prepare};
use crate::ui::laboratory::laboratory;
use crate::ui::names::class_name;
use crate::ui::pages::inside::Setup;
use crate::ui::routes::Route;
use crate::ui::sources::{Fetched, fetched_picture};
use leptos::prelude::*;

/// `Copy` handles.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The choices.
    pub setup: Memo<Setup>,
    /// The model, as it was built.
    pub spec: Memo<Option<ModelSpec>>,
    /// Whose images it was trained on.
    pub dataset: Memo<DatasetId>,
    /// Names of its classes.
    pub names: Memo<Vec<String>>,
    /// The steps that made the reader's own picture ready; none for other pictures, and where there is no ink.
    pub prepared: Memo<Option<Prepared>>,
    /// What the model gets: bytes shaped as its input, and that shape.
    pub image: Memo<Option<(Vec<u8>, [usize; 3])>>,
    /// How a picture that has to be fetched stands.
    pub fetched: Fetched,
    shell: Shell,
}

impl Desk {
    /// Reads the address and follows the worker's model.
    pub fn open() -> Desk {
        let i18n = use_i18n();
        let shell = shell();
        let model = laboratory().bridge.model;
        let query = shell.query();
        let setup = Memo::new(move |_| Setup::from_query(&query.read()).0);
        let spec = Memo::new(move |_| model.read().current.as_ref().map(|model| model.spec.clone()));
        let dataset = Memo::new(move |_| {
            let model = model.read();
            let job = model.current.as_ref().and_then(|model| model.job.as_ref());
            job.map_or_else(DatasetId::default, |job| job.data.dataset)
        });
        let names = Memo::new(move |_| {
            let keys = dataset.get().classes();
            let size = spec.read().as_ref().and_then(|spec| Some(spec.shapes().ok()?.last()?.size()));
            let name =
                |class: usize| keys.get(class).map_or_else(|| class.to_string(), |key| class_name(i18n, key));
            (0..size.unwrap_or(keys.len())).map(name).collect()
        });
        let source = Memo::new(move |_| setup.read().source.clone());
        let fetched = fetched_picture(source.into());
        let is_own = move || matches!(*source.read(), Source::Own(_)) && setup.read().prepared;
        let prepared = Memo::new(move |_| match &*source.read() {
            Source::Own(picture) if setup.read().prepared => prepare(picture),
            _ => None,
        });
        let image = Memo::new(move |_| {
            let shape = spec.read().as_ref().map(|spec| spec.input_shape.clone())?;
            let shape = shape.image().map_or([1, shape.size(), 1], |(h, w, c)| [h, w, c]);
            let picture = if is_own() {
                let pixels = prepared.read().as_ref().map(|prepared| prepared.pixels.clone())?;
                Picture { shape: [28, 28, 1], values: pixels }
            } else {
                match &*source.read() {
                    Source::Sample(_) => fetched.picture.get()?,
                    Source::Own(picture) => (**picture).clone(),
                    other => {
                        let shape = other.natural_shape();
                        Picture { shape, values: other.values(shape, None) }
                    }
                }
            };
            // A model without rows and columns takes the pixels in their order.
            let values = if shape[0] == 1 && shape[2] == 1 && picture.values.len() == shape[1] {
                picture.values
            } else {
                picture.fitted(shape)
            };
            let byte = |value: f32| (value * 255.0).round().clamp(0.0, 255.0) as u8;
            Some((values.into_iter().map(byte).collect::<Vec<u8>>(), shape))
        });
        Desk { setup, spec, dataset, names, prepared, image, fetched, shell }
    }

    /// Changes the choices.
    pub fn change(self, edit: impl FnOnce(&mut Setup)) {
        let mut setup = self.setup.get_untracked();
        edit(&mut setup);
        self.shell.replace_query(Route::Inside, setup.to_query());
    }

    /// A question about the image, once there is one.
    pub fn ask(self, question: Question) -> Option<Inspection> {
        let (image, _) = self.image.get()?;
        Some(Inspection { image, question })
    }

    /// A question about a sample of images.
    pub fn ask_sample(self, question: Question) -> Option<Inspection> {
        self.spec.read().is_some().then(|| Inspection { image: Vec::new(), question })
    }

    /// A class's name.
    pub fn name(self, class: usize) -> String {
        self.names.read().get(class).cloned().unwrap_or_else(|| class.to_string())
    }

    /// A layer's name, as Keras would give it.
    pub fn layer_name(self, layer: usize) -> String {
        let spec = self.spec.read();
        let name = spec.as_ref().and_then(|spec| spec.layer_names().into_iter().nth(layer));
        name.unwrap_or_else(|| layer.to_string())
    }

    /// Gray values of the image in its rows and columns, 0 to 1.
    pub fn gray(self) -> Option<([usize; 2], Vec<f32>)> {
        let (bytes, [rows, cols, channels]) = self.image.get()?;
        let mean =
            |pixel: &[u8]| pixel.iter().map(|byte| f32::from(*byte)).sum::<f32>() / (255.0 * channels as f32);
        Some(([rows, cols], bytes.chunks_exact(channels).map(mean).collect()))
    }
}
