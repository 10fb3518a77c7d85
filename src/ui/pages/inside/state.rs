//! What is looked at, what was asked, and what is kept of it.

use std::str::FromStr;

use crate::data::DatasetId;
use crate::protocol::{Embedding, Finding, Inspection, Question, RunId, WorkerError, WorkerEvent};
use crate::ui::convolution::Source;
use crate::ui::routes::Query;
use crate::ui::worker_model::ModelState;

/// Where in the image the score comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MapKind {
    /// `|gradient|` of the logit.
    #[default]
    Saliency,
    /// The gradient with its sign.
    Signed,
    /// Grad-CAM.
    GradCam,
    /// The fall of the probability under a window.
    Occlusion,
}

impl MapKind {
    /// All, in the order of the form.
    pub const ALL: [MapKind; 4] = [Self::Saliency, Self::Signed, Self::GradCam, Self::Occlusion];

    /// Its name in addresses and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Saliency => "saliency",
            Self::Signed => "signed",
            Self::GradCam => "grad-cam",
            Self::Occlusion => "occlusion",
        }
    }
}

/// What is looked at; kept in the address.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The image.
    pub source: Source,
    /// Whether the reader's own picture is made ready as MNIST's digits were.
    pub prepared: bool,
    /// Which map lies over the image.
    pub map: MapKind,
    /// Of the probability, not of the logit: saliency alone.
    pub of_probability: bool,
    /// The class asked about; the predicted one if there is none.
    pub class: Option<u32>,
    /// Grad-CAM's layer; the last that convolves if there is none.
    pub layer: Option<u32>,
    /// Side of the window in pixels.
    pub window: u32,
    /// Pixels from one window to the next.
    pub stride: u32,
    /// t-SNE, not principal components.
    pub tsne: bool,
    /// Images among the points.
    pub samples: u32,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            source: Source::Digit(5),
            prepared: true,
            map: MapKind::default(),
            of_probability: false,
            class: None,
            layer: None,
            window: 5,
            stride: 2,
            tsne: false,
            samples: 200,
        }
    }
}

impl Setup {
    /// What can be chosen for [`Setup::samples`].
    pub const SAMPLES: [u32; 3] = [100, 200, 500];
    /// The largest window and stride.
    pub const MOST_PIXELS: u32 = 14;
    /// t-SNE's iterations: so many were enough for 500 digits to come apart, and half of scikit-learn's.
    pub const ITERATIONS: u32 = 500;

    /// From the address, and the names of what could not be read there.
    pub fn from_query(query: &Query) -> (Setup, Vec<&'static str>) {
        let mut reader = Reader { query, bad: Vec::new() };
        let usual = Setup::default();
        let pixels = |value: &u32| (1..=Self::MOST_PIXELS).contains(value);
        let source = query.get("image").map(|text| {
            let fits =
                |source: &Source| matches!(source, Source::Digit(_) | Source::Sample(_) | Source::Own(_));
            Source::from_text(text).filter(fits)
        });
        if source == Some(None) {
            reader.bad.push("image");
        }
        let map = query.get("map").map(|name| MapKind::ALL.into_iter().find(|map| map.name() == name));
        if map == Some(None) {
            reader.bad.push("map");
        }
        let setup = Setup {
            source: source.flatten().unwrap_or(usual.source),
            prepared: reader.read("prepared", |_| true).unwrap_or(usual.prepared),
            map: map.flatten().unwrap_or_default(),
            of_probability: reader.read("probability", |_| true).unwrap_or(false),
            class: reader.read("class", |class| *class < 1_000),
            layer: reader.read("layer", |layer| *layer < 1_000),
            window: reader.read("window", pixels).unwrap_or(usual.window),
            stride: reader.read("stride", pixels).unwrap_or(usual.stride),
            tsne: reader.read("tsne", |_| true).unwrap_or(false),
            samples: reader.read("points", |n| Self::SAMPLES.contains(n)).unwrap_or(usual.samples),
        };
        (setup, reader.bad)
    }

    /// For the address; what is usual is left out.
    pub fn to_query(&self) -> Query {
        let usual = Setup::default();
        let mut query = Query::default();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query = std::mem::take(&mut query).with(name, &value);
            }
        };
        put("image", (self.source != usual.source).then(|| self.source.to_text()));
        put("prepared", (self.prepared != usual.prepared).then(|| self.prepared.to_string()));
        put("map", (self.map != usual.map).then(|| self.map.name().to_owned()));
        put("probability", self.of_probability.then(|| "true".to_owned()));
        put("class", self.class.map(|class| class.to_string()));
        put("layer", self.layer.map(|layer| layer.to_string()));
        put("window", (self.window != usual.window).then(|| self.window.to_string()));
        put("stride", (self.stride != usual.stride).then(|| self.stride.to_string()));
        put("tsne", self.tsne.then(|| "true".to_owned()));
        put("points", (self.samples != usual.samples).then(|| self.samples.to_string()));
        query
    }

    /// The question about the chosen map.
    pub fn map_question(&self) -> Question {
        let class = self.class;
        match self.map {
            MapKind::Saliency | MapKind::Signed => {
                Question::Saliency { class, of_probability: self.of_probability }
            }
            MapKind::GradCam => Question::GradCam { class, layer: self.layer },
            MapKind::Occlusion => {
                Question::Occlusion { class, window: self.window, stride: self.stride, fill: 0 }
            }
        }
    }

    /// The question about points. Perplexity is scikit-learn's usual 30.
    pub fn points_question(&self, dataset: DatasetId, from: Vec<f32>) -> Question {
        let tsne = Embedding::Tsne { perplexity: 30.0, iterations: Self::ITERATIONS };
        let method = if self.tsne { tsne } else { Embedding::Pca };
        Question::Points { dataset, samples: self.samples, method, from }
    }
}

