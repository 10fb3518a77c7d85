//! What the page shows of a file, as data.

use crate::ui::locale::Language;

/// The unit of a file's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A thousand bytes.
    Kilobyte,
    /// A million bytes.
    Megabyte,
}

/// A file's size as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSize {
    /// Two to three digits that mean something.
    pub number: String,
    /// Of what.
    pub unit: Unit,
}

/// The size of a file of so many bytes.
pub fn file_size(language: Language, bytes: usize) -> FileSize {
    let (value, unit) = if bytes < 1_000_000 {
        (bytes as f64 / 1e3, Unit::Kilobyte)
    } else {
        (bytes as f64 / 1e6, Unit::Megabyte)
    };
    FileSize { number: language.decimal(value, usize::from(value < 10.0)), unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let size = |bytes| file_size(Language::Ru, bytes);
        assert_eq!(size(1_234), FileSize { number: "1,2".into(), unit: Unit::Kilobyte });
        assert_eq!(size(247_300), FileSize { number: "247".into(), unit: Unit::Kilobyte });
        assert_eq!(size(1_250_000), FileSize { number: "1,2".into(), unit: Unit::Megabyte });
    }
}
