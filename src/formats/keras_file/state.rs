//! The arrays of an optimizer in the order of Keras's `optimizer.variables`: how many steps it has made
//! (`iteration`), its `learning_rate` unless that follows a schedule, and the slots, which the engine keeps
//! in the same order.

use super::tree::floats;
use crate::engine::optimizers::{OptimizedParam, OptimizerSpec};
use crate::engine::spec::{ModelSpec, NamedParam};
use crate::formats::hdf5::{Array, Values};
use crate::formats::{FormatError, OptimizerState};

/// One slot: its name, the parameter it belongs to, and its extents.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotLayout {
    /// `momentum`.
    pub name: &'static str,
    /// `conv2d/kernel`; none where it belongs to all.
    pub param: Option<String>,
    /// Those of the parameter.
    pub extents: Vec<usize>,
}

/// The slots of an optimizer for a model.
///
/// # Errors
/// If the model is not valid.
pub fn layout(model: &ModelSpec, optimizer: &OptimizerSpec) -> Result<Vec<SlotLayout>, FormatError> {
    let named = model.params()?;
    let describe = |param: &NamedParam| OptimizedParam {
        range: param.offset..param.offset + param.spec.size(),
        extents: param.spec.extents.clone(),
        is_kernel: param.spec.name.ends_with("kernel"),
        trainable: param.spec.trainable,
    };
    let built = optimizer.build(&named.iter().map(describe).collect::<Vec<_>>());
    let slots = built.slots().into_iter().map(|slot| SlotLayout {
        name: slot.name,
        param: slot.param.map(|param| named[param].path.clone()),
        extents: slot.param.map_or_else(Vec::new, |param| named[param].spec.extents.clone()),
    });
    Ok(slots.collect())
}

/// Whether the learning rate is a variable.
pub fn has_rate(optimizer: &OptimizerSpec) -> bool {
    optimizer.learning_rate().number().is_some()
}

/// The arrays of a state.
///
/// # Errors
/// If the model is not valid, or the state is of another optimizer or model.
pub fn write(
    model: &ModelSpec,
    optimizer: &OptimizerSpec,
    state: &OptimizerState,
) -> Result<Vec<Array>, FormatError> {
    let steps = i64::try_from(state.steps).unwrap_or(i64::MAX);
    let mut arrays = vec![Array { extents: Vec::new(), values: Values::I64(vec![steps]) }];
    if has_rate(optimizer) {
        arrays.push(floats(&[], &[state.learning_rate]));
    }
    let slots = layout(model, optimizer)?;
    let expected: Vec<usize> = slots.iter().map(|slot| crate::tensor::product(&slot.extents)).collect();
    let got: Vec<usize> = state.slots.iter().map(Vec::len).collect();
    if expected != got {
        let name = optimizer.class_name().to_owned();
        return Err(FormatError::WrongExtents { name, expected, got });
    }
    arrays.extend(slots.iter().zip(&state.slots).map(|(slot, values)| floats(&slot.extents, values)));
    Ok(arrays)
}

/// What a file's arrays say of an optimizer.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// All that it needs to go on.
    State(OptimizerState),
    /// Nothing: it has made no step yet.
    Nothing,
    /// The arrays are of another optimizer.
    Other,
}

/// The state in a file's arrays.
///
/// # Errors
/// If the model is not valid.
pub fn read(model: &ModelSpec, optimizer: &OptimizerSpec, arrays: Vec<Array>) -> Result<Found, FormatError> {
    let layout = layout(model, optimizer)?;
    // Keras 2 kept the learning rate among the arguments alone.
    let is_without = arrays.len() == 1 + layout.len()
        && arrays.get(1).map(|array| &array.extents) == layout.first().map(|slot| &slot.extents);
    let has_rate = has_rate(optimizer) && !is_without;
    let num_heads = if has_rate { 2 } else { 1 };
    if arrays.len() != num_heads + layout.len() {
        let is_unbuilt = arrays.is_empty() || arrays.len() == num_heads;
        return Ok(if is_unbuilt { Found::Nothing } else { Found::Other });
    }
    let mut arrays = arrays.into_iter();
    let steps = arrays.next().and_then(|array| count(&array));
    let rate = if has_rate { arrays.next().and_then(scalar) } else { Some(optimizer.learning_rate().at(0)) };
    let (Some(steps), Some(learning_rate)) = (steps, rate) else { return Ok(Found::Other) };
    let mut arrays: Vec<Array> = arrays.collect();
    // The first versions of Keras 3 listed Nadam's product of momentums before what belongs to parameters.
    let has_last = layout.last().is_some_and(|slot| slot.param.is_none());
    if has_last && arrays.first().is_some_and(|array| array.extents.is_empty()) {
        arrays.rotate_left(1);
    }
    let mut slots = Vec::with_capacity(layout.len());
    for (slot, array) in layout.iter().zip(arrays) {
        let size = crate::tensor::product(&slot.extents);
        match (array.extents == slot.extents, array.values) {
            (true, Values::F32(values)) if values.len() == size => slots.push(values),
            (true, Values::F64(values)) if values.len() == size => {
                slots.push(values.into_iter().map(|value| value as f32).collect());
            }
            _ => return Ok(Found::Other),
        }
    }
    Ok(Found::State(OptimizerState { steps, learning_rate, slots }))
}

/// A number of steps.
pub fn count(array: &Array) -> Option<u64> {
    match &array.values {
        Values::I64(values) => u64::try_from(*values.first()?).ok(),
        _ => None,
    }
}

/// A single number above or equal to 0.
pub fn scalar(array: Array) -> Option<f32> {
    let value = match array.values {
        Values::F32(values) => *values.first()?,
        Values::F64(values) => *values.first()? as f32,
        _ => return None,
    };
    (value.is_finite() && value >= 0.0).then_some(value)
}
