//! The two checksums of HDF5: `lookup3` protects its own parts, Fletcher's protects chunks of data.

/// Bob Jenkins' `hashlittle` of 2006 (public domain) with the initial value 0.
pub(super) fn lookup3(bytes: &[u8]) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(bytes.len() as u32);
    let (mut a, mut b, mut c) = (start, start, start);
    // The last block goes through the other mixing, even if it is whole.
    let num_mixed = bytes.len().saturating_sub(1) / 12 * 12;
    let (mixed, last) = bytes.split_at(num_mixed);
    for block in mixed.chunks_exact(12) {
        (a, b, c) = mix(add(block, [a, b, c]));
    }
    if last.is_empty() {
        return c;
    }
    let mut block = [0; 12];
    block[..last.len()].copy_from_slice(last);
    finish(add(&block, [a, b, c]))
}

fn add(block: &[u8], state: [u32; 3]) -> [u32; 3] {
    let word = |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
    [state[0].wrapping_add(word(0)), state[1].wrapping_add(word(4)), state[2].wrapping_add(word(8))]
}

fn mix([mut a, mut b, mut c]: [u32; 3]) -> (u32, u32, u32) {
    for (first, second, third) in [(4, 6, 8), (16, 19, 4)] {
        a = a.wrapping_sub(c) ^ c.rotate_left(first);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(second);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(third);
        b = b.wrapping_add(a);
    }
    (a, b, c)
}

fn finish([mut a, mut b, mut c]: [u32; 3]) -> u32 {
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    (c ^ b).wrapping_sub(b.rotate_left(24))
}

/// Fletcher's sum over words of 16 bits, the first byte being the higher one, as HDF5 computes it.
pub(super) fn fletcher32(bytes: &[u8]) -> u32 {
    let fold = |sum: u32| (sum & 0xffff) + (sum >> 16);
    let (mut low, mut high) = (0_u32, 0_u32);
    // So many words fit before the sums must be folded.
    for block in bytes.chunks(720) {
        for word in block.chunks(2) {
            let second = word.get(1).copied().unwrap_or(0);
            low += u32::from(word[0]) << 8 | u32::from(second);
            high += low;
        }
        (low, high) = (fold(low), fold(high));
    }
    fold(high) << 16 | fold(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookup3_gives_its_authors_examples() {
        assert_eq!(lookup3(b""), 0xdead_beef);
        assert_eq!(lookup3(b"Four score and seven years ago"), 0x1777_0551);
    }

    #[test]
    fn fletcher_sums_words() {
        assert_eq!(fletcher32(&[]), 0);
        assert_eq!(fletcher32(&[1, 2, 3, 4]), 0x0508_0406);
        assert_eq!(fletcher32(&[1, 2, 3]), 0x0504_0402);
        assert_eq!(fletcher32(&[255; 2000]), 0xffff_ffff);
    }
}
