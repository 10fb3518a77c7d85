//! An optimizer's state in a `.h5` file. Keras 3 has it in the order of its variables, as everywhere; Keras 2
//! had other orders and other names, which say what each array is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::state::{self, Found};
use super::tree;
use crate::engine::spec::RunSpec;
use crate::formats::hdf5::{Array, Group, Values};
use crate::formats::{FormatError, OptimizerState};

/// The state in `optimizer_weights`.
///
/// # Errors
/// If the model is not valid.
pub fn read(root: &Group, job: &RunSpec, is_old: bool) -> Result<Found, FormatError> {
    let Some(group) = tree::group_at(root, &["optimizer_weights".to_owned()]) else {
        return Ok(Found::Nothing);
    };
    let names = tree::texts_attribute(group, "weight_names").unwrap_or_default();
    let mut arrays = Vec::with_capacity(names.len());
    for name in &names {
        let Some(array) = tree::array_at(group, name) else { return Ok(Found::Other) };
        arrays.push(array);
    }
    // One array under many names would be copied as often.
    let distinct: BTreeSet<*const Array> = arrays.iter().map(|array| std::ptr::from_ref(*array)).collect();
    if distinct.len() < arrays.len() {
        return Ok(Found::Other);
    }
    if is_old {
        return by_name(&names, &arrays, job);
    }
    state::read(&job.model, &job.compile.optimizer, arrays.into_iter().cloned().collect())
}

/// What Keras 2 calls the slots: of its last optimizers `Adam/m/dense/kernel:0`, of those before
/// `Adam/dense/kernel/m:0`.
const SLOTS: &[(&str, &str)] = &[
    ("m", "momentum"),
    ("momentum", "momentum"),
    ("v", "velocity"),
    ("velocity", "velocity"),
    ("rms", "velocity"),
    ("vhat", "velocity_hat"),
    ("mg", "average_gradient"),
    ("average_gradient", "average_gradient"),
    ("accumulator", "accumulator"),
    ("average", "average"),
];

/// What a name says that an array is.
fn kind(name: &str) -> Option<&'static str> {
    let name = name.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = name.split('/').collect();
    let last = *parts.last()?;
    match last {
        "iter" | "iteration" => return Some("iteration"),
        "learning_rate" => return Some("learning_rate"),
        _ => {}
    }
    let slot = |part: &str| SLOTS.iter().find(|(old, _)| *old == part).map(|(_, new)| *new);
    slot(last).or_else(|| slot(parts.get(1)?))
}

/// The arrays of each kind, in the order of the parameters.
type Kinds<'a> = BTreeMap<&'static str, VecDeque<&'a Array>>;

fn take<'a>(by_kind: &mut Kinds<'a>, kind: &str) -> Option<&'a Array> {
    by_kind.get_mut(kind).and_then(VecDeque::pop_front)
}

fn by_name(names: &[&str], arrays: &[&Array], job: &RunSpec) -> Result<Found, FormatError> {
    let optimizer = &job.compile.optimizer;
    let mut by_kind = Kinds::new();
    for (name, array) in names.iter().zip(arrays) {
        let Some(kind) = kind(name) else { return Ok(Found::Other) };
        by_kind.entry(kind).or_default().push_back(array);
    }
    let steps = take(&mut by_kind, "iteration").and_then(state::count);
    let rate = match take(&mut by_kind, "learning_rate") {
        Some(array) => state::scalar(array.clone()),
        None => Some(optimizer.learning_rate().at(0)),
    };
    let (Some(steps), Some(learning_rate)) = (steps, rate) else { return Ok(Found::Other) };
    let layout = state::layout(&job.model, optimizer)?;
    let mut slots = Vec::with_capacity(layout.len());
    for slot in &layout {
        let Some(array) = take(&mut by_kind, slot.name).filter(|array| array.extents == slot.extents) else {
            let is_unbuilt = slots.is_empty() && by_kind.values().all(VecDeque::is_empty);
            return Ok(if is_unbuilt { Found::Nothing } else { Found::Other });
        };
        match &array.values {
            Values::F32(values) if values.len() == crate::tensor::product(&slot.extents) => {
                slots.push(values.clone());
            }
            _ => return Ok(Found::Other),
        }
    }
    let is_whole = by_kind.values().all(VecDeque::is_empty);
    Ok(if is_whole { Found::State(OptimizerState { steps, learning_rate, slots }) } else { Found::Other })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_keras_2_say_what_an_array_is() {
        for (name, expected) in [
            ("Adam/iter:0", Some("iteration")),
            ("iteration:0", Some("iteration")),
            ("Adam/m/dense/kernel:0", Some("momentum")),
            ("Adam/dense/kernel/v:0", Some("velocity")),
            ("training/Adam/dense/kernel/vhat:0", Some("velocity_hat")),
            ("RMSprop/dense/bias/rms:0", Some("velocity")),
            ("SGD/learning_rate:0", Some("learning_rate")),
            ("Adam/dense/kernel:0", None),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
