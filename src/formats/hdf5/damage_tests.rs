//! Damaged files give errors, and neither panics, nor endless work, nor more memory than is allowed.

use super::read::{memory_of, read_unverified};
use super::round_trip_tests::{floats, group, text, weights};
use super::*;
use crate::tensor::rng::{Purpose, Rng};

const H5PY: [&[u8]; 5] = [
    include_bytes!("../../../tests/golden/files/h5py/plain_earliest.h5"),
    include_bytes!("../../../tests/golden/files/h5py/plain_latest.h5"),
    include_bytes!("../../../tests/golden/files/h5py/chunked_earliest.h5"),
    include_bytes!("../../../tests/golden/files/h5py/chunked_latest.h5"),
    include_bytes!("../../../tests/golden/files/h5py/dense_latest.h5"),
];

/// Reads a damaged file, with and without its checksums, which otherwise catch nearly everything.
fn is_survived(bytes: &[u8]) {
    for result in [read(bytes), read_unverified(bytes)] {
        let memory = result.as_ref().map_or(0, |group| memory_of(group).0);
        assert!(memory <= 4 * bytes.len() + (1 << 20), "{memory} bytes of {}", bytes.len());
    }
}

#[test]
fn every_truncation_is_refused() {
    let bytes = write(&weights()).unwrap();
    for len in 0..bytes.len() {
        assert!(read(&bytes[..len]).is_err(), "{len}");
        let _ = read_unverified(&bytes[..len]);
    }
    for bytes in H5PY {
        for len in (0..bytes.len()).step_by(97) {
            is_survived(&bytes[..len]);
            assert!(read(&bytes[..len]).is_err(), "{len}");
        }
    }
}

#[test]
fn random_damage_never_panics() {
    let own = write(&weights()).unwrap();
    let mut rng = Rng::new(5, Purpose::Init, 0, 0);
    for good in std::iter::once(own.as_slice()).chain(H5PY) {
        for _ in 0..3_000 {
            let mut bytes = good.to_vec();
            for _ in 0..=rng.below(4) {
                let position = rng.below(bytes.len() as u32) as usize;
                // Numbers near their bounds find more than random ones.
                bytes[position] = [0, 1, 0x7f, 0xff, rng.below(256) as u8][rng.below(5) as usize];
            }
            is_survived(&bytes);
        }
    }
}

/// What damage hits in a large file is mostly data; these numbers stand where structures do.
#[test]
fn every_byte_of_a_small_file_may_be_another() {
    let bytes = write(&group([("name", text("adam"))], [("0", Node::Array(floats(&[3])))])).unwrap();
    for position in 0..bytes.len() {
        for value in [0, 1, 4, 0x7f, 0xff] {
            let mut bytes = bytes.clone();
            bytes[position] = value;
            is_survived(&bytes);
        }
    }
}

#[test]
fn pieces_of_files_in_another_order_never_panic() {
    let mut rng = Rng::new(6, Purpose::Shuffle, 0, 0);
    for good in H5PY {
        for _ in 0..500 {
            let mut bytes = good.to_vec();
            let len = 8 * (1 + rng.below(32)) as usize;
            let (from, to) = (rng.below((bytes.len() - len) as u32), rng.below((bytes.len() - len) as u32));
            let piece = bytes[from as usize..from as usize + len].to_vec();
            bytes[to as usize..to as usize + len].copy_from_slice(&piece);
            is_survived(&bytes);
        }
    }
}

/// Overwrites what is at a place, and sets the checksum of the object header around it anew.
fn replace(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes[at..at + new.len()].copy_from_slice(new);
}

fn position(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).rposition(|window| window == part).unwrap()
}

#[test]
fn a_group_in_itself_is_refused() {
    let inner = group([], [("inner", Node::Group(Group::default()))]);
    let mut bytes = write(&group([], [("outer", Node::Group(inner))])).unwrap();
    let outer = bytes.windows(4).enumerate().filter(|(_, word)| *word == b"OHDR").nth(1).unwrap().0;
    let link = position(&bytes, b"inner") + 5;
    replace(&mut bytes, link, &(outer as u64).to_le_bytes());
    assert_eq!(read_unverified(&bytes), Err(Hdf5Error::Cycle { path: "/outer/inner".to_owned() }));
    assert!(matches!(read(&bytes), Err(Hdf5Error::Damaged { fault: Fault::Checksum, .. })));
}

#[test]
fn deep_groups_are_refused() {
    let mut root = Group::default();
    for _ in 0..63 {
        root = group([], [("g", Node::Group(root))]);
    }
    assert!(read(&write(&root).unwrap()).is_ok());
    for _ in 0..1000 {
        root = group([], [("g", Node::Group(root))]);
    }
    assert!(matches!(read(&write(&root).unwrap()), Err(Hdf5Error::TooDeep { max: 64, .. })));
}

#[test]
fn many_links_to_one_array_do_not_multiply_it() {
    let data = floats(&[100_000]);
    let mut members: Vec<(String, Node)> =
        (0..100).map(|idx| (format!("link{idx:03}"), Node::Array(floats(&[1])))).collect();
    members.push(("the data".to_owned(), Node::Array(data)));
    let mut bytes = write(&Group { attributes: vec![], members }).unwrap();
    let target = position(&bytes, b"the data") + 8;
    let target = bytes[target..target + 8].to_vec();
    for idx in 0..100 {
        let link = position(&bytes, format!("link{idx:03}").as_bytes()) + 7;
        replace(&mut bytes, link, &target);
    }
    let max = 4 * bytes.len() as u64 + (1 << 20);
    let path = "/link006".to_owned();
    assert_eq!(read_unverified(&bytes), Err(Hdf5Error::TooLarge { path, max }));
}

#[test]
fn an_array_that_claims_to_be_huge_is_refused() {
    let mut bytes = write(&group([], [("0", Node::Array(floats(&[5, 7])))])).unwrap();
    let extents = position(&bytes, &[[5, 0, 0, 0, 0, 0, 0, 0], [7, 0, 0, 0, 0, 0, 0, 0]].concat());
    for huge in [1_u64 << 20, 1 << 31, 1 << 62, u64::MAX] {
        replace(&mut bytes, extents, &huge.to_le_bytes());
        assert!(matches!(read_unverified(&bytes), Err(Hdf5Error::Damaged { .. })), "{huge}");
    }
}
