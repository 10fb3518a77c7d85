//! The settings, which live in the page's address.

use crate::engine::callbacks::{
    CallbackSpec, EarlyStoppingSpec, ModelCheckpointSpec, ReduceLrOnPlateauSpec, TerminateOnNanSpec,
};
use crate::engine::event::Monitor;
use crate::engine::spec::RunSpec;
use crate::ui::callbacks::{Course, Curve, Metric, callbacks_from_text, callbacks_to_text};
use crate::ui::routes::Query;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Look {
    /// An epoch of the curve, from 0.
    pub epoch: usize,
    /// A single call in it, where it is not the epoch's last one.
    pub moment: Option<usize>,
}

/// What the reader has drawn and chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The metric.
    pub curve: Curve,
    /// The callbacks, in their order.
    pub callbacks: Vec<CallbackSpec>,
    /// The learning rate at the beginning.
    pub learning_rate: f64,
    /// Batches of training in every epoch.
    pub steps: usize,
}

impl Default for Setup {
    /// A network that learns by heart, and the callbacks that a lecture shows first.
    fn default() -> Setup {
        let callbacks = vec![
            CallbackSpec::EarlyStopping(EarlyStoppingSpec {
                patience: 4,
                min_delta: 0.001,
                restore_best_weights: true,
                ..EarlyStoppingSpec::default()
            }),
            CallbackSpec::ReduceLrOnPlateau(ReduceLrOnPlateauSpec {
                factor: 0.5,
                patience: 2,
                cooldown: 1,
                ..ReduceLrOnPlateauSpec::default()
            }),
            CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
                filepath: "model.{epoch:02d}-{val_loss:.2f}.keras".to_owned(),
                save_best_only: true,
                ..ModelCheckpointSpec::default()
            }),
            CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default()),
        ];
        let curve = Curve::of(Course::Overfits, Metric::ValLoss, Setup::EPOCHS);
        Setup { curve, callbacks, learning_rate: 0.001, steps: 3 }
    }
}

impl Setup {
    /// Epochs of a fresh curve.
    pub const EPOCHS: usize = 14;
    /// Batches in an epoch, at most: every one of them can be stepped through.
    pub const MAX_STEPS: usize = 8;
    /// The largest learning rate to begin with.
    pub const MAX_RATE: f64 = 10.0;

    /// A rehearsal of a job's callbacks: with its learning rate, and what the first of them watches is drawn.
    pub fn of_job(job: &RunSpec) -> Setup {
        let mut setup = Setup::default();
        let watched = job.fit.callbacks.iter().find_map(CallbackSpec::monitor);
        let is_watched =
            |metric: &Metric| watched.is_some_and(|it| it.quantity() == metric.monitor().quantity());
        setup.choose_metric(Metric::ALL.into_iter().find(is_watched).unwrap_or_default());
        setup.callbacks.clone_from(&job.fit.callbacks);
        // As the decimal that was meant; a schedule of the optimizer has no such number.
        let rate = job.compile.optimizer.learning_rate().number();
        let rate = rate.and_then(|rate| rate.to_string().parse().ok());
        if let Some(rate) = rate.filter(|rate| (0.0..=Setup::MAX_RATE).contains(rate)) {
            setup.learning_rate = rate;
        }
        setup
    }

