//! The race with a real network: runs that differ in their optimizer alone.

use super::setup::{racers_from_text, racers_to_text};
use crate::engine::optimizers::{AdamSpec, OptimizerSpec, RmsPropSpec, SgdSpec};
use crate::engine::presets::Preset;
use crate::engine::spec::{DataSpec, RunSpec};
use crate::ui::pages::training::{default_job, from_query, preset, to_query};
use crate::ui::routes::{Location, Query, Route};

const JOB: &str = "net";
const RACERS: &str = "net_racers";

/// What is trained, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkSetup {
    /// Network, images, epochs, batches, loss and seed; its optimizer does not matter.
    pub job: RunSpec,
    /// The racers, 1..=[`NetworkSetup::MAX_RACERS`].
    pub racers: Vec<OptimizerSpec>,
}

impl Default for NetworkSetup {
    fn default() -> NetworkSetup {
        let mut job = default_job();
        job.model = Preset::Mlp.spec();
        job.data = DataSpec {
            samples: 6_000,
            validation_samples: 1_000,
            test_samples: 1_000,
            ..DataSpec::default()
        };
        job.fit.epochs = 3;
        let sgd = SgdSpec { learning_rate: 0.05.into(), ..SgdSpec::default() };
        let racers = vec![
            sgd.clone().into(),
            SgdSpec { momentum: 0.9, ..sgd }.into(),
            RmsPropSpec::default().into(),
            AdamSpec::default().into(),
        ];
        NetworkSetup { job, racers }
    }
}

impl NetworkSetup {
    /// Racers, at most.
    pub const MAX_RACERS: usize = 4;
    /// Training images with those kept aside, at most.
    pub const MAX_SAMPLES: usize = 60_000;
    /// Epochs, at most.
    pub const MAX_EPOCHS: usize = 50;

    /// One run for each racer: the same in all but the optimizer.
    pub fn runs(&self) -> Vec<RunSpec> {
        self.racers.iter().map(|optimizer| self.run_of(optimizer)).collect()
    }

    /// One racer's run.
    pub fn run_of(&self, optimizer: &OptimizerSpec) -> RunSpec {
        let mut run = self.job.clone();
        run.compile.optimizer = optimizer.clone();
        run
    }

    /// Takes what is set up on the training page, as far as a race goes.
    pub fn take(&mut self, job: RunSpec) {
        // Whatever the optimizer was, it is none of the race's.
        let optimizer = self.job.compile.optimizer.clone();
        self.job = job;
        self.job.compile.optimizer = optimizer;
        self.job.fit.epochs = self.job.fit.epochs.min(Self::MAX_EPOCHS);
    }

    /// The ready network that it is, if it is one.
    pub fn preset(&self) -> Option<Preset> {
        preset(&self.job.model)
    }

    /// So many images, a sixth of which validate.
    pub fn set_samples(&mut self, samples: usize) {
        self.job.data.samples = samples;
        self.job.data.validation_samples = samples / 6;
    }

    /// An optimizer with the learning rate to begin with: Keras's own, and a larger one for SGD, whose 0.01 is
    /// slow here.
    pub fn suited(spec: OptimizerSpec) -> OptimizerSpec {
        match spec {
            OptimizerSpec::Sgd(_) => spec.with_learning_rate(0.05),
            spec => spec,
        }
    }

    /// Reads its part of an address; `bad` gets the names of what makes no sense.
    pub(super) fn read(&mut self, query: &Query, bad: &mut Vec<&'static str>) {
        if let Some(text) = query.get(JOB) {
            let (job, wrong) = from_query(&Location::parse(text).query);
            self.job = job;
            if !wrong.is_empty() {
                bad.push(JOB);
            }
        }
        if let Some(text) = query.get(RACERS) {
            match racers_from_text(text).filter(|racers| racers.len() <= Self::MAX_RACERS) {
                Some(racers) => self.racers = racers,
                None => bad.push(RACERS),
            }
        }
    }

    /// Adds its part of the address, as far as it is not as always.
    pub(super) fn write(&self, query: Query) -> Query {
        let usual = NetworkSetup::default();
        let query = if self.job == usual.job {
            query
        } else {
            query.with(JOB, &Location { route: Some(Route::Training), query: to_query(&self.job) }.to_hash())
        };
        if self.racers == usual.racers { query } else { query.with(RACERS, &racers_to_text(&self.racers)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::setup::Setup;
    use super::*;

    #[test]
    fn the_races_runs_differ_in_their_optimizer_alone() {
        let mut setup = NetworkSetup { racers: OptimizerSpec::palette(), ..NetworkSetup::default() };
        setup.set_samples(1_200);
        let runs = setup.runs();
        assert_eq!(runs.len(), OptimizerSpec::palette().len());
        for (run, racer) in runs.iter().zip(&setup.racers) {
            assert_eq!(run.compile.optimizer, *racer);
            assert_eq!(
                (run.seed, run.data.samples, run.data.validation_samples),
                (setup.job.seed, 1_200, 200)
            );
            let mut same = run.clone();
            same.compile.optimizer = runs[0].compile.optimizer.clone();
            assert_eq!(same, runs[0], "seed, batches, images and all the rest are one");
            assert!(run.validate_training().is_ok());
        }
    }

    #[test]
    fn a_network_race_survives_the_address() {
        let mut setup = Setup::default();
        assert!(setup.to_query(0).get(JOB).is_none() && setup.to_query(0).get(RACERS).is_none());
        setup.network.job.model = Preset::Lenet5.spec();
        setup.network.job.seed = 7;
        setup.network.job.fit.batch_size = 32;
        setup.network.racers.truncate(2);
        let link = Location { route: Some(Route::Optimizers), query: setup.to_query(3) }.to_hash();
        assert_eq!(Setup::from_query(&Location::parse(&link).query), (setup, vec![]));
        let text = format!("#/optimizers?{JOB}=%23%2Ftraining%3Fepochs%3Dx&{RACERS}=[]");
        assert_eq!(Setup::from_query(&Location::parse(&text).query).1, [JOB, RACERS]);
    }

    #[test]
    fn what_is_taken_over_keeps_within_the_races_limits() {
        let mut setup = NetworkSetup::default();
        let mut job = default_job();
        job.fit.epochs = 1_000;
        setup.take(job.clone());
        assert_eq!(setup.job.fit.epochs, NetworkSetup::MAX_EPOCHS);
        assert_eq!(setup.preset(), preset(&job.model));
    }
}
