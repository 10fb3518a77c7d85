//! NumPy's `.npy`: one array of numbers.
//!
//! `\x93NUMPY`, the version, the header's length, then a Python dictionary such as
//! `{'descr': '<f4', 'fortran_order': False, 'shape': (5, 20), }` and the values. Source: NumPy's
//! `lib/format.py`, versions 1.0 to 3.0. Read are booleans, integers and floats of any byte order and of
//! both memory orders; written is `<f4` in C order. A header is believed only after the values it
//! promises were found, so that no file makes the reader ask for more memory than a few times its size.

use super::ArrayError;
use crate::tensor::product;

const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy itself reads no longer header without being told to.
const MAX_HEADER: usize = 10_000;

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
}

/// An array whose values still lie in the file's bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Npy<'a> {
    kind: Kind,
    /// Bytes per value: 1, 2, 4 or 8.
    width: usize,
    big_endian: bool,
    fortran_order: bool,
    extents: Vec<usize>,
    bytes: &'a [u8],
}

impl<'a> Npy<'a> {
    /// Reads the header and checks that the values are there.
    ///
    /// # Errors
    /// If the bytes are no `.npy` file, a cut one, or hold other things than real numbers.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ArrayError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ArrayError::NotNpy)?;
        let (len, rest) = match *rest {
            [1, _, a, b, ref rest @ ..] => (usize::from(u16::from_le_bytes([a, b])), rest),
            [2 | 3, _, a, b, c, d, ref rest @ ..] => (u32::from_le_bytes([a, b, c, d]) as usize, rest),
            _ => return Err(ArrayError::NotNpy),
        };
        let header = (len <= MAX_HEADER).then(|| rest.get(..len)).flatten().ok_or(ArrayError::BadHeader)?;
        let header = std::str::from_utf8(header).map_err(|_| ArrayError::BadHeader)?;
        let descr = text_of(header, "descr").ok_or(ArrayError::BadHeader)?;
        let (kind, width, big_endian) = number_type(descr)?;
        let fortran_order =
            value_of(header, "fortran_order").ok_or(ArrayError::BadHeader)?.starts_with("True");
        let extents = extents_of(header).ok_or(ArrayError::BadHeader)?;
        let (expected, got) = (product(&extents).saturating_mul(width), rest.len() - len);
        if expected != got {
            return Err(ArrayError::WrongLength { expected, got });
        }
        Ok(Self { kind, width, big_endian, fortran_order, extents, bytes: &rest[len..] })
    }

    /// The extent of every axis.
    pub fn extents(&self) -> &[usize] {
        &self.extents
    }

    /// Whether the values are whole numbers or booleans.
    pub fn is_integer(&self) -> bool {
        self.kind != Kind::Float
    }

    /// The values in C order as 32-bit floats; what does not fit exactly is rounded.
    pub fn floats(&self) -> Vec<f32> {
        // A float of 64 bits is rounded once; an integer of 64 bits takes no way through another float.
        self.values(|bits, kind, width| match (kind, width) {
            (Kind::Float, 2) => half(bits as u16),
            (Kind::Float, 4) => f32::from_bits(bits as u32),
            (Kind::Float, _) => f64::from_bits(bits) as f32,
            (Kind::Signed, _) => signed(bits, width) as f32,
            (Kind::Bool | Kind::Unsigned, _) => bits as f32,
        })
    }

    /// The values in C order as whole numbers that are not negative; `None` if one is another number.
    pub fn classes(&self) -> Option<Vec<u32>> {
        let whole = |value: f64| {
            ((0.0..=f64::from(u32::MAX)).contains(&value) && value.fract() == 0.0).then_some(value as u32)
        };
        let values = self.values(|bits, kind, width| match kind {
            Kind::Float if width == 2 => whole(f64::from(half(bits as u16))),
            Kind::Float if width == 4 => whole(f64::from(f32::from_bits(bits as u32))),
            Kind::Float => whole(f64::from_bits(bits)),
            Kind::Signed => u32::try_from(signed(bits, width)).ok(),
            Kind::Bool | Kind::Unsigned => u32::try_from(bits).ok(),
        });
        values.into_iter().collect()
    }

    /// Every value, given as its bits, in C order.
    fn values<T>(&self, convert: impl Fn(u64, Kind, usize) -> T) -> Vec<T> {
        let value = |idx: usize| {
            let mut bits = [0; 8];
            let bytes = &self.bytes[idx * self.width..(idx + 1) * self.width];
            bits[..self.width].copy_from_slice(bytes);
            if self.big_endian {
                bits[..self.width].reverse();
            }
            convert(u64::from_le_bytes(bits), self.kind, self.width)
        };
        let len = product(&self.extents);
        if !self.fortran_order || self.extents.len() < 2 {
            return (0..len).map(value).collect();
        }
        (0..len).map(|idx| value(fortran_position(idx, &self.extents))).collect()
    }
}

