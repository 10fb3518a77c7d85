//! Which kind of model file a name stands for.

use super::ModelFormat;

/// Endings in small letters, the longer one of two before the shorter. A model of TensorFlow.js is a folder, and
/// one of PyTorch ends as ours do.
const ENDINGS: &[(&str, ModelFormat)] = &[
    (".keras", ModelFormat::Keras),
    (".weights.h5", ModelFormat::KerasWeights),
    (".h5", ModelFormat::KerasH5),
    (".hdf5", ModelFormat::KerasH5),
    (".safetensors", ModelFormat::Safetensors),
    (".npz", ModelFormat::Npz),
    (".onnx", ModelFormat::Onnx),
    (".py", ModelFormat::PyTorch),
    (".ipynb", ModelFormat::Notebook),
];

impl ModelFormat {
    /// The kind that a file's name ends as, and the name without that ending.
    pub fn of_name(name: &str) -> Option<(Self, &str)> {
        ENDINGS.iter().find_map(|(ending, format)| {
            let at = name.len().checked_sub(ending.len())?;
            name.get(at..)?.eq_ignore_ascii_case(ending).then(|| (*format, &name[..at]))
        })
    }

    /// The kind whose [`ModelFormat::id`] this is.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_kind_and_the_rest_is_the_stem() {
        let cases = [
            ("m.keras", ModelFormat::Keras, "m"),
            ("a.b.weights.h5", ModelFormat::KerasWeights, "a.b"),
            ("weights.h5", ModelFormat::KerasH5, "weights"),
            ("M.H5", ModelFormat::KerasH5, "M"),
            ("модель.ONNX", ModelFormat::Onnx, "модель"),
            ("m.keras.safetensors", ModelFormat::Safetensors, "m.keras"),
        ];
        for (name, format, stem) in cases {
            assert_eq!(ModelFormat::of_name(name), Some((format, stem)), "{name}");
        }
        for name in ["", "keras", "model.json", "x.bin", "я"] {
            assert_eq!(ModelFormat::of_name(name), None, "{name}");
        }
    }

    #[test]
    fn every_id_comes_back() {
        for format in ModelFormat::ALL {
            assert_eq!(ModelFormat::from_id(format.id()), Some(format));
        }
    }
}
