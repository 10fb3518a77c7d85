//! [`read_zip`].

use std::collections::BTreeSet;
use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::ArchiveError;
use crate::formats::NamedFile;

/// A model has three files, a run's logs some hundreds.
pub const MAX_FILES: usize = 10_000;

const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;
const LOCATOR_BYTES: usize = 20;
/// A comment may follow the end of the directory.
const MAX_COMMENT: usize = 65_535;
/// Deflate makes nothing shorter than by this factor.
const MAX_RATIO: usize = 1032;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The files of an archive in their order; folders are left out.
///
/// # Errors
/// If it is no archive, or a damaged one, or holds more than `max` bytes in all.
pub fn read_zip(bytes: &[u8], max: usize) -> Result<Vec<NamedFile>, ArchiveError> {
    read_files(bytes, max, |_| true)
}

/// As [`read_zip`], of the files whose names are wanted; the others are not unpacked.
///
/// # Errors
/// As [`read_zip`].
pub fn read_files(
    bytes: &[u8],
    max: usize,
    mut is_wanted: impl FnMut(&str) -> bool,
) -> Result<Vec<NamedFile>, ArchiveError> {
    let directory = Directory::find(bytes)?;
    let mut names = BTreeSet::new();
    let mut files = Vec::new();
    let (mut left, mut packed_left) = (max, bytes.len());
    let mut at = directory.begin;
    for _ in 0..directory.count {
        let entry = Entry::read(bytes, at)?;
        at += ENTRY_BYTES + entry.name.len() + entry.len_after_name;
        if entry.name.ends_with('/') {
            continue;
        }
        check_name(entry.name)?;
        if !names.insert(entry.name) {
            return Err(ArchiveError::Duplicate { name: entry.name.to_owned() });
        }
        // Files that lie over each other would have the same bytes unpacked again and again.
        packed_left = packed_left.checked_sub(entry.packed).ok_or_else(|| damaged(entry.at, entry.name))?;
        if !is_wanted(entry.name) {
            continue;
        }
        let contents = entry.contents(bytes, &directory, left).map_err(|failure| match failure {
            Failure::TooLarge => ArchiveError::TooLarge { max: max as u64 },
            Failure::Other(error) => error,
        })?;
        left -= contents.len();
        files.push(NamedFile { name: entry.name.to_owned(), bytes: contents });
    }
    Ok(files)
}

/// Names are paths downwards, in which nothing has two spellings.
fn check_name(name: &str) -> Result<(), ArchiveError> {
    let is_good = !name.contains(['\\', '\0', ':'])
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    if is_good { Ok(()) } else { Err(ArchiveError::BadName { name: name.to_owned() }) }
}

/// A number of `width` bytes at a place.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// As [`number`], of a number that counts bytes; too large ones are past every end.
fn size(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    number(bytes, at, width).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

fn damaged(at: usize, name: &str) -> ArchiveError {
    ArchiveError::Damaged { at: at as u64, name: name.to_owned() }
}

/// The directory at the end of an archive.
struct Directory {
    begin: usize,
    count: usize,
    /// Bytes before the archive, as programs that unpack themselves have.
    shift: usize,
}

impl Directory {
    fn find(bytes: &[u8]) -> Result<Self, ArchiveError> {
        let last = bytes.len().checked_sub(END_BYTES).ok_or(ArchiveError::NotZip)?;
        // The comment must reach to the end exactly.
        let is_end = |at: usize| {
            bytes[at..].starts_with(b"PK\x05\x06")
                && number(bytes, at + 20, 2) == Some((bytes.len() - at - END_BYTES) as u64)
        };
        let end = (last.saturating_sub(MAX_COMMENT)..=last).rev().find(|at| is_end(*at));
        let end = end.ok_or(ArchiveError::NotZip)?;
        let wide = Self::find_wide(bytes, end);
        // Where numbers stand: disks, entries in all, length and offset of the directory.
        let (at, width, [disk, count, len, offset], disk_width) = match wide {
            Some(wide) => (wide, 8, [16, 32, 40, 48], 4),
            None => (end, 4, [4, 10, 12, 16], 2),
        };
        let field =
            |position: usize, width: usize| size(bytes, at + position, width).ok_or_else(|| damaged(at, ""));
        if field(disk, disk_width)? != 0 || field(disk + disk_width, disk_width)? != 0 {
            return Err(ArchiveError::Spread);
        }
        let count = field(count, if wide.is_some() { 8 } else { 2 })?;
        if count > MAX_FILES {
            return Err(ArchiveError::TooMany { max: MAX_FILES as u64, got: count as u64 });
        }
        let begin = at.checked_sub(field(len, width)?).ok_or_else(|| damaged(at, ""))?;
        let shift = begin.checked_sub(field(offset, width)?).ok_or_else(|| damaged(at, ""))?;
        Ok(Self { begin, count, shift })
    }

    /// Where the end of the directory stands in ZIP64's form, if there is one.
    fn find_wide(bytes: &[u8], end: usize) -> Option<usize> {
        let locator = end.checked_sub(LOCATOR_BYTES)?;
        if !bytes[locator..].starts_with(b"PK\x06\x07") {
            return None;
        }
        // Its offset may be shifted; without extensions it is 56 bytes long.
        let candidates = [size(bytes, locator + 8, 8)?, locator.checked_sub(56)?];
        candidates
            .into_iter()
            .find(|at| bytes.get(*at..locator).is_some_and(|record| record.starts_with(b"PK\x06\x06")))
    }
}

/// What the directory says of a file.
struct Entry<'a> {
    name: &'a str,
    /// Bytes of extra fields and comment.
    len_after_name: usize,
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    unpacked: usize,
    offset: usize,
    /// Where the directory says so.
    at: usize,
}

