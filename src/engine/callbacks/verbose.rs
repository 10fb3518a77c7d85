//! [`Verbose`]: how much `fit` prints.

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is printed while it trains; in JSON `"auto"`, 0, 1 or 2, as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbose {
    /// `"auto"`: a bar, as in Keras 3.15.
    #[default]
    Auto,
    /// 0: nothing.
    Silent,
    /// 1: a bar.
    Bar,
    /// 2: one line per epoch.
    Line,
}

impl Verbose {
    const AUTO: &str = "auto";

    fn code(self) -> u8 {
        match self {
            Self::Silent => 0,
            Self::Bar => 1,
            Self::Line => 2,
            Self::Auto => 3,
        }
    }
}

impl Serialize for Verbose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() && *self == Self::Auto {
            serializer.serialize_str(Self::AUTO)
        } else {
            serializer.serialize_u8(self.code())
        }
    }
}

impl<'de> Deserialize<'de> for Verbose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(VerboseVisitor);
        }
        match u8::deserialize(deserializer)? {
            3 => Ok(Self::Auto),
            code => VerboseVisitor.visit_u64(code.into()),
        }
    }
}

struct VerboseVisitor;

impl Visitor<'_> for VerboseVisitor {
    type Value = Verbose;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("\"auto\", 0, 1 or 2")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Verbose, E> {
        if text == Verbose::AUTO {
            Ok(Verbose::Auto)
        } else {
            Err(E::invalid_value(Unexpected::Str(text), &self))
        }
    }

    fn visit_u64<E: serde::de::Error>(self, code: u64) -> Result<Verbose, E> {
        let all = [Verbose::Silent, Verbose::Bar, Verbose::Line];
        let found = usize::try_from(code).ok().and_then(|code| all.get(code).copied());
        found.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(code), &self))
    }
}
