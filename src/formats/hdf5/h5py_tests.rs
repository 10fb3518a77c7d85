//! Files that h5py wrote, with their script in `tests/golden/files/h5py`.

use std::io::Read;

use flate2::read::GzDecoder;

use super::round_trip_tests::{array, text};
use super::*;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/golden/files/h5py/", $name)).as_slice()
    };
}

fn attribute<'a>(group: &'a Group, name: &str) -> &'a Array {
    let found = group.attributes.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no attribute {name}")).1
}

fn member<'a>(group: &'a Group, path: &str) -> &'a Node {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let found = group.members.iter().find(|(known, _)| known == first);
    match &found.unwrap_or_else(|| panic!("no member {first}")).1 {
        Node::Group(group) if !rest.is_empty() => member(group, rest),
        node => node,
    }
}

fn group<'a>(root: &'a Group, path: &str) -> &'a Group {
    let Node::Group(group) = member(root, path) else { panic!("{path} is no group") };
    group
}

fn data<'a>(root: &'a Group, path: &str) -> &'a Array {
    let Node::Array(array) = member(root, path) else { panic!("{path} is no array") };
    array
}

fn texts(extents: &[usize], texts: &[&str]) -> Array {
    array(extents, Values::Text(texts.iter().map(|text| (*text).to_owned()).collect()))
}

fn counted(extents: &[usize], factor: f32) -> Array {
    let len: usize = extents.iter().product();
    array(extents, Values::F32((0..len).map(|idx| idx as f32 * factor).collect()))
}

#[test]
fn plain_files_of_both_formats_are_read() {
    for bytes in [file!("plain_earliest.h5"), file!("plain_latest.h5")] {
        let root = read(bytes).unwrap();
        assert_eq!(root.attributes.len(), 9);
        assert_eq!(*attribute(&root, "backend"), text("tensorflow"));
        assert_eq!(*attribute(&root, "bytes"), text("fixed"));
        assert_eq!(*attribute(&root, "cyrillic"), text("Свёртка"));
        assert_eq!(*attribute(&root, "names"), texts(&[3], &["conv2d", "", "dense_1"]));
        assert_eq!(*attribute(&root, "fixed_names"), texts(&[2], &["conv2d", "dense"]));
        assert_eq!(*attribute(&root, "no_names"), array(&[0], Values::F64(vec![])));
        assert_eq!(*attribute(&root, "nothing"), array(&[0], Values::F32(vec![])));
        assert_eq!(*attribute(&root, "number"), array(&[], Values::I64(vec![7])));
        assert_eq!(*attribute(&root, "matrix"), counted(&[2, 3], 1.0));
        let vars = group(&root, "layers/conv2d/vars");
        assert_eq!(vars.attributes, [("name".to_owned(), text("conv2d"))]);
        assert_eq!(*data(vars, "0"), counted(&[2, 3, 4], 0.125));
        assert_eq!(*data(vars, "1"), array(&[], Values::F64(vec![0.1])));
        assert_eq!(*data(vars, "empty"), array(&[3, 0, 2], Values::F32(vec![])));
        assert_eq!(*data(vars, "nothing"), array(&[0], Values::I64(vec![])));
        assert_eq!(*data(vars, "unwritten"), array(&[3], Values::F32(vec![0.0; 3])));
        assert_eq!(*data(vars, "filled"), array(&[3], Values::I64(vec![-7; 3])));
        let long = "x".repeat(300);
        assert_eq!(*data(&root, "texts/variable"), texts(&[4], &["a", "Свёртка", "", &long]));
        assert_eq!(*data(&root, "texts/fixed"), texts(&[2], &["one", "three"]));
        assert_eq!(*data(&root, "texts/spaces"), texts(&[2], &["ab", " c"]));
        assert_eq!(*data(&root, "texts/compact"), counted(&[4], 1.0));
        every_number_is_read(group(&root, "numbers"));
    }
}

fn every_number_is_read(numbers: &Group) {
    for order in ["<", ">"] {
        for width in [1, 2, 4, 8] {
            let signed = data(numbers, &format!("{order}i{width}"));
            assert_eq!(*signed, array(&[5], Values::I64(vec![-2, -1, 0, 1, 100])));
            let unsigned = data(numbers, &format!("{order}u{width}"));
            assert_eq!(*unsigned, array(&[5], Values::I64(vec![0, 1, 2, 100, 200])));
        }
        let single = vec![0.1, -1.5, 65504.0, 2_f32.powi(-24), f32::INFINITY];
        let half = [vec![0.099_975_586], single[1..].to_vec()].concat();
        assert_eq!(*data(numbers, &format!("{order}f2")), array(&[5], Values::F32(half)));
        assert_eq!(*data(numbers, &format!("{order}f4")), array(&[5], Values::F32(single)));
        let double = vec![0.1, -1.5, 65504.0, 2_f64.powi(-24), f64::INFINITY];
        assert_eq!(*data(numbers, &format!("{order}f8")), array(&[5], Values::F64(double)));
    }
    assert_eq!(*data(numbers, "bool"), array(&[3], Values::I64(vec![1, 0, 1])));
}

