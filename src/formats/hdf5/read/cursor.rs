//! [`File`] and [`Cursor`]: every access to the file's bytes, within bounds.

use super::super::checksum::lookup3;
use super::super::error::{Fault, Feature, Hdf5Error, Part};

/// The bytes of a file, and how wide its numbers are.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    /// Where HDF5 begins; before it, a user may have put other things. Added to places in errors only.
    pub(super) begin: usize,
    pub(super) address_width: usize,
    pub(super) length_width: usize,
    /// Whether checksums must be right; tests of damage go behind them.
    pub(super) verifies: bool,
}

impl<'a> File<'a> {
    /// A cursor from an address to the end of the file.
    pub(super) fn at(self, address: u64, part: Part) -> Result<Cursor<'a>, Hdf5Error> {
        let at = usize::try_from(address).ok().filter(|at| *at < self.bytes.len());
        let Some(at) = at else {
            let at = address.saturating_add(self.begin as u64);
            return Err(Hdf5Error::Damaged { path: String::new(), at, part, fault: Fault::Cut });
        };
        Ok(Cursor { file: self, at, end: self.bytes.len(), part })
    }

    /// A cursor over so many bytes from an address.
    pub(super) fn span(self, address: u64, len: u64, part: Part) -> Result<Cursor<'a>, Hdf5Error> {
        let mut cursor = self.at(address, part)?;
        let len = cursor.size(len)?;
        cursor.window(len)
    }
}

/// A place in a part of the file, which reads on and never past the part's end.
#[derive(Debug, Clone)]
pub(in super::super) struct Cursor<'a> {
    pub(super) file: File<'a>,
    pub(super) at: usize,
    end: usize,
    pub(super) part: Part,
}

impl<'a> Cursor<'a> {
    /// The same place, read as another part.
    pub(super) fn part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Bytes up to the end.
    pub(super) fn left(&self) -> usize {
        self.end - self.at
    }

    pub(in super::super) fn address_width(&self) -> usize {
        self.file.address_width
    }

    /// The next bytes.
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Hdf5Error> {
        if len > self.left() {
            return Err(self.damaged(Fault::Cut));
        }
        let bytes = &self.file.bytes[self.at..self.at + len];
        self.at += len;
        Ok(bytes)
    }

    /// Everything up to the end.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        let bytes = &self.file.bytes[self.at..self.end];
        self.at = self.end;
        bytes
    }

    /// A cursor over the next bytes.
    pub(super) fn window(&mut self, len: usize) -> Result<Self, Hdf5Error> {
        let mut window = self.clone();
        self.take(len)?;
        window.end = self.at;
        Ok(window)
    }

    pub(super) fn skip(&mut self, len: usize) -> Result<(), Hdf5Error> {
        self.take(len).map(|_| ())
    }

    /// An integer of up to 8 bytes, the lowest first.
    pub(in super::super) fn uint(&mut self, width: usize) -> Result<u64, Hdf5Error> {
        let bytes = self.take(width)?;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    pub(in super::super) fn u8(&mut self) -> Result<u8, Hdf5Error> {
        Ok(self.uint(1)? as u8)
    }

    pub(in super::super) fn u16(&mut self) -> Result<u16, Hdf5Error> {
        Ok(self.uint(2)? as u16)
    }

    pub(in super::super) fn u32(&mut self) -> Result<u32, Hdf5Error> {
        Ok(self.uint(4)? as u32)
    }

    /// An address; `None` if it says that there is nothing.
    pub(super) fn address(&mut self) -> Result<Option<u64>, Hdf5Error> {
        let width = self.file.address_width;
        let address = self.uint(width)?;
        Ok((address != u64::MAX >> (64 - 8 * width)).then_some(address))
    }

    /// An address at which there must be something.
    pub(super) fn place(&mut self) -> Result<u64, Hdf5Error> {
        self.address()?.ok_or_else(|| self.damaged(Fault::Value))
    }

    pub(super) fn length(&mut self) -> Result<u64, Hdf5Error> {
        self.uint(self.file.length_width)
    }

    /// A length as a number that this machine can count to; whether so much is there, is not asked.
    pub(super) fn size(&self, len: u64) -> Result<usize, Hdf5Error> {
        usize::try_from(len).map_err(|_| self.damaged(Fault::Cut))
    }

    /// The four letters with which a part begins.
    pub(super) fn expect(&mut self, signature: [u8; 4]) -> Result<(), Hdf5Error> {
        let error = self.damaged(Fault::Signature);
        if self.take(4)? == signature { Ok(()) } else { Err(error) }
    }

    /// A version that must be one of these.
    pub(super) fn version(&mut self, known: &[u8]) -> Result<u8, Hdf5Error> {
        let error = self.clone();
        let version = self.u8()?;
        let part = self.part;
        if known.contains(&version) {
            Ok(version)
        } else {
            Err(error.unsupported(Feature::Version { part, version }))
        }
    }

    /// The checksum that stands here, of everything since `begin`.
    pub(super) fn checksum(&mut self, begin: usize) -> Result<(), Hdf5Error> {
        let sum = lookup3(&self.file.bytes[begin..self.at]);
        let error = self.damaged(Fault::Checksum);
        if self.u32()? == sum || !self.file.verifies { Ok(()) } else { Err(error) }
    }

    /// The checksum that stands at `hole`, of this whole part with zeros in place of the checksum.
    pub(super) fn checksum_with_hole(&self, mut hole: Self) -> Result<(), Hdf5Error> {
        let at = hole.at - self.at;
        let error = hole.damaged(Fault::Checksum);
        let expected = hole.u32()?;
        let mut bytes = self.file.bytes[self.at..self.end].to_vec();
        bytes[at..at + 4].fill(0);
        if lookup3(&bytes) == expected || !self.file.verifies { Ok(()) } else { Err(error) }
    }

    /// The part is damaged, here.
    pub(in super::super) fn damaged(&self, fault: Fault) -> Hdf5Error {
        Hdf5Error::Damaged { path: String::new(), at: self.place_in_file(), part: self.part, fault }
    }

    /// Something is not read, here.
    pub(in super::super) fn unsupported(&self, feature: Feature) -> Hdf5Error {
        Hdf5Error::Unsupported { path: String::new(), at: self.place_in_file(), feature }
    }

    fn place_in_file(&self) -> u64 {
        (self.at + self.file.begin) as u64
    }
}
