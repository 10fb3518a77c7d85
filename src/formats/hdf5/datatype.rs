//! [`Datatype`]: how an element lies in the file, as far as [`Values`] can hold it.

use super::error::{Fault, Feature, Hdf5Error};
use super::read::Cursor;
use super::{Array, Values};
use crate::formats::npy::half;

/// A kind of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datatype {
    /// Of 1, 2, 4 or 8 bytes; enumerations, as h5py writes booleans, count as integers.
    Integer { width: usize, is_signed: bool, is_big_endian: bool },
    /// IEEE 754's, or the upper half of a 32-bit float.
    Float { format: FloatFormat, is_big_endian: bool },
    /// Text of a fixed number of bytes.
    FixedText { width: usize, padding: Padding },
    /// Text in the global heap, by reference.
    VariableText { width: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FloatFormat {
    Half,
    Brain,
    Single,
    Double,
}

/// What follows a short text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// Zeros; in C the first one ends it, NumPy takes zeros at the end only. Nothing real has a zero within.
    Zeros,
    Spaces,
}

const INTEGER: u8 = 0;
const FLOAT: u8 = 1;
const TEXT: u8 = 3;
const ENUMERATION: u8 = 8;
const VARIABLE: u8 = 9;

/// Bit offset, precision, then location and size of exponent and mantissa, and the exponent's bias.
const FLOATS: [(FloatFormat, u32, [u64; 7]); 4] = [
    (FloatFormat::Half, 2, [0, 16, 10, 5, 0, 10, 15]),
    (FloatFormat::Brain, 2, [0, 16, 7, 8, 0, 7, 127]),
    (FloatFormat::Single, 4, [0, 32, 23, 8, 0, 23, 127]),
    (FloatFormat::Double, 8, [0, 64, 52, 11, 0, 52, 1023]),
];

impl Datatype {
    /// Reads the message of a datatype.
    pub(super) fn read(cursor: &mut Cursor) -> Result<Self, Hdf5Error> {
        let head = cursor.u8()?;
        let flags = cursor.uint(3)?;
        let size = cursor.u32()?;
        let (version, class) = (head >> 4, head & 15);
        if !(1..=5).contains(&version) {
            return Err(cursor.damaged(Fault::Value));
        }
        match class {
            INTEGER => Self::read_integer(cursor, flags, size),
            FLOAT => Self::read_float(cursor, flags, size),
            TEXT => {
                let padding = if flags & 15 == 2 { Padding::Spaces } else { Padding::Zeros };
                if size == 0 {
                    return Err(cursor.damaged(Fault::Value));
                }
                Ok(Self::FixedText { width: size as usize, padding })
            }
            ENUMERATION => match Self::read_base(cursor)? {
                base @ Self::Integer { width, .. } if width == size as usize => Ok(base),
                _ => Err(cursor.unsupported(Feature::Datatype(class))),
            },
            VARIABLE if flags & 15 == 1 => {
                let width = 4 + cursor.address_width() + 4;
                if size as usize != width {
                    return Err(cursor.damaged(Fault::Value));
                }
                Ok(Self::VariableText { width })
            }
            _ => Err(cursor.unsupported(Feature::Datatype(class))),
        }
    }

    /// The type that an enumeration is made of: no enumeration again, or a file could nest them endlessly.
    fn read_base(cursor: &mut Cursor) -> Result<Self, Hdf5Error> {
        let class = cursor.clone().u8()? & 15;
        if class == INTEGER { Self::read(cursor) } else { Err(cursor.unsupported(Feature::Datatype(class))) }
    }

    fn read_integer(cursor: &mut Cursor, flags: u64, size: u32) -> Result<Self, Hdf5Error> {
        let (offset, precision) = (cursor.u16()?, cursor.u16()?);
        if !matches!(size, 1 | 2 | 4 | 8) || offset != 0 || u32::from(precision) != size * 8 {
            return Err(cursor.unsupported(Feature::NumberFormat));
        }
        Ok(Self::Integer { width: size as usize, is_signed: flags & 8 != 0, is_big_endian: flags & 1 != 0 })
    }

    fn read_float(cursor: &mut Cursor, flags: u64, size: u32) -> Result<Self, Hdf5Error> {
        let mut fields = [0; 7];
        for (field, width) in fields.iter_mut().zip([2, 2, 1, 1, 1, 1, 4]) {
            *field = cursor.uint(width)?;
        }
        // Bit 6 is the VAX's byte order; the sign must be the highest bit.
        let has_usual_bits = flags & 0x40 == 0 && (flags >> 8 & 0xff) + 1 == u64::from(size) * 8;
        let format = FLOATS.iter().find(|(_, bytes, layout)| (*bytes, *layout) == (size, fields));
        match format {
            Some((format, ..)) if has_usual_bits => {
                Ok(Self::Float { format: *format, is_big_endian: flags & 1 != 0 })
            }
            _ => Err(cursor.unsupported(Feature::NumberFormat)),
        }
    }

