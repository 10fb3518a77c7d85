//! NumPy's `.npz` with a model's weights: one array per parameter, named as in `conv2d/kernel`, in Keras's
//! layout, 32-bit floats.
//!
//! ```python
//! arrays = np.load("model.npz")
//! model.set_weights([arrays[name] for name in arrays if not name.startswith("optimizer/")])
//! ```
//!
//! What the optimizer keeps follows as `optimizer/0`, `optimizer/1` and so on, in the order of Keras's
//! `optimizer.variables`: first its steps, a 64-bit integer, then the learning rate.
//!
//! Read is that, and what `np.savez("model.npz", *model.get_weights())` writes: `arr_0`, `arr_1` and so on,
//! in the model's order. The file does not say which layers there are.

use std::collections::BTreeMap;

use super::archive::read_zip;
use super::npy::{Npy, write_npy, write_npy_integers};
use super::npz::{arrays, write_npz};
use super::{ArrayError, FormatError, NamedFile, OptimizerState, SavedModel, Wrapping};
use crate::engine::model::Sequential;
use crate::engine::spec::{ModelSpec, NamedParam};

const OPTIMIZER: &str = "optimizer/";
/// Uncompressed arrays may take so many times the file's length; as many floats follow from them.
const MEMORY_FACTOR: usize = 2;
/// Small files may be compressed well.
const SLACK: usize = 1 << 19;

/// The file of a model.
///
/// # Errors
/// If the model is not valid, or has another number of parameters.
pub fn write(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    saved.check_params()?;
    let params = saved.model.params()?.into_iter().map(|param| {
        let values = &saved.params[param.offset..param.offset + param.spec.size()];
        (param.path, write_npy(&param.spec.extents, values))
    });
    let mut arrays: Vec<(String, Vec<u8>)> = params.collect();
    if let Some(optimizer) = &saved.optimizer {
        let steps = i64::try_from(optimizer.steps).unwrap_or(i64::MAX);
        let first = [write_npy_integers(&[], &[steps]), write_npy(&[], &[optimizer.learning_rate])];
        let extents = slot_extents(saved)?;
        let slots = optimizer.slots.iter().enumerate().map(|(idx, values)| {
            let extents = extents.get(idx).cloned();
            let extents = extents.filter(|extents| extents.iter().product::<usize>() == values.len());
            write_npy(&extents.unwrap_or_else(|| vec![values.len()]), values)
        });
        let all = first.into_iter().chain(slots).enumerate();
        arrays.extend(all.map(|(idx, array)| (format!("{OPTIMIZER}{idx}"), array)));
    }
    Ok(vec![NamedFile { name: format!("{}.npz", wrapping.stem), bytes: write_npz(arrays) }])
}

/// The extents of what the optimizer keeps: those of the parameters that it changes. Empty if no optimizer is
/// known.
fn slot_extents(saved: &SavedModel) -> Result<Vec<Vec<usize>>, FormatError> {
    let Some(job) = &saved.job else { return Ok(Vec::new()) };
    let params = Sequential::new(&saved.model, 0)?.optimized_params();
    let optimizer = job.compile.optimizer.build(&params);
    let extents = |param: Option<usize>| param.map_or_else(Vec::new, |param| params[param].extents.clone());
    Ok(optimizer.slots().iter().map(|slot| extents(slot.param)).collect())
}

/// The weights of a file for `model`.
///
/// # Errors
/// If the file is damaged, or does not hold exactly this model's parameters as finite numbers.
pub fn read(model: &ModelSpec, bytes: &[u8]) -> Result<SavedModel, FormatError> {
    let max = bytes.len().saturating_mul(MEMORY_FACTOR).saturating_add(SLACK);
    let mut optimizer = BTreeMap::new();
    let mut weights = Vec::new();
    for (name, array) in arrays(read_zip(bytes, max)?) {
        match name.strip_prefix(OPTIMIZER).and_then(|number| number.parse().ok()) {
            Some(number) => drop(optimizer.insert(number, array)),
            None => weights.push((name, array)),
        }
    }
    let named = model.params()?;
    let places = places(&named, &weights)?;
    let mut params = Vec::new();
    for (param, place) in named.into_iter().zip(places) {
        let array = Npy::parse(&weights[place].1)?;
        if array.extents() != param.spec.extents {
            return Err(FormatError::WrongExtents {
                name: param.path,
                expected: param.spec.extents,
                got: array.extents().to_vec(),
            });
        }
        params.extend(finite(array.floats(), || param.path)?);
    }
    drop(weights);
    let optimizer = read_optimizer(optimizer, max)?;
    Ok(SavedModel { model: model.clone(), params, job: None, epochs: None, optimizer })
}

