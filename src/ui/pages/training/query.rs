//! A [`RunSpec`] in the address and back: every argument by its own name, so that a link pins the
//! whole run.

use super::field::Field;
use super::job::{
    default_job, early_stopping, early_stopping_mut, preset, set_early_stopping, set_optimizer,
};
use crate::engine::event::Monitor;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;
use crate::ui::routes::Query;

const DATASET: &str = "dataset";
const PRESET: &str = "preset";
const OPTIMIZER: &str = "optimizer";
const NESTEROV: &str = "nesterov";
const MONITOR: &str = "early_stopping";
const RESTORE: &str = "restore_best_weights";

/// The job's place in the address.
pub fn to_query(job: &RunSpec) -> Query {
    let mut query = Query::default().with(DATASET, &job.data.dataset);
    if let Some(preset) = preset(&job.model) {
        query = query.with(PRESET, &preset.id());
    }
    query = query.with(OPTIMIZER, &job.compile.optimizer.class_name());
    if let OptimizerSpec::Sgd(sgd) = &job.compile.optimizer {
        query = query.with(NESTEROV, &sgd.nesterov);
    }
    if let Some(spec) = early_stopping(job) {
        query = query.with(MONITOR, &spec.monitor).with(RESTORE, &spec.restore_best_weights);
    }
    for field in Field::ALL {
        if let Some(value) = field.get(job) {
            query = query.with(field.name(), &value);
        }
    }
    query
}

/// The job in an address, and the names of those of its values that make no sense. What is missing
/// or makes no sense has its default; unknown names are ignored.
pub fn from_query(query: &Query) -> (RunSpec, Vec<&'static str>) {
    let mut job = default_job();
    let mut bad = Vec::new();
    let mut read = |name: &'static str, take: &mut dyn FnMut(&str) -> bool| {
        if query.get(name).is_some_and(|text| !take(text)) {
            bad.push(name);
        }
    };
    read(DATASET, &mut |text| text.parse().map(|dataset| job.data.dataset = dataset).is_ok());
    read(PRESET, &mut |text| Preset::from_id(text).map(|preset| job.model = preset.spec()).is_some());
    read(OPTIMIZER, &mut |text| {
        set_optimizer(&mut job, text);
        job.compile.optimizer.class_name() == text
    });
    read(NESTEROV, &mut |text| match (&mut job.compile.optimizer, text.parse()) {
        (OptimizerSpec::Sgd(sgd), Ok(on)) => {
            sgd.nesterov = on;
            true
        }
        (_, Ok(_)) => true,
        (_, Err(_)) => false,
    });
    read(MONITOR, &mut |text| {
        let monitor = Monitor::ALL.into_iter().find(|monitor| monitor.to_string() == text);
        let is_known = monitor.is_some();
        set_early_stopping(&mut job, is_known);
        if let (Some(spec), Some(monitor)) = (early_stopping_mut(&mut job), monitor) {
            spec.monitor = monitor;
        }
        is_known
    });
    read(RESTORE, &mut |text| match (early_stopping_mut(&mut job), text.parse()) {
        (Some(spec), Ok(on)) => {
            spec.restore_best_weights = on;
            true
        }
        (None, Ok(_)) => true,
        (_, Err(_)) => false,
    });
    for field in Field::ALL {
        read(field.name(), &mut |text| match text.parse::<f64>() {
            // A number out of bounds is kept, so that its field can say what is wrong with it.
            Ok(value) if is_storable(field, value) => {
                field.set(&mut job, value);
                true
            }
            _ => false,
        });
    }
    (job, bad)
}

fn is_storable(field: Field, value: f64) -> bool {
    let is_whole = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    value.is_finite() && (field.bounds().decimals > 0 || is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DatasetId;
    use crate::ui::routes::Location;

    fn read(query: &str) -> (RunSpec, Vec<&'static str>) {
        from_query(&Location::parse(&format!("#/training?{query}")).query)
    }

    #[test]
    fn a_job_survives_the_address() {
        let mut job = default_job();
        assert_eq!(from_query(&to_query(&job)), (job.clone(), vec![]));
        job.data.dataset = DatasetId::FashionMnist;
        job.model = Preset::KerasCnn.spec();
        set_optimizer(&mut job, "SGD");
        set_early_stopping(&mut job, true);
        for field in Field::ALL {
            let value = field.bounds().nudged(field.get(&job).unwrap(), true);
            field.set(&mut job, value);
        }
        if let OptimizerSpec::Sgd(sgd) = &mut job.compile.optimizer {
            sgd.nesterov = true;
        }
        if let Some(spec) = early_stopping_mut(&mut job) {
            spec.monitor = Monitor::VAL_ACCURACY;
            spec.restore_best_weights = true;
        }
        assert_eq!(from_query(&to_query(&job)), (job, vec![]));
    }

    #[test]
    fn a_short_link_leaves_the_rest_as_it_is() {
        let (job, bad) = read("seed=7&preset=mlp&whatever=1");
        assert_eq!((job.seed, preset(&job.model), bad), (7, Some(Preset::Mlp), vec![]));
        assert_eq!(job.data, default_job().data);
    }

    #[test]
    fn values_that_make_no_sense_are_named() {
        let (job, bad) = read("seed=abc&preset=vgg&optimizer=adam&batch_size=1.5&epochs=-1&nesterov=1");
        assert_eq!(job, default_job());
        assert_eq!(bad, ["preset", "optimizer", "nesterov", "batch_size", "epochs", "seed"]);
    }

    #[test]
    fn a_number_out_of_bounds_reaches_its_field() {
        let (job, bad) = read("batch_size=0&learning_rate=50");
        assert_eq!((job.fit.batch_size, bad), (0, vec![]));
        assert_eq!(super::super::job::problems(&job).len(), 2);
    }
}