struct Reader<'a> {
    query: &'a Query,
    bad: Vec<&'static str>,
}

impl Reader<'_> {
    fn read<T: FromStr>(&mut self, name: &'static str, fits: impl Fn(&T) -> bool) -> Option<T> {
        self.query.get(name)?;
        let value = self.query.parse(name).filter(fits);
        if value.is_none() {
            self.bad.push(name);
        }
        value
    }
}

/// How often the same question is asked of a model that is being trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As soon as the last answer is there.
    Live,
    /// Once an epoch.
    Epoch,
}

/// A state of the model, as far as a question's pace tells states apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    model: u32,
    count: u64,
}

impl Moment {
    /// Of the model now.
    pub fn of(model: &ModelState, pace: Pace) -> Moment {
        let epochs = model.stamp.epochs.unwrap_or(0) as u64;
        let revision = u64::from(model.stamp.revision);
        let count = match pace {
            // An epoch's end is another moment than the middle of the next one, and so is the end of training.
            Pace::Epoch if model.is_training => epochs << 32,
            Pace::Epoch => (epochs << 32) | (revision + 1),
            Pace::Live => revision,
        };
        Moment { model: model.stamp.model, count }
    }
}

/// What is to be done about a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Nothing,
    /// What was asked is no longer wanted.
    CallOff(RunId),
    /// It is to be asked.
    Ask,
}

/// One place on the page that wants an answer, and the last one that it got.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asker {
    /// The answer that is shown; it stays until a newer one is there.
    pub shown: Vec<Finding>,
    /// Counts what was shown.
    pub version: u32,
    /// Time that the worker spent on it, in milliseconds.
    pub spent_ms: f64,
    /// Why there is none.
    pub error: Option<WorkerError>,
    asked: Option<(RunId, Inspection, Moment)>,
    answered: Option<(Inspection, Moment)>,
    coming: Vec<Finding>,
}

impl Asker {
    /// What to do, given what is wanted now; nothing is while the place is closed or out of sight.
    pub fn next(&self, wanted: Option<(&Inspection, Moment)>) -> Act {
        match (&self.asked, wanted) {
            (Some((run, ..)), None) => Act::CallOff(*run),
            (Some((run, asked, moment)), Some((wanted, now))) => {
                // A newer state of the same model waits until the answer is there.
                if asked == wanted && moment.model == now.model { Act::Nothing } else { Act::CallOff(*run) }
            }
            (None, None) => Act::Nothing,
            (None, Some((wanted, now))) => {
                let is_known =
                    self.answered.as_ref().is_some_and(|(known, at)| known == wanted && *at == now);
                if is_known { Act::Nothing } else { Act::Ask }
            }
        }
    }

    /// It was asked.
    pub fn begin(&mut self, run: RunId, inspection: Inspection, moment: Moment) {
        self.asked = Some((run, inspection, moment));
        self.coming.clear();
        self.error = None;
    }

    /// It was called off.
    pub fn call_off(&mut self) {
        self.asked = None;
        self.coming.clear();
    }

    /// Whether an answer is on its way.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some()
    }

    fn show(&mut self, findings: Vec<Finding>) {
        self.shown = findings;
        self.version += 1;
    }

    /// Takes an event; whether it was waited for. An answer in many parts is shown when it is whole, one that grows
    /// is shown as it grows.
    pub fn hear(&mut self, event: WorkerEvent) -> bool {
        let Some((_, inspection, moment)) = self.asked.take_if(|(run, ..)| *run == event.run()) else {
            return false;
        };
        let run = event.run();
        match event {
            WorkerEvent::Found { finding, spent_ms, is_last, .. } => {
                let grows = matches!(
                    *finding,
                    Finding::Covered { .. } | Finding::Units { .. } | Finding::Points { .. }
                );
                self.spent_ms = spent_ms;
                if grows {
                    self.show(vec![*finding]);
                } else {
                    self.coming.push(*finding);
                }
                if !is_last {
                    self.asked = Some((run, inspection, moment));
                    return true;
                }
                if !grows {
                    let whole = std::mem::take(&mut self.coming);
                    self.show(whole);
                }
                self.answered = Some((inspection, moment));
            }
            WorkerEvent::Failed { error, .. } => {
                self.error = Some(error);
                // Asking again would fail again.
                self.answered = Some((inspection, moment));
            }
            WorkerEvent::Died { .. } => {}
            _ => self.asked = Some((run, inspection, moment)),
        }
        true
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