/// Which array is which parameter.
fn places(named: &[NamedParam], weights: &[(String, Vec<u8>)]) -> Result<Vec<usize>, FormatError> {
    let are_numbered = weights.iter().all(|(name, _)| number_of(name).is_some());
    let is_param = |name: &str| match number_of(name) {
        Some(number) if are_numbered => number < named.len(),
        _ => named.iter().any(|param| param.path == name),
    };
    if let Some((name, _)) = weights.iter().find(|(name, _)| !is_param(name)) {
        return Err(FormatError::UnknownTensor { name: name.clone() });
    }
    let place = |(idx, param): (usize, &NamedParam)| {
        let is_it = |name: &str| name == param.path || are_numbered && number_of(name) == Some(idx);
        let found = weights.iter().position(|(name, _)| is_it(name));
        found.ok_or_else(|| FormatError::MissingTensor { name: param.path.clone() })
    };
    named.iter().enumerate().map(place).collect()
}

/// The number of an array that NumPy named: `arr_12`.
fn number_of(name: &str) -> Option<usize> {
    name.strip_prefix("arr_")?.parse().ok()
}

/// The optimizer's arrays by their numbers; `None` if there are none. Each is freed when it is read. As floats they may
/// take `max` bytes: from narrower ones more would follow.
fn read_optimizer(
    mut arrays: BTreeMap<usize, Vec<u8>>,
    max: usize,
) -> Result<Option<OptimizerState>, FormatError> {
    let name = |number: usize| format!("{OPTIMIZER}{number}");
    let count = arrays.len();
    if count == 0 {
        return Ok(None);
    }
    let mut take = |number: usize| {
        arrays.remove(&number).ok_or_else(|| FormatError::MissingTensor { name: name(number) })
    };
    let (steps, rate) = (take(0)?, take(1)?);
    let (steps, rate) = (Npy::parse(&steps)?, Npy::parse(&rate)?);
    for (number, array) in [(0, &steps), (1, &rate)] {
        if array.extents().iter().any(|extent| *extent != 1) {
            let got = array.extents().to_vec();
            return Err(FormatError::WrongExtents { name: name(number), expected: Vec::new(), got });
        }
    }
    // Counts are whole; what is not is cut off.
    let whole = steps.classes().map(|steps| u64::from(steps[0]));
    let (steps, learning_rate) = (whole.unwrap_or(steps.floats()[0] as u64), rate.floats()[0]);
    let (mut slots, mut left) = (Vec::new(), max);
    for number in 2..count {
        let bytes = take(number)?;
        let array = Npy::parse(&bytes)?;
        let taken = size_of::<f32>().saturating_mul(crate::tensor::product(array.extents()));
        left = left.checked_sub(taken).ok_or(ArrayError::TooLarge { max: max as u64 })?;
        if array.is_integer() {
            return Err(FormatError::WrongType { name: name(number), got: "integers".to_owned() });
        }
        slots.push(finite(array.floats(), || name(number))?);
    }
    Ok(Some(OptimizerState { steps, learning_rate, slots }))
}