/// Why a file cannot be read.
enum Failure {
    TooLarge,
    Other(ArchiveError),
}

impl<'a> Entry<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Result<Self, ArchiveError> {
        Self::parse(bytes, at).ok_or_else(|| damaged(at, ""))?
    }

    /// `None` if the archive is cut.
    fn parse(bytes: &'a [u8], at: usize) -> Option<Result<Self, ArchiveError>> {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let field = |position: usize, width: usize| size(bytes, at + position, width);
        let (name_len, extra_len, comment_len) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
        let after_name = at + ENTRY_BYTES + name_len;
        let name = bytes.get(at + ENTRY_BYTES..after_name)?;
        let extra = bytes.get(after_name..after_name + extra_len)?;
        let Ok(name) = std::str::from_utf8(name) else {
            let name = String::from_utf8_lossy(name).into_owned();
            return Some(Err(ArchiveError::BadName { name }));
        };
        let mut sizes = [field(24, 4)?, field(20, 4)?, field(42, 4)?];
        widen(&mut sizes, extra)?;
        let [unpacked, packed, offset] = sizes;
        Some(Ok(Self {
            name,
            len_after_name: extra_len + comment_len,
            flags: field(8, 2)? as u16,
            method: field(10, 2)? as u16,
            crc: field(16, 4)? as u32,
            packed,
            unpacked,
            offset,
            at,
        }))
    }

    fn contents(&self, bytes: &[u8], directory: &Directory, left: usize) -> Result<Vec<u8>, Failure> {
        let name = || self.name.to_owned();
        if self.flags & 1 != 0 {
            return Err(Failure::Other(ArchiveError::Encrypted { name: name() }));
        }
        if !matches!(self.method, STORED | DEFLATED) {
            return Err(Failure::Other(ArchiveError::Method { name: name(), method: self.method }));
        }
        let packed = self.packed(bytes, directory);
        let packed = packed.ok_or_else(|| Failure::Other(damaged(self.at, self.name)))?;
        let contents = if self.method == STORED {
            if packed.len() > left {
                return Err(Failure::TooLarge);
            }
            packed.to_vec()
        } else {
            inflate(packed, self.unpacked.min(left)).map_err(|IsLonger| {
                if self.unpacked > left {
                    Failure::TooLarge
                } else {
                    Failure::Other(damaged(self.at, self.name))
                }
            })?
        };
        let mut crc = Crc::new();
        crc.update(&contents);
        if contents.len() != self.unpacked || crc.sum() != self.crc {
            return Err(Failure::Other(ArchiveError::WrongContents { name: name() }));
        }
        Ok(contents)
    }

    /// The file's bytes in the archive: after its own head, which names it again, and before the directory.
    fn packed<'b>(&self, bytes: &'b [u8], directory: &Directory) -> Option<&'b [u8]> {
        let at = self.offset.checked_add(directory.shift)?;
        let before = bytes.get(..directory.begin)?;
        if !before.get(at..)?.starts_with(b"PK\x03\x04") {
            return None;
        }
        let name_len = size(before, at + 26, 2)?;
        let begin = at + LOCAL_BYTES + name_len + size(before, at + 28, 2)?;
        if before.get(at + LOCAL_BYTES..at + LOCAL_BYTES + name_len)? != self.name.as_bytes() {
            return None;
        }
        before.get(begin..begin.checked_add(self.packed)?)
    }
}

/// Numbers that do not fit into 4 bytes stand in an extra field, in this order.
fn widen(sizes: &mut [usize; 3], mut extra: &[u8]) -> Option<()> {
    let missing = sizes.iter_mut().filter(|size| **size == u32::MAX as usize);
    let mut missing = missing.peekable();
    while missing.peek().is_some() {
        let (kind, len) = (number(extra, 0, 2)?, size(extra, 2, 2)?);
        let body = extra.get(4..4 + len)?;
        extra = &extra[4 + len..];
        if kind == 1 {
            for (idx, missing) in missing.by_ref().enumerate() {
                *missing = size(body, 8 * idx, 8)?;
            }
        }
    }
    Some(())
}

/// The contents are longer than they may be, or no deflated ones.
struct IsLonger;

/// What was deflated, as far as it has `max` bytes; what is damaged ends early and fails its checksum.
fn inflate(packed: &[u8], max: usize) -> Result<Vec<u8>, IsLonger> {
    let mut contents = Vec::new();
    // Exactly as much as it claims to be, as far as that is possible at all: growing would take twice that.
    let possible = packed.len().saturating_mul(MAX_RATIO).min(max);
    contents.try_reserve_exact(possible.saturating_add(1)).map_err(|_| IsLonger)?;
    let mut decoder = DeflateDecoder::new(packed).take((max as u64).saturating_add(1));
    if decoder.read_to_end(&mut contents).is_err() {
        contents.clear();
    }
    if contents.len() > max { Err(IsLonger) } else { Ok(contents) }
}
