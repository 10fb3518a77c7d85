//! What a file is by its name, or else by how it begins.

/// A kind of file, by what it needs to become a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `model.json`, which needs weights.
    Model,
    /// `.safetensors`, which need the description beside them, or a network that fits.
    Weights,
    /// Weights that come without a description, `.weights.h5` and `.npz`: into a network that fits.
    Arrays,
    /// Weights and layers in one file: `.keras`, `.h5`, and a ZIP of the first two.
    Whole,
}

impl FileKind {
    /// Of the two files in which a network is saved here, the name of this one.
    pub fn file_name(self) -> Option<&'static str> {
        match self {
            FileKind::Model => Some("model.json"),
            FileKind::Weights => Some("model.safetensors"),
            FileKind::Arrays | FileKind::Whole => None,
        }
    }

    /// What a file is by its name, or else by how it begins: downloads get odd names.
    pub fn of(name: &str, bytes: &[u8]) -> Option<FileKind> {
        let name = name.to_ascii_lowercase();
        let has = |ending: &str| name.ends_with(ending);
        if has(".json") {
            return Some(FileKind::Model);
        }
        if has(".safetensors") {
            return Some(FileKind::Weights);
        }
        if has(".weights.h5") || has(".npz") {
            return Some(FileKind::Arrays);
        }
        if [".keras", ".h5", ".hdf5", ".zip"].into_iter().any(has) {
            return Some(FileKind::Whole);
        }
        // A safetensors file begins with the length of its header, eight bytes, and the header's brace.
        if bytes.get(8) == Some(&b'{') && bytes[..8].iter().any(|byte| *byte < b' ') {
            return Some(FileKind::Weights);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
            return Some(FileKind::Whole);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        (text.trim_ascii_start().first() == Some(&b'{')).then_some(FileKind::Model)
    }
}

/// A file as the reader gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    /// Its name on the reader's disk.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;
    use crate::formats::{ModelFile, write_weights};

    #[test]
    fn files_are_known_by_name_and_else_by_content() {
        let json = ModelFile::new(Preset::Mlp.spec(), None).to_json().into_bytes();
        let spec = Preset::Mlp.spec();
        let weights = write_weights(&spec, &vec![0.5; spec.num_params().unwrap()]).unwrap();
        for (name, kind) in [
            ("Model (1).JSON", FileKind::Model),
            ("weights.safetensors", FileKind::Weights),
            ("net.KERAS", FileKind::Whole),
            ("net.weights.h5", FileKind::Arrays),
            ("net.h5", FileKind::Whole),
            ("net.npz", FileKind::Arrays),
            ("net.safetensors.zip", FileKind::Whole),
        ] {
            assert_eq!(FileKind::of(name, b""), Some(kind), "{name}");
        }
        assert_eq!(FileKind::of("model.safetensors.bin", &weights), Some(FileKind::Weights));
        assert_eq!(FileKind::of("model.txt", &json), Some(FileKind::Model));
        assert_eq!(FileKind::of("download", b"\x89HDF\r\n\x1a\n...."), Some(FileKind::Whole));
        assert_eq!(FileKind::of("download", b"PK\x03\x04......."), Some(FileKind::Whole));
        assert_eq!(FileKind::of("digit.png", b"\x89PNG\r\n\x1a\n----"), None);
        assert_eq!(FileKind::of("empty", b""), None);
    }
}
