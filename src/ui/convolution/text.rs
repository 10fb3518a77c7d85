//! Numbers in the address: decimals where they are short, else their bytes.

use super::limit;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Marks bytes; a list of decimals never begins so.
const BYTES: char = '~';

/// Base 64 for addresses, without padding.
pub fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            (0..3).fold(0u32, |word, idx| (word << 8) | u32::from(chunk.get(idx).copied().unwrap_or(0)));
        for idx in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * idx)) as usize & 63]));
        }
    }
    out
}

/// Reads [`to_base64`].
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0u32;
        for byte in chunk {
            word = (word << 6) | ALPHABET.iter().position(|letter| letter == byte)? as u32;
        }
        word <<= 6 * (4 - chunk.len());
        let bytes = word.to_be_bytes();
        match chunk.len() {
            1 => return None,
            len => out.extend(&bytes[1..len]),
        }
    }
    Some(out)
}

/// Numbers with commas between, or the bytes of `f32` where that is shorter.
pub fn numbers(values: &[f32]) -> String {
    let plain = values.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let packed = format!("{BYTES}{}", to_base64(&bytes));
    if plain.len() <= packed.len() { plain } else { packed }
}

/// Reads [`numbers`]: `len` of them, each within the limit.
pub fn parse_numbers(text: &str, len: usize) -> Option<Vec<f32>> {
    let values: Vec<f32> = if let Some(packed) = text.strip_prefix(BYTES) {
        if packed.len() > len * 6 + 2 {
            return None;
        }
        let bytes = from_base64(packed)?;
        let (words, rest) = bytes.as_chunks::<4>();
        rest.is_empty().then(|| words.iter().map(|word| f32::from_le_bytes(*word)).collect())?
    } else {
        text.split(',').take(len + 1).map(str::parse).collect::<Result<_, _>>().ok()?
    };
    let fits = values.len() == len && values.iter().all(|value| value.abs() <= limit::VALUE);
    fits.then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive() {
        for len in 0..20u8 {
            let bytes: Vec<u8> = (0..len).map(|byte| byte.wrapping_mul(37).wrapping_add(200)).collect();
            assert_eq!(from_base64(&to_base64(&bytes)), Some(bytes));
        }
        assert_eq!(from_base64("A"), None);
        assert_eq!(from_base64("AB+/"), None);
    }

    #[test]
    fn numbers_survive_to_the_bit_in_either_form() {
        for values in [vec![0.0, -1.5, 3.0], vec![0.123_456_79; 9], vec![1.0 / 3.0, -0.0]] {
            let text = numbers(&values);
            let read = parse_numbers(&text, values.len()).unwrap();
            assert!(read.iter().zip(&values).all(|(a, b)| a.to_bits() == b.to_bits()), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_that_length_is_refused() {
        for text in ["", "1,2", "1,2,3,4", "nan,1,2", "1e9,0,0", "~AAAA", "~", "a,b,c", "inf,0,0"] {
            assert_eq!(parse_numbers(text, 3), None, "{text}");
        }
        let nan: Vec<u8> = [f32::NAN; 3].iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(parse_numbers(&format!("~{}", to_base64(&nan)), 3), None);
        assert_eq!(parse_numbers(&format!("~{}", "A".repeat(1 << 20)), 3), None);
    }
}