#[test]
fn chunked_files_of_both_formats_are_read() {
    for bytes in [file!("chunked_earliest.h5"), file!("chunked_latest.h5")] {
        let root = read(bytes).unwrap();
        let expected = counted(&[7, 10, 3], 1.0);
        for name in ["bare", "gzip", "shuffled", "everything", "checked", "single", "single_bare"] {
            assert_eq!(*data(&root, name), expected, "{name}");
        }
        let mut many = vec![9; 3000];
        (many[5], many[2999]) = (1, 2);
        assert_eq!(*data(&root, "many"), array(&[3000], Values::I64(many)));
        let names: Vec<String> = (0..10).map(|idx| format!("layer_{idx}")).collect();
        assert_eq!(*data(&root, "texts"), array(&[10], Values::Text(names)));
        let growing = (0..7).flat_map(|row| (0..3).map(move |column| (row * 30 + column) as f32));
        assert_eq!(*data(&root, "growing"), array(&[7, 3], Values::F32(growing.collect())));
        assert_eq!(*data(&root, "early"), array(&[10], Values::I64((0..10).collect())));
    }
}

#[test]
fn large_groups_and_attributes_of_both_formats_are_read() {
    for (bytes, is_latest) in [(file!("large_earliest.h5.gz"), false), (file!("large_latest.h5.gz"), true)] {
        let mut file = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut file).unwrap();
        let root = read(&file).unwrap();
        assert_eq!(*attribute(&root, "model_config"), text(&"Keras ".repeat(20_000)));
        let names: Vec<String> = (0..300).map(|idx| format!("layer_{idx}")).collect();
        assert_eq!(*attribute(&root, "layer_names"), array(&[300], Values::Text(names)));
        if is_latest {
            assert_eq!(*attribute(&root, "long"), array(&[9000], Values::I64((0..9000).collect())));
        }
        let members = group(&root, "members");
        assert_eq!((members.members.len(), members.attributes.len()), (1000, 40));
        for idx in 0..1000 {
            assert_eq!(*data(members, &format!("m{idx}")), array(&[], Values::F32(vec![0.5])));
        }
        for idx in 0..40 {
            assert_eq!(*attribute(members, &format!("a{idx}")), array(&[], Values::I64(vec![idx])));
        }
        let groups = group(&root, "groups");
        assert_eq!(groups.members.len(), 1000);
        for idx in 0..1000 {
            let one = group(groups, &format!("g{idx}"));
            assert_eq!(one.attributes, [("name".to_owned(), text(&format!("name {idx}")))]);
        }
    }
}

#[test]
fn a_file_after_other_bytes_is_read() {
    let root = read(file!("user_block.h5")).unwrap();
    assert_eq!(*data(&root, "data"), array(&[3], Values::I64(vec![0, 1, 2])));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let refused = [
        (file!("soft_link.h5"), "/link", Feature::SoftLink),
        (file!("soft_link_latest.h5"), "/group/link", Feature::SoftLink),
        (file!("external_link.h5"), "/link", Feature::ExternalLink),
        (file!("external_data.h5"), "/data", Feature::ExternalData),
        (file!("virtual.h5"), "/data", Feature::VirtualData),
        (file!("compound.h5"), "/data", Feature::Datatype(6)),
        (file!("lzf.h5"), "/data", Feature::Filter(32000)),
        (file!("extensible.h5"), "/data", Feature::ChunkIndex(4)),
        (file!("committed.h5"), "/type", Feature::CommittedDatatype),
    ];
    for (bytes, place, expected) in refused {
        match read(bytes) {
            Err(Hdf5Error::Unsupported { path, feature, .. }) => {
                assert_eq!((path.as_str(), feature), (place, expected));
            }
            other => panic!("{place}: {other:?}"),
        }
    }
    let cycle = Hdf5Error::Cycle { path: "/group/again".to_owned() };
    assert_eq!(read(file!("cycle.h5")), Err(cycle));
}