/// Where a value lies in Fortran order that is the `idx`th in C order.
fn fortran_position(mut idx: usize, extents: &[usize]) -> usize {
    let mut stride = product(extents);
    let mut position = 0;
    for extent in extents.iter().rev() {
        stride /= extent;
        position += idx % extent * stride;
        idx /= extent;
    }
    position
}

fn signed(bits: u64, width: usize) -> i64 {
    let unused = 64 - 8 * width as u32;
    (bits << unused) as i64 >> unused
}

/// IEEE 754's 16-bit float.
pub(super) fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15),
    }
}

/// `<f4`: byte order, kind, bytes.
fn number_type(descr: &str) -> Result<(Kind, usize, bool), ArrayError> {
    let other = || ArrayError::OtherType { got: descr.to_owned() };
    let (order, rest) = match descr.as_bytes() {
        [order @ (b'<' | b'>' | b'|' | b'='), rest @ ..] => (*order, rest),
        rest => (b'<', rest),
    };
    let [kind, width] = *rest else { return Err(other()) };
    let kind = match (kind, width) {
        (b'b', b'1') => Kind::Bool,
        (b'i', b'1' | b'2' | b'4' | b'8') => Kind::Signed,
        (b'u', b'1' | b'2' | b'4' | b'8') => Kind::Unsigned,
        (b'f', b'2' | b'4' | b'8') => Kind::Float,
        _ => return Err(other()),
    };
    Ok((kind, usize::from(width - b'0'), order == b'>'))
}

/// What stands after `'key':`.
fn value_of<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let after =
        ["'", "\""].into_iter().find_map(|quote| header.split_once(&format!("{quote}{key}{quote}")))?.1;
    Some(after.trim_start().strip_prefix(':')?.trim_start())
}

/// The text in quotes after `'key':`.
fn text_of<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let value = value_of(header, key)?;
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    value[1..].split_once(quote).map(|(text, _)| text)
}

/// `(5, 20)`, `(5,)`, `()`.
fn extents_of(header: &str) -> Option<Vec<usize>> {
    let inside = value_of(header, "shape")?.strip_prefix('(')?.split_once(')')?.0.trim();
    let inside = inside.strip_suffix(',').unwrap_or(inside);
    if inside.is_empty() {
        return Some(Vec::new());
    }
    // Python 2 wrote a long integer as 5L.
    inside.split(',').map(|extent| extent.trim().trim_end_matches('L').parse().ok()).collect()
}