    /// Bytes of an element in the file; never 0.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Integer { width, .. } | Self::FixedText { width, .. } | Self::VariableText { width } => {
                width
            }
            Self::Float { format: FloatFormat::Half | FloatFormat::Brain, .. } => 2,
            Self::Float { format: FloatFormat::Single, .. } => 4,
            Self::Float { format: FloatFormat::Double, .. } => 8,
        }
    }

    /// Bytes of an element in memory, besides the text of variable length.
    pub(super) fn memory(self) -> usize {
        match self {
            Self::Integer { .. } | Self::Float { format: FloatFormat::Double, .. } => 8,
            Self::Float { .. } => 4,
            Self::FixedText { width, .. } => TEXT_MEMORY + width,
            Self::VariableText { .. } => TEXT_MEMORY,
        }
    }

    /// The numbers that `bytes` are; `None` for text and for numbers that 64 bits do not hold.
    pub(super) fn numbers(self, bytes: &[u8]) -> Option<Values> {
        Some(match self {
            Self::Integer { width, is_signed, is_big_endian } => {
                let unused = 64 - 8 * width as u32;
                let integer = |bits: u64| {
                    if is_signed { Some((bits << unused) as i64 >> unused) } else { i64::try_from(bits).ok() }
                };
                let all: Option<Vec<i64>> = bits(bytes, width, is_big_endian).map(integer).collect();
                Values::I64(all?)
            }
            Self::Float { format, is_big_endian } => {
                let bits = bits(bytes, self.width(), is_big_endian);
                match format {
                    FloatFormat::Half => Values::F32(bits.map(|bits| half(bits as u16)).collect()),
                    FloatFormat::Brain => {
                        Values::F32(bits.map(|bits| f32::from_bits((bits as u32) << 16)).collect())
                    }
                    FloatFormat::Single => {
                        Values::F32(bits.map(|bits| f32::from_bits(bits as u32)).collect())
                    }
                    FloatFormat::Double => Values::F64(bits.map(f64::from_bits).collect()),
                }
            }
            Self::FixedText { .. } | Self::VariableText { .. } => return None,
        })
    }
}

/// What a text takes in memory besides its bytes: the `String`, and what the allocator keeps for it.
const TEXT_MEMORY: usize = size_of::<String>() + 16;

/// Every element as an integer without sign.
fn bits(bytes: &[u8], width: usize, is_big_endian: bool) -> impl ExactSizeIterator<Item = u64> {
    bytes.chunks_exact(width).map(move |element| {
        let mut bits = [0; 8];
        bits[..width].copy_from_slice(element);
        if is_big_endian {
            bits[..width].reverse();
        }
        u64::from_le_bytes(bits)
    })
}

impl Padding {
    /// The text without what follows it.
    pub(super) fn trim(self, bytes: &[u8]) -> &[u8] {
        let padding = match self {
            Self::Zeros => 0,
            Self::Spaces => b' ',
        };
        let len = bytes.iter().rposition(|byte| *byte != padding).map_or(0, |last| last + 1);
        &bytes[..len]
    }
}

/// The message of the type in which an array is written.
pub(super) fn message(array: &Array) -> Vec<u8> {
    let float = |sign: u8, format: FloatFormat| {
        let (_, size, fields) =
            FLOATS.iter().find(|(known, ..)| *known == format).expect("the table is full");
        // Version 1; little endian; the highest bit of the mantissa is not stored.
        let mut bytes = vec![0x10 | FLOAT, 0x20, sign, 0];
        bytes.extend(size.to_le_bytes());
        for (field, width) in fields.iter().zip([2, 2, 1, 1, 1, 1, 4]) {
            bytes.extend(&field.to_le_bytes()[..width]);
        }
        bytes
    };
    match &array.values {
        Values::F32(_) => float(31, FloatFormat::Single),
        Values::F64(_) => float(63, FloatFormat::Double),
        Values::I64(_) => vec![0x10 | INTEGER, 8, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0],
        // A sequence that is text, in UTF-8, 16 bytes a reference, of bytes.
        Values::Text(_) => {
            vec![0x10 | VARIABLE, 1, 1, 0, 16, 0, 0, 0, 0x10 | INTEGER, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]
        }
    }
}
