//! Specs without what is as always, for addresses.

use serde_json::{Map, Value};

use super::argument::class_of;
use super::family::Family;
use super::kind::{Kind, kind};

/// The spec with only those arguments that differ from their defaults: `{"Dense": {"units": 10}}`, or its
/// name alone, where specs are read from a name too.
pub fn compact(family: Family, spec: &Value) -> Value {
    let name = class_of(spec);
    let (Some(class), Some(Value::Object(arguments))) = (family.class(name), spec.get(name)) else {
        return spec.clone();
    };
    let is_changed = |(name, default): &&(String, Value)| arguments.get(name).is_some_and(|it| it != default);
    let shorter = |(argument, _): &(String, Value)| {
        let value = &arguments[argument];
        let value = match kind(name, argument) {
            Some(Kind::Member(family)) => compact(family, value),
            Some(Kind::Rate(_)) => compact(Family::Schedule, value),
            _ => value.clone(),
        };
        (argument.clone(), value)
    };
    let changed: Map<String, Value> = class.arguments.iter().filter(is_changed).map(shorter).collect();
    // A metric's name alone would also name it in the logs; a schedule's is not read at all.
    if changed.is_empty() && !matches!(family, Family::Metric | Family::Schedule) {
        return Value::String(name.to_owned());
    }
    Value::Object(Map::from_iter([(name.to_owned(), Value::Object(changed))]))
}

/// The spec that every family reads, from a name alone or from what is one already.
pub fn expand(spec: Value) -> Value {
    match spec {
        Value::String(name) => Value::Object(Map::from_iter([(name, Value::Object(Map::new()))])),
        other => other,
    }
}