fn finite(values: Vec<f32>, name: impl FnOnce() -> String) -> Result<Vec<f32>, FormatError> {
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(FormatError::NotFinite { name: name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::optimizers::AdamSpec;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;

    fn wrapping() -> Wrapping {
        Wrapping {
            stem: "model".to_owned(),
            date: String::new(),
            language: crate::formats::Language::English,
        }
    }

    fn saved(preset: Preset) -> SavedModel {
        let model = preset.spec();
        let params = Sequential::new(&model, 3).unwrap().params().to_vec();
        SavedModel { model, params, job: None, epochs: None, optimizer: None }
    }

    fn bytes(saved: &SavedModel) -> Vec<u8> {
        let mut files = write(saved, &wrapping()).unwrap();
        assert_eq!((files.len(), files[0].name.as_str()), (1, "model.npz"));
        files.remove(0).bytes
    }

    fn numbered(saved: &SavedModel) -> Vec<(String, Vec<u8>)> {
        let named = arrays(read_zip(&bytes(saved), usize::MAX).unwrap());
        named.into_iter().enumerate().map(|(idx, (_, array))| (format!("arr_{idx}"), array)).collect()
    }

    #[test]
    fn every_preset_comes_back_bit_for_bit() {
        for preset in Preset::ALL {
            let saved = saved(preset);
            assert_eq!(read(&saved.model, &bytes(&saved)), Ok(saved.clone()));
            let mut arrays = numbered(&saved);
            // Order is in the names.
            arrays.reverse();
            assert_eq!(read(&saved.model, &write_npz(arrays)), Ok(saved));
        }
    }

    #[test]
    fn an_optimizer_comes_back_and_has_the_extents_of_the_parameters() {
        let mut saved = saved(Preset::Mlp);
        let mut job = RunSpec::new(saved.model.clone());
        job.compile.optimizer = AdamSpec::default().into();
        let params = Sequential::new(&saved.model, 0).unwrap().optimized_params();
        let optimizer = job.compile.optimizer.build(&params);
        let slots: Vec<Vec<f32>> =
            optimizer.slots().iter().map(|slot| vec![0.25; slot.values.len()]).collect();
        saved.optimizer = Some(OptimizerState { steps: 12, learning_rate: 0.5, slots });
        for job in [None, Some(job)] {
            let with_job = SavedModel { job, ..saved.clone() };
            let bytes = bytes(&with_job);
            assert_eq!(read(&saved.model, &bytes), Ok(saved.clone()));
            let all = arrays(read_zip(&bytes, usize::MAX).unwrap());
            let (_, momentum) = all.iter().find(|(name, _)| name == "optimizer/2").unwrap();
            let expected =
                if with_job.job.is_some() { &params[0].extents[..] } else { &[params[0].range.len()] };
            assert_eq!(Npy::parse(momentum).unwrap().extents(), expected);
        }
    }

    #[test]
    fn a_file_of_another_model_is_refused_by_name() {
        let (mlp, lenet) = (saved(Preset::Mlp), saved(Preset::Lenet5));
        let error = read(&mlp.model, &bytes(&lenet)).unwrap_err();
        assert_eq!(error, FormatError::UnknownTensor { name: "conv2d/kernel".to_owned() });
        let error = read(&lenet.model, &bytes(&mlp)).unwrap_err();
        assert!(matches!(error, FormatError::MissingTensor { .. }), "{error}");
        let error = read(&mlp.model, &write_npz(numbered(&lenet))).unwrap_err();
        assert!(matches!(error, FormatError::UnknownTensor { .. }), "{error}");
        let mut few = numbered(&mlp);
        few.pop();
        let last = mlp.model.params().unwrap().pop().unwrap().path;
        assert_eq!(read(&mlp.model, &write_npz(few)), Err(FormatError::MissingTensor { name: last }));
        let mut swapped = numbered(&mlp);
        let (first, second) = (swapped[0].1.clone(), swapped[1].1.clone());
        (swapped[0].1, swapped[1].1) = (second, first);
        let error = read(&mlp.model, &write_npz(swapped)).unwrap_err();
        assert!(
            matches!(&error, FormatError::WrongExtents { name, .. } if name == "dense/kernel"),
            "{error}"
        );
    }

    #[test]
    fn infinite_weights_are_refused() {
        let mut saved = saved(Preset::Mlp);
        saved.params[0] = f32::NAN;
        let name = "dense/kernel".to_owned();
        assert_eq!(read(&saved.model, &bytes(&saved)), Err(FormatError::NotFinite { name }));
    }
}
