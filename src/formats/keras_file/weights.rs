//! `.weights.h5`, which is also `model.weights.h5` within a `.keras` file.
//!
//! ```text
//! layers/<class in snake case>[_N]/vars/<i>     kernel, bias; gamma, beta, moving_mean, moving_variance
//! layers/sequential/layers/…                    a model within the model
//! optimizer/vars/<i>                            iteration, learning_rate, then the slots
//! ```
//!
//! Classes are counted in the model's order, whatever a layer's name is; so these are
//! [`ModelSpec::layer_names`]. The arrays of a layer are its parameters in the order of
//! [`ModelSpec::params`], those of the optimizer are in `state.rs`. Random layers keep no state there.

use super::tree::{
    floats, group_at, group_at_mut, group_for, into_floats, numbered, put, take_numbered, text,
};
use crate::engine::spec::{ModelSpec, NamedParam};
use crate::formats::FormatError;
use crate::formats::hdf5::{Array, Group, Node, Values};

/// Where the weights of each layer lie: groups from the root on, `vars` not among them.
pub type Places = Vec<Vec<String>>;

/// The places of a model that is one `Sequential`.
pub fn places(model: &ModelSpec) -> Places {
    model.layer_names().into_iter().map(|name| vec!["layers".to_owned(), name]).collect()
}

/// The groups and arrays of a model's weights.
///
/// # Errors
/// If the spec is not valid.
pub fn write(model: &ModelSpec, params: &[f32], name: &str) -> Result<Group, FormatError> {
    let mut root = Group::default();
    let named = |name: &str| vec![("name".to_owned(), text(name))];
    group_for(&mut root, &["vars"]).attributes = named(name);
    for layer in model.layer_names() {
        group_for(&mut root, &["layers", &layer, "vars"]).attributes = named(&layer);
    }
    let names = model.layer_names();
    let mut numbers = vec![0; names.len()];
    for NamedParam { layer, offset, spec, .. } in model.params()? {
        let values = params.get(offset..offset + spec.size()).unwrap_or_default();
        let number: &mut usize = &mut numbers[layer];
        let array = floats(&spec.extents, values);
        put(&mut root, &["layers", &names[layer], "vars", &number.to_string()], array);
        *number += 1;
    }
    Ok(root)
}

/// Checks that the file holds arrays of exactly this model's extents, and gives the parameters.
///
/// # Errors
/// The first array that is missing, of other extents, or one too many.
pub fn check(root: &Group, model: &ModelSpec, places: &Places) -> Result<Vec<NamedParam>, FormatError> {
    let named = model.params()?;
    if group_at(root, &["layers".to_owned()]).is_none() && !named.is_empty() {
        return Err(super::KerasFileError::NoPart { name: "layers".to_owned() }.into());
    }
    for (layer, place) in places.iter().enumerate() {
        let arrays = arrays_at(root, place);
        let mut arrays = arrays.iter();
        for param in named.iter().filter(|param| param.layer == layer) {
            let Some(array) = arrays.next() else {
                return Err(FormatError::MissingTensor { name: param.path.clone() });
            };
            check_extents(array, param)?;
        }
        // Of seeds, in files of Keras 2.
        let too_many = arrays.filter(|array| !matches!(array.values, Values::I64(_))).count();
        if too_many > 0 {
            let name = format!("{}/vars/{}", place.join("/"), arrays_at(root, place).len() - too_many);
            return Err(FormatError::UnknownTensor { name });
        }
    }
    match unknown(root, &mut Vec::new(), places) {
        Some(name) => Err(FormatError::UnknownTensor { name }),
        None => Ok(named),
    }
}

/// Checks one array against the parameter that it is to be.
///
/// # Errors
/// If it is of other extents.
pub fn check_extents(array: &Array, param: &NamedParam) -> Result<(), FormatError> {
    let len = match &array.values {
        Values::F32(values) => values.len(),
        Values::F64(values) => values.len(),
        Values::I64(values) => values.len(),
        Values::Text(values) => values.len(),
    };
    if array.extents == param.spec.extents && len == param.spec.size() {
        return Ok(());
    }
    let (name, expected) = (param.path.clone(), param.spec.extents.clone());
    Err(FormatError::WrongExtents { name, expected, got: array.extents.clone() })
}

/// Takes the parameters of a model out of the file, which [`check`] accepted.
///
/// # Errors
/// As [`check`], and if a value is no finite number.
pub fn take(root: &mut Group, model: &ModelSpec, places: &Places) -> Result<Vec<f32>, FormatError> {
    let named = check(root, model, places)?;
    let mut named = named.iter().peekable();
    let mut params = Vec::with_capacity(model.num_params()?);
    for (layer, place) in places.iter().enumerate() {
        let mut path = place.clone();
        path.push("vars".to_owned());
        let arrays = group_at_mut(root, &path).map(take_numbered).unwrap_or_default();
        for array in arrays {
            let Some(param) = named.next_if(|param| param.layer == layer) else { break };
            append(&mut params, array, &param.path)?;
        }
    }
    Ok(params)
}

/// Appends the values of one parameter.
///
/// # Errors
/// If they are no numbers, or one is not finite.
pub fn append(params: &mut Vec<f32>, array: Array, name: &str) -> Result<(), FormatError> {
    let values = into_floats(array, name)?;
    if values.iter().any(|value| !value.is_finite()) {
        return Err(FormatError::NotFinite { name: name.to_owned() });
    }
    params.extend(values);
    Ok(())
}

fn arrays_at<'g>(root: &'g Group, place: &[String]) -> Vec<&'g Array> {
    let mut path = place.to_vec();
    path.push("vars".to_owned());
    group_at(root, &path).map(numbered).unwrap_or_default()
}

/// The path of a layer's array that is at none of the places.
fn unknown(group: &Group, path: &mut Vec<String>, places: &Places) -> Option<String> {
    for (name, node) in &group.members {
        let Node::Group(inner) = node else { continue };
        // Layers alone: the optimizer has arrays, and so have metrics in some files.
        let is_layers = name == "layers" || name.starts_with("_layer_checkpoint");
        if path.is_empty() && !is_layers {
            continue;
        }
        path.push(if is_layers { "layers".to_owned() } else { name.clone() });
        let own = path.strip_suffix(&["vars".to_owned()]);
        let is_known = own.is_some_and(|own| places.iter().any(|place| place == own));
        let found = match numbered(inner).first() {
            Some(array) if name == "vars" && !is_known && !matches!(array.values, Values::I64(_)) => {
                Some(format!("{}/0", path.join("/")))
            }
            _ => unknown(inner, path, places),
        };
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    None
}
