//! How training goes on with a model from a file: as `fit` with `initial_epoch` does in Keras.

use crate::engine::spec::RunSpec;
use crate::formats::SavedModel;
use crate::protocol::{Progress, Snapshot};

/// What can be done with the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Further {
    /// Of the model.
    pub name: String,
    /// Epochs that it has behind it.
    pub done: usize,
    /// Epochs that are proposed.
    pub more: usize,
    /// Whether the file has the optimizer's variables; otherwise the optimizer begins anew.
    pub has_optimizer: bool,
    /// Keras's name of the optimizer.
    pub optimizer: &'static str,
}

impl Further {
    /// Of a model from a file; what the file does not say is as in `form`.
    pub fn of(saved: &SavedModel, form: &RunSpec) -> Self {
        let base = base(saved, form);
        Self {
            name: saved.model.name.clone(),
            done: done(saved),
            more: base.fit.epochs.saturating_sub(base.fit.initial_epoch).max(1),
            has_optimizer: has_optimizer(saved),
            optimizer: base.compile.optimizer.class_name(),
        }
    }
}

fn done(saved: &SavedModel) -> usize {
    saved.epochs.unwrap_or(0)
}

/// Variables of an optimizer are of use with its arguments alone.
fn has_optimizer(saved: &SavedModel) -> bool {
    saved.job.is_some() && saved.optimizer.as_ref().is_some_and(|state| state.steps > 0)
}

/// The file's run. Files of other programs do not know their data, nor how long they were trained.
fn base(saved: &SavedModel, form: &RunSpec) -> RunSpec {
    let model = saved.model.clone();
    match (&saved.job, saved.epochs) {
        (Some(job), Some(_)) => RunSpec { model, ..job.clone() },
        (Some(job), None) => RunSpec { model, compile: job.compile.clone(), ..form.clone() },
        (None, _) => RunSpec { model, ..form.clone() },
    }
}

/// The run that goes on for `more` epochs, and where it begins.
pub fn further(saved: &SavedModel, form: &RunSpec, more: usize) -> (RunSpec, Snapshot) {
    let (mut job, done) = (base(saved, form), done(saved));
    job.fit.initial_epoch = done;
    job.fit.epochs = done + more;
    let state = saved.optimizer.as_ref().filter(|_| has_optimizer(saved));
    let progress = match state {
        Some(state) => Progress {
            epoch: done,
            steps: state.steps,
            learning_rate: state.learning_rate,
            slots: state.slots.clone(),
            callbacks: Vec::new(),
        },
        None => Progress {
            epoch: done,
            steps: 0,
            learning_rate: job.compile.optimizer.learning_rate().number().unwrap_or_default(),
            slots: Vec::new(),
            callbacks: Vec::new(),
        },
    };
    let params = saved.params.clone();
    (job.clone(), Snapshot { job, epochs: done, params, progress: Some(progress) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DatasetId;
    use crate::engine::optimizers::SgdSpec;
    use crate::engine::presets::Preset;
    use crate::formats::OptimizerState;

    fn saved() -> SavedModel {
        let mut job = RunSpec::new(Preset::Mlp.spec());
        job.fit.epochs = 7;
        job.compile.optimizer = SgdSpec::default().into();
        let optimizer = OptimizerState { steps: 40, learning_rate: 0.125, slots: vec![vec![1.0]] };
        let model = job.model.clone();
        SavedModel { model, params: vec![0.5], job: Some(job), epochs: Some(7), optimizer: Some(optimizer) }
    }

    fn form() -> RunSpec {
        let mut form = RunSpec::new(Preset::Lenet5.spec());
        form.data.dataset = DatasetId::FashionMnist;
        form.fit.batch_size = 17;
        form.fit.epochs = 3;
        form
    }

    #[test]
    fn a_run_of_our_own_goes_on_where_it_stopped() {
        let (job, from) = further(&saved(), &form(), 2);
        assert_eq!((job.fit.initial_epoch, job.fit.epochs), (7, 9));
        assert_eq!(job.data.dataset, DatasetId::Mnist);
        assert_eq!((from.epochs, &from.job), (7, &job));
        let progress = from.progress.unwrap();
        assert_eq!((progress.epoch, progress.steps, progress.learning_rate), (7, 40, 0.125));
        assert_eq!(progress.slots, [[1.0]]);
        assert_eq!(Further::of(&saved(), &form()).more, 7);
    }

    #[test]
    fn a_file_of_another_program_takes_data_and_epochs_from_the_form() {
        let foreign = SavedModel { epochs: None, ..saved() };
        let (job, from) = further(&foreign, &form(), 3);
        assert_eq!((job.fit.initial_epoch, job.fit.epochs, job.fit.batch_size), (0, 3, 17));
        assert_eq!(job.data.dataset, DatasetId::FashionMnist);
        assert_eq!(job.compile.optimizer.class_name(), "SGD");
        assert_eq!(job.model, Preset::Mlp.spec());
        assert_eq!(from.progress.unwrap().steps, 40);
    }

    #[test]
    fn without_variables_the_optimizer_begins_anew() {
        let weights = SavedModel { job: None, epochs: None, ..saved() };
        let offer = Further::of(&weights, &form());
        assert!(!offer.has_optimizer && offer.optimizer == "Adam" && offer.more == 3);
        let (job, from) = further(&weights, &form(), 1);
        let progress = from.progress.unwrap();
        assert_eq!((progress.steps, progress.slots.len()), (0, 0));
        assert_eq!(Some(progress.learning_rate), job.compile.optimizer.learning_rate().number());
    }
}
