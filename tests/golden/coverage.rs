//! That no kind of layer, loss, metric, … is without a case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::de::DeserializeOwned;
use serde_json::Value;
use svertka::engine::callbacks::CallbackSpec;
use svertka::engine::constraints::ConstraintSpec;
use svertka::engine::initializers::InitializerSpec;
use svertka::engine::layers::{LayerDef as _, LayerSpec};
use svertka::engine::losses::LossSpec;
use svertka::engine::metrics::MetricSpec;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::regularizers::RegularizerSpec;
use svertka::engine::schedules::ScheduleSpec;

use super::case::{case_names, folder};

/// The specs in all cases, by the key that they stand under.
struct Mentioned(BTreeMap<String, Vec<Value>>);

impl Mentioned {
    fn read() -> Self {
        let mut all = Self(BTreeMap::new());
        for name in case_names() {
            let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
            all.collect("", &serde_json::from_str(&text).unwrap());
        }
        all
    }

    fn collect(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                if fields.len() == 1 && fields.keys().all(|kind| kind.starts_with(char::is_uppercase)) {
                    self.0.entry(key.to_owned()).or_default().push(value.clone());
                }
                fields.iter().for_each(|(key, value)| self.collect(key, value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(key, item)),
            // A kind with default arguments may be there by its name alone.
            Value::String(_) => self.0.entry(key.to_owned()).or_default().push(value.clone()),
            _ => {}
        }
    }

    /// The kinds of `palette` that no case has under a key ending in one of `keys`.
    fn missing<T: DeserializeOwned>(
        &self,
        keys: &[&str],
        palette: &[T],
        class_name: impl Fn(&T) -> &'static str,
    ) -> Vec<String> {
        let values = self.0.iter().filter(|(key, _)| keys.iter().any(|end| key.ends_with(end)));
        let found: BTreeSet<&str> = values
            .flat_map(|(_, values)| values)
            .filter_map(|value| serde_json::from_value::<T>(value.clone()).ok())
            .map(|spec| class_name(&spec))
            .collect();
        let names = palette.iter().map(class_name);
        names.filter(|name| !found.contains(name)).map(|name| format!("{} {name}", keys[0])).collect()
    }
}

#[test]
fn every_kind_has_a_case() {
    let all = Mentioned::read();
    let missing = [
        all.missing(&["layers"], &LayerSpec::palette(), LayerSpec::class_name),
        all.missing(&["loss"], &LossSpec::palette(), LossSpec::class_name),
        all.missing(&["metrics"], &MetricSpec::palette(), MetricSpec::class_name),
        all.missing(&["optimizer"], &OptimizerSpec::palette(), OptimizerSpec::class_name),
        all.missing(&["schedule", "learning_rate"], &ScheduleSpec::palette(), ScheduleSpec::class_name),
        all.missing(&["regularizer"], &RegularizerSpec::palette(), RegularizerSpec::class_name),
        all.missing(&["constraint"], &ConstraintSpec::palette(), ConstraintSpec::class_name),
        all.missing(&["initializer"], &InitializerSpec::palette(), InitializerSpec::class_name),
        all.missing(&["callback"], &CallbackSpec::palette(), CallbackSpec::class_name),
    ]
    .concat();
    assert!(missing.is_empty(), "no golden case has {missing:?}");
}