    /// Draws another metric. Callbacks that watched the one before watch this one, and names of files follow.
    pub fn choose_metric(&mut self, metric: Metric) {
        let before = self.curve.metric;
        if before == metric {
            return;
        }
        let course = Course::ALL.into_iter().find(|course| self.is(*course)).unwrap_or(Course::Overfits);
        self.curve = Curve::of(course, metric, self.curve.epochs());
        let follow = |monitor: &mut Monitor| {
            if *monitor == before.monitor() {
                *monitor = metric.monitor();
            }
        };
        for spec in &mut self.callbacks {
            match spec {
                CallbackSpec::EarlyStopping(spec) => follow(&mut spec.monitor),
                CallbackSpec::ReduceLrOnPlateau(spec) => follow(&mut spec.monitor),
                CallbackSpec::ModelCheckpoint(spec) => {
                    follow(&mut spec.monitor);
                    let (from, to) = (format!("{{{}", before.name()), format!("{{{}", metric.name()));
                    spec.filepath = spec.filepath.replace(&from, &to);
                }
                CallbackSpec::TensorBoard(_)
                | CallbackSpec::CsvLogger(_)
                | CallbackSpec::LearningRateScheduler(_)
                | CallbackSpec::TerminateOnNan(_)
                | CallbackSpec::BackupAndRestore(_)
                | CallbackSpec::History(_)
                | CallbackSpec::ProgbarLogger(_) => {}
            }
        }
    }

    /// Whether the curve is this ready-made one.
    pub fn is(&self, course: Course) -> bool {
        self.curve == Curve::of(course, self.curve.metric, self.curve.epochs())
    }

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (Setup, Vec<&'static str>) {
        let mut setup = Setup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        let mut metric = Metric::ValLoss;
        read("metric", &mut |text| Metric::from_name(text).map(|it| metric = it));
        setup.choose_metric(metric);
        read("curve", &mut |text| curve_from_text(text, metric).map(|curve| setup.curve = curve));
        read("callbacks", &mut |text| {
            callbacks_from_text(text).ok().map(|callbacks| setup.callbacks = callbacks)
        });
        read("learning_rate", &mut |text| {
            let rate = text.parse().ok().filter(|rate| (0.0..=Setup::MAX_RATE).contains(rate));
            rate.map(|rate| setup.learning_rate = rate)
        });
        read("steps", &mut |text| {
            let steps = text.parse().ok().filter(|steps| (1..=Setup::MAX_STEPS).contains(steps));
            steps.map(|steps| setup.steps = steps)
        });
        (setup, bad)
    }

    /// The address's form, with what is looked at.
    pub fn to_query(&self, look: Look) -> Query {
        let query = Query::default()
            .with("metric", &self.curve.metric.name())
            .with("curve", &self.curve_text())
            .with("callbacks", &callbacks_to_text(&self.callbacks))
            .with("learning_rate", &self.learning_rate)
            .with("steps", &self.steps)
            .with("epoch", &(look.epoch + 1));
        match look.moment {
            Some(moment) => query.with("call", &moment),
            None => query,
        }
    }

    /// What the address looks at: the last epoch, if it says nothing.
    pub fn look(&self, query: &Query) -> Look {
        let last = self.curve.epochs() - 1;
        let epoch = query.parse::<usize>("epoch").and_then(|epoch| epoch.checked_sub(1));
        Look { epoch: epoch.unwrap_or(last).min(last), moment: query.parse("call") }
    }

    /// A ready-made curve by its name, any other one value by value.
    fn curve_text(&self) -> String {
        if let Some(course) = Course::ALL.into_iter().find(|course| self.is(*course)) {
            return format!("{}-{}", course.name(), self.curve.epochs());
        }
        let text = |value: &f64| if value.is_nan() { "nan".to_owned() } else { value.to_string() };
        self.curve.values().iter().map(text).collect::<Vec<_>>().join(",")
    }
}

