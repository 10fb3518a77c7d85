//! `model.safetensors`: one tensor per parameter, named `layer/parameter` as in `conv2d/kernel`,
//! 32-bit little-endian floats in Keras's layout (`[in, out]`, `[kh, kw, in, out]`).

use std::collections::BTreeMap;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::FormatError;
use crate::engine::spec::ModelSpec;

/// The file's bytes for a model's flat parameters.
///
/// # Errors
/// If the spec is not valid.
///
/// # Panics
/// If there are not as many parameters as the spec has.
pub fn write_weights(model: &ModelSpec, params: &[f32]) -> Result<Vec<u8>, FormatError> {
    let bytes: Vec<u8> = params.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut views = BTreeMap::new();
    for param in model.params()? {
        let begin = param.offset * 4;
        let part = &bytes[begin..begin + param.spec.size() * 4];
        let view = TensorView::new(Dtype::F32, param.spec.extents, part).map_err(damaged)?;
        views.insert(param.path, view);
    }
    safetensors::serialize(views, None).map_err(damaged)
}

/// What a header may hold beside its tensors: the alignment's blanks, and what other programs note of the file.
const HEADER_NOTES: usize = 1 << 16;
/// What a header says of a tensor beside its path: type, extents, begin and end.
const HEADER_ENTRY: usize = 256;

/// The flat parameters of `model` from the file's bytes.
///
/// # Errors
/// If the file is damaged, or does not hold exactly this model's parameters as finite numbers.
pub fn read_weights(model: &ModelSpec, bytes: &[u8]) -> Result<Vec<f32>, FormatError> {
    let named = model.params()?;
    // A header becomes a table of many times its size; one that is longer than this model's is of another.
    let longest = named.iter().map(|param| param.path.len() + HEADER_ENTRY).sum::<usize>() + HEADER_NOTES;
    let header = bytes.first_chunk().map_or(0, |len| u64::from_le_bytes(*len));
    if header > longest as u64 {
        return Err(damaged(format!("the header has {header} bytes, this model's have at most {longest}")));
    }
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    if let Some(name) = file.names().into_iter().find(|name| named.iter().all(|param| param.path != **name)) {
        return Err(FormatError::UnknownTensor { name: name.to_string() });
    }
    let mut params = Vec::new();
    for param in named {
        let name = param.path;
        let Ok(view) = file.tensor(&name) else { return Err(FormatError::MissingTensor { name }) };
        if view.dtype() != Dtype::F32 {
            return Err(FormatError::WrongType { name, got: format!("{:?}", view.dtype()) });
        }
        if view.shape() != param.spec.extents {
            return Err(FormatError::WrongExtents {
                name,
                expected: param.spec.extents,
                got: view.shape().to_vec(),
            });
        }
        let begin = params.len();
        let floats = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        params.extend(floats);
        if params[begin..].iter().any(|value| !value.is_finite()) {
            return Err(FormatError::NotFinite { name });
        }
    }
    Ok(params)
}

fn damaged(error: impl std::fmt::Display) -> FormatError {
    FormatError::Safetensors { detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;

    fn file(preset: Preset) -> (ModelSpec, Vec<f32>, Vec<u8>) {
        let spec = preset.spec();
        let params = Sequential::new(&spec, 3).unwrap().params().to_vec();
        let bytes = write_weights(&spec, &params).unwrap();
        (spec, params, bytes)
    }

    #[test]
    fn every_preset_comes_back_bit_for_bit() {
        for preset in Preset::ALL {
            let (spec, params, bytes) = file(preset);
            assert_eq!(read_weights(&spec, &bytes), Ok(params));
        }
    }

    #[test]
    fn the_same_model_gives_the_same_bytes() {
        assert_eq!(file(Preset::Lenet5).2, file(Preset::Lenet5).2);
    }

    #[test]
    fn a_file_of_another_model_is_refused_by_name() {
        let (_, _, bytes) = file(Preset::Lenet5);
        let missing = read_weights(&Preset::Mlp.spec(), &bytes).unwrap_err();
        assert!(matches!(missing, FormatError::UnknownTensor { .. }), "{missing}");
        let (_, _, bytes) = file(Preset::Mlp);
        let missing = read_weights(&Preset::Lenet5.spec(), &bytes).unwrap_err();
        assert_eq!(missing, FormatError::MissingTensor { name: "conv2d/kernel".to_owned() });
        let wrong = read_weights(&Preset::Mlp.spec(), &file(Preset::KerasCnn).2).unwrap_err();
        assert!(matches!(wrong, FormatError::UnknownTensor { .. }), "{wrong}");
    }

    #[test]
    fn truncated_and_infinite_files_are_refused() {
        let (spec, mut params, bytes) = file(Preset::Mlp);
        for len in [0, 1, 7, 8, 100, bytes.len() - 1] {
            let error = read_weights(&spec, &bytes[..len]).unwrap_err();
            assert!(matches!(error, FormatError::Safetensors { .. }), "{len}: {error}");
        }
        params[2000] = f32::INFINITY;
        let bytes = write_weights(&spec, &params).unwrap();
        assert_eq!(
            read_weights(&spec, &bytes),
            Err(FormatError::NotFinite { name: "dense/kernel".to_owned() })
        );
    }
}
