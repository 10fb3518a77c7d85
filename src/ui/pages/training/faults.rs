//! What is wrong with the callbacks of a job: those that cannot be built, and those that would never see what
//! they wait for.

use crate::data::Targets;
use crate::engine::callbacks::{CallbackError, CallbackSpec, ModelCheckpointSpec, SaveFreq, TemplateError};
use crate::engine::event::Monitor;
use crate::engine::losses::Outputs;
use crate::engine::metrics::Seen;
use crate::engine::spec::RunSpec;
use crate::tensor::{Shape, Tensor};

/// Classes of every dataset.
pub const CLASSES: usize = 10;

/// What is wrong with a callback.
#[derive(Clone, Debug, PartialEq)]
pub enum CallbackFault {
    /// It cannot be built.
    Error(CallbackError),
    /// The name of its file cannot be filled in, so that Keras would end the run with an error.
    FileName(TemplateError),
    /// It watches what is not measured where it looks.
    NotMeasured {
        /// What it watches.
        monitor: Monitor,
        /// What is measured.
        known: Vec<String>,
    },
    /// It watches validation, and nothing validates.
    NotValidated(Monitor),
}

impl CallbackFault {
    /// Whether Keras only warns of it: the run goes on, and the callback does nothing.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::NotMeasured { .. } | Self::NotValidated(_))
    }
}

/// After which epochs there are values of validation.
#[derive(Clone, Copy, PartialEq)]
enum Validated {
    Never,
    Sometimes,
    Always,
}

fn validated(job: &RunSpec) -> Validated {
    let (first, last) = (job.fit.initial_epoch, job.fit.epochs);
    // Where there is nothing to train, that is what is to be said.
    if job.data.validate().is_err() || first >= last {
        return Validated::Always;
    }
    if job.data.num_train(&job.fit) == job.data.samples {
        return Validated::Never;
    }
    match job.fit.validation_freq.count(first..last) {
        0 => Validated::Never,
        count if count == last - first => Validated::Always,
        _ => Validated::Sometimes,
    }
}

/// The names of the values that are measured on training images, `loss` first.
fn measured(job: &RunSpec) -> Vec<String> {
    let mut measures = job.compile.measures();
    let targets = Targets::Classes(vec![0].into());
    let fits = job.compile.validate().is_ok()
        && job.compile.check_targets(&Shape::from([CLASSES]), &targets, 1).is_ok();
    let mut names: Vec<String> = if fits {
        // Only who has seen an output knows how many values it gives for each class.
        let values = Tensor::new(&[1, CLASSES], vec![1.0 / CLASSES as f32; CLASSES]);
        let outputs = Outputs { values, logits: None };
        measures.add_loss(0.0, 1);
        measures.add_outputs(Seen { outputs: &outputs, targets: &targets, weights: None });
        measures.logs().into_iter().map(|(name, _)| name.to_string()).collect()
    } else {
        let loss = Monitor::LOSS.name().to_owned();
        measures.directions().map(|(name, _)| name.to_owned()).chain([loss]).collect()
    };
    names.sort_by_key(|name| name != Monitor::LOSS.name());
    names
}

fn of_validation(names: &[String]) -> impl Iterator<Item = String> {
    names.iter().map(|name| Monitor::named(name.as_str()).of_validation().name().to_owned())
}

/// What callbacks can watch: everything that is measured, validation first.
pub fn monitors(job: &RunSpec) -> Vec<String> {
    let training = measured(job);
    of_validation(&training).chain(training.iter().cloned()).collect()
}

/// Everything that is wrong with the callbacks, each with its position.
pub fn callback_faults(job: &RunSpec) -> Vec<(usize, CallbackFault)> {
    let context = job.callback_context();
    let run = Run { training: measured(job), validated: validated(job) };
    let mut has_rate = false;
    let mut found = Vec::new();
    for (position, spec) in job.fit.callbacks.iter().enumerate() {
        let fault = match spec.validate(&context) {
            Err(error) => Some(CallbackFault::Error(error)),
            Ok(()) => run.fault(spec, has_rate),
        };
        found.extend(fault.map(|fault| (position, fault)));
        // Both write the learning rate among the values that those after them see.
        has_rate |=
            matches!(spec, CallbackSpec::ReduceLrOnPlateau(_) | CallbackSpec::LearningRateScheduler(_));
    }
    found
}

/// What a run measures.
struct Run {
    training: Vec<String>,
    validated: Validated,
}

impl Run {
    fn fault(&self, spec: &CallbackSpec, has_rate: bool) -> Option<CallbackFault> {
        match spec {
            CallbackSpec::EarlyStopping(spec) => self.watches(&spec.monitor, has_rate),
            CallbackSpec::ReduceLrOnPlateau(spec) => self.watches(&spec.monitor, has_rate),
            CallbackSpec::ModelCheckpoint(spec) => self.checkpoint(spec, has_rate),
            CallbackSpec::TensorBoard(_)
            | CallbackSpec::CsvLogger(_)
            | CallbackSpec::LearningRateScheduler(_)
            | CallbackSpec::TerminateOnNan(_)
            | CallbackSpec::BackupAndRestore(_)
            | CallbackSpec::History(_)
            | CallbackSpec::ProgbarLogger(_) => None,
        }
    }

    /// Whether a callback that looks at the end of an epoch sees this value at least now and then.
    fn watches(&self, monitor: &Monitor, has_rate: bool) -> Option<CallbackFault> {
        let is_known = self.training.iter().any(|name| name == monitor.name());
        if is_known || has_rate && *monitor == Monitor::LEARNING_RATE {
            return None;
        }
        let is_of_validation =
            monitor.is_validation() && self.training.iter().any(|name| name == monitor.quantity());
        match (is_of_validation, self.validated) {
            (true, Validated::Never) => Some(CallbackFault::NotValidated(monitor.clone())),
            (true, Validated::Sometimes | Validated::Always) => None,
            (false, validated) => {
                let known = if validated == Validated::Never {
                    self.training.clone()
                } else {
                    of_validation(&self.training).chain(self.training.iter().cloned()).collect()
                };
                Some(CallbackFault::NotMeasured { monitor: monitor.clone(), known })
            }
        }
    }

    fn checkpoint(&self, spec: &ModelCheckpointSpec, has_rate: bool) -> Option<CallbackFault> {
        let is_within = matches!(spec.save_freq, SaveFreq::Batches(_));
        let mut known = vec!["epoch".to_owned()];
        known.extend(is_within.then(|| "batch".to_owned()));
        known.extend(self.training.iter().cloned());
        if !is_within && self.validated == Validated::Always {
            known.extend(of_validation(&self.training));
        }
        if !is_within && has_rate {
            known.push(Monitor::LEARNING_RATE.name().to_owned());
        }
        if let Some(key) = keys(&spec.filepath).into_iter().find(|key| !known.contains(key)) {
            let template = spec.filepath.clone();
            return Some(CallbackFault::FileName(TemplateError::UnknownKey { template, key, known }));
        }
        // Who saves every time does not ask.
        if !spec.save_best_only {
            return None;
        }
        if is_within && !self.training.iter().any(|name| name == spec.monitor.name()) {
            let known = self.training.clone();
            return Some(CallbackFault::NotMeasured { monitor: spec.monitor.clone(), known });
        }
        self.watches(&spec.monitor, has_rate)
    }
}

/// The names in braces of a path that has been checked.
fn keys(template: &str) -> Vec<String> {
    let plain = template.replace("{{", "").replace("}}", "");
    let fields = plain.split('{').skip(1).filter_map(|part| part.split_once('}'));
    fields.map(|(field, _)| field.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