fn curve_from_text(text: &str, metric: Metric) -> Option<Curve> {
    if let Some((name, epochs)) = text.split_once('-')
        && let Some(course) = Course::from_name(name)
    {
        let epochs = epochs.parse().ok().filter(|epochs| (1..=Curve::MAX_EPOCHS).contains(epochs))?;
        return Some(Curve::of(course, metric, epochs));
    }
    let value = |text: &str| if text == "nan" { Some(f64::NAN) } else { text.parse().ok() };
    let values: Vec<f64> = text.split(',').take(Curve::MAX_EPOCHS + 1).map(value).collect::<Option<_>>()?;
    Curve::from_values(metric, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::callbacks::Rehearsal;
    use crate::ui::pages::training::default_job;
    use crate::ui::routes::Location;

    fn read(text: &str) -> (Setup, Vec<&'static str>) {
        Setup::from_query(&Location::parse(&format!("#/callbacks?{text}")).query)
    }

    #[test]
    fn a_setup_survives_the_address() {
        let mut setup = Setup::default();
        let look = Look { epoch: 3, moment: Some(17) };
        for course in Course::ALL {
            setup.curve = Curve::of(course, Metric::ValLoss, 9);
            let query = setup.to_query(look);
            assert_eq!(Setup::from_query(&query), (setup.clone(), vec![]));
            assert_eq!(setup.look(&query), look);
        }
        setup.choose_metric(Metric::ValAccuracy);
        setup.curve.set(2, 0.1234);
        setup.curve.set(5, f64::NAN);
        (setup.steps, setup.learning_rate) = (8, 0.25);
        setup.callbacks.remove(0);
        assert_eq!(Setup::from_query(&setup.to_query(Look::default())), (setup, vec![]));
    }

    #[test]
    fn hostile_addresses_are_named_and_bounded() {
        let long = vec!["0.5"; 9_999].join(",");
        let (setup, bad) =
            read(&format!("metric=mae&curve={long}&callbacks=Stop&learning_rate=-1&steps=0&epoch=0&call=x"));
        assert_eq!(setup, Setup::default());
        assert_eq!(bad, ["metric", "curve", "callbacks", "learning_rate", "steps"]);
        for curve in ["overfits-0", "overfits-61", "inf", "", "0.5,,0.5", "11"] {
            assert_eq!(read(&format!("curve={curve}")).1, ["curve"], "{curve}");
        }
        let query = Location::parse("#/callbacks?epoch=99999999999999999999&call=-3").query;
        assert_eq!(setup.look(&query), Look { epoch: Setup::EPOCHS - 1, moment: None });
    }

    #[test]
    fn a_job_brings_its_callbacks_and_its_learning_rate() {
        let mut job = default_job();
        assert_eq!(Setup::of_job(&job), Setup { callbacks: job.fit.callbacks.clone(), ..Setup::default() });
        let monitor = Monitor::ACCURACY;
        job.fit
            .callbacks
            .push(CallbackSpec::EarlyStopping(EarlyStoppingSpec { monitor, ..EarlyStoppingSpec::default() }));
        job.compile.optimizer = job.compile.optimizer.with_learning_rate(0.3);
        let setup = Setup::of_job(&job);
        assert_eq!((setup.curve.metric, &setup.callbacks), (Metric::ValAccuracy, &job.fit.callbacks));
        assert_eq!(Setup::from_query(&setup.to_query(Look::default())), (setup.clone(), vec![]));
        assert_eq!(setup.learning_rate.to_string(), "0.3");
        job.compile.optimizer = job.compile.optimizer.with_learning_rate(50.0);
        assert_eq!(Setup::of_job(&job).learning_rate.to_string(), "0.001", "a rate that cannot be rehearsed");
    }

    #[test]
    fn another_metric_takes_callbacks_and_file_names_along() {
        let mut setup = Setup::default();
        setup.choose_metric(Metric::ValAccuracy);
        let run = Rehearsal::run(&setup.curve, &setup.callbacks, 0.001, 1).unwrap();
        let CallbackSpec::ModelCheckpoint(checkpoint) = &setup.callbacks[2] else { panic!("another one") };
        assert_eq!(checkpoint.filepath, "model.{epoch:02d}-{val_accuracy:.2f}.keras");
        assert!(run.record(run.moments.len() - 1).track(2).unwrap().shelf[0].path.starts_with("model.01-0."));
        setup.choose_metric(Metric::ValLoss);
        assert_eq!(setup, Setup::default());
    }
}