/// The bytes of a file that holds `values`, in C order.
///
/// # Panics
/// If the extents do not belong to as many values.
pub fn write_npy(extents: &[usize], values: &[f32]) -> Vec<u8> {
    let mut bytes = head("<f4", extents, values.len());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// As [`write_npy`], of integers.
///
/// # Panics
/// If the extents do not belong to as many values.
pub fn write_npy_integers(extents: &[usize], values: &[i64]) -> Vec<u8> {
    let mut bytes = head("<i8", extents, values.len());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// What stands before the values.
fn head(descr: &str, extents: &[usize], len: usize) -> Vec<u8> {
    assert_eq!(product(extents), len, "values do not fill an array of {extents:?}");
    let shape = match extents {
        [extent] => format!("({extent},)"),
        _ => format!("({})", extents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    // The values begin at a multiple of 64 bytes, and the header ends with a line break.
    let before = MAGIC.len() + 4;
    let padded = (before + header.len() + 1).next_multiple_of(64) - before;
    header.extend(std::iter::repeat_n(' ', padded - 1 - header.len()));
    header.push('\n');
    [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    fn file(descr: &str, order: &str, shape: &str, values: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes(), values].concat()
    }

    #[test]
    fn what_was_written_is_read() {
        for extents in [vec![], vec![3], vec![2, 3], vec![0, 4], vec![2, 1, 2, 3]] {
            let values: Vec<f32> = (0..product(&extents)).map(|idx| idx as f32 - 1.5).collect();
            let bytes = write_npy(&extents, &values);
            assert_eq!((bytes.len() - values.len() * 4) % 64, 0);
            let array = Npy::parse(&bytes).unwrap();
            assert_eq!((array.extents(), array.is_integer()), (&extents[..], false));
            assert_eq!(array.floats(), values);
        }
    }

    #[test]
    fn every_type_of_number_is_read() {
        let cases: [(&str, &[u8], f32); 14] = [
            ("|b1", &[1], 1.0),
            ("|u1", &[200], 200.0),
            ("|i1", &[254], -2.0),
            ("<u2", &[1, 2], 513.0),
            (">u2", &[1, 2], 258.0),
            ("<i2", &[255, 255], -1.0),
            ("<i4", &[254, 255, 255, 255], -2.0),
            (">i8", &[0, 0, 0, 0, 0, 0, 1, 0], 256.0),
            ("<u8", &[7, 0, 0, 0, 0, 0, 0, 0], 7.0),
            ("<f4", &[0, 0, 192, 63], 1.5),
            (">f4", &[63, 192, 0, 0], 1.5),
            ("<f8", &[154, 153, 153, 153, 153, 153, 185, 63], 0.1),
            ("<f2", &[0, 0xC4], -4.0),
            ("<f2", &[1, 0], 5.960_464_5e-8),
        ];
        for (descr, bytes, expected) in cases {
            let file = file(descr, "False", "(1,)", bytes);
            let array = Npy::parse(&file).unwrap();
            assert_eq!(array.floats(), [expected], "{descr}");
            assert_eq!(array.is_integer(), !descr.contains('f'), "{descr}");
            let whole = expected >= 0.0 && expected.fract() == 0.0;
            assert_eq!(array.classes(), whole.then(|| vec![expected as u32]), "{descr}");
        }
    }

    #[test]
    fn fortran_order_is_turned_into_c_order() {
        // NumPy: np.asfortranarray(np.arange(24).reshape(2, 3, 4)) lies in memory as follows.
        let memory = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
        let bytes = file("|u1", "True", "(2, 3, 4)", &memory);
        assert_eq!(Npy::parse(&bytes).unwrap().classes().unwrap(), (0..24).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cut = file("<f4", "False", "(2, 2)", &[0; 15]);
        assert_eq!(Npy::parse(&cut), Err(ArrayError::WrongLength { expected: 16, got: 15 }));
        let huge = file("<f8", "False", "(4000000000, 4000000000, 4000000000)", &[]);
        assert!(matches!(Npy::parse(&huge), Err(ArrayError::WrongLength { got: 0, .. })));
        for descr in ["<c8", "|O", "<U3", "<f16", ""] {
            let other = file(descr, "False", "(0,)", &[]);
            assert_eq!(Npy::parse(&other), Err(ArrayError::OtherType { got: descr.to_owned() }));
        }
        for shape in ["(-1,)", "5", "(a,)", "(1"] {
            assert_eq!(Npy::parse(&file("<f4", "False", shape, &[])), Err(ArrayError::BadHeader), "{shape}");
        }
        assert_eq!(Npy::parse(b"PK\x03\x04"), Err(ArrayError::NotNpy));
    }

    #[test]
    fn random_bytes_are_refused_and_nothing_panics() {
        let good = write_npy(&[2, 3], &[1.0; 6]);
        let mut rng = Rng::new(1, Purpose::Init, 0, 0);
        let mut random = |below: usize| (rng.uniform(0.0, below as f32) as usize).min(below - 1);
        for _ in 0..20_000 {
            let mut bytes = good[..=random(good.len())].to_vec();
            for _ in 0..random(4) {
                let position = random(bytes.len());
                bytes[position] = random(256) as u8;
            }
            if let Ok(array) = Npy::parse(&bytes) {
                assert_eq!(array.floats().len(), product(array.extents()));
                let _ = array.classes();
            }
        }
    }
}
