//! The crate hdf5-pure reads what is written here, and what it writes is read here.

use hdf5_pure::{AttrValue, File, FileBuilder};

use super::round_trip_tests::{array, floats, text, weights};
use super::*;

#[test]
fn hdf5_pure_reads_what_is_written_here() {
    let file = File::from_bytes(write(&weights()).unwrap()).unwrap();
    let root = file.root();
    assert_eq!(root.groups().unwrap(), ["layers", "optimizer"]);
    let names = root.attrs().unwrap();
    let texts = |value: &AttrValue| match value {
        AttrValue::VarLenStringArray(texts) | AttrValue::VarLenAsciiCharArray(texts) => texts.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(texts(&names["layer_names"]), ["conv2d", "flatten"]);
    let vars = file.group("layers/conv2d/vars").unwrap();
    assert!(format!("{:?}", vars.attrs().unwrap()["name"]).contains("conv2d"));
    for (name, extents) in [("0", &[3, 3, 1, 2][..]), ("1", &[2])] {
        let dataset = vars.dataset(name).unwrap();
        let expected = floats(extents);
        let shape: Vec<usize> = dataset.shape().unwrap().iter().map(|extent| *extent as usize).collect();
        assert_eq!(array(&shape, Values::F32(dataset.read_f32().unwrap())), expected);
    }
    assert!(file.group("layers/flatten/vars").unwrap().datasets().unwrap().is_empty());
    assert_eq!(file.dataset("optimizer/0").unwrap().read_i64().unwrap(), [12]);
}

#[test]
fn what_hdf5_pure_writes_is_read_here() {
    let Values::F32(values) = floats(&[7, 10]).values else { panic!("floats are floats") };
    let mut builder = FileBuilder::new();
    builder.set_attr("title", AttrValue::String("weights".into()));
    builder.set_attr("numbers", AttrValue::I64Array(vec![1, -2]));
    let mut layer = builder.create_group("dense");
    layer.create_dataset("plain").with_f32_data(&values).with_shape(&[7, 10]);
    layer
        .create_dataset("packed")
        .with_f32_data(&values)
        .with_shape(&[7, 10])
        .with_chunks(&[3, 4])
        .with_shuffle()
        .with_deflate(6)
        .with_fletcher32();
    layer.create_dataset("bytes").with_u8_data(&[1, 200]);
    layer.create_dataset("texts").with_vlen_strings(&["a", "Свёртка"]);
    builder.add_group(layer.finish());
    let root = read(&builder.finish().unwrap()).unwrap();
    let attribute = |name: &str| root.attributes.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(attribute("title"), text("weights"));
    assert_eq!(attribute("numbers"), array(&[2], Values::I64(vec![1, -2])));
    let Node::Group(dense) = &root.members[0].1 else { panic!("dense is a group") };
    let texts = Values::Text(vec!["a".to_owned(), "Свёртка".to_owned()]);
    for (name, expected) in [
        ("plain", floats(&[7, 10])),
        ("packed", floats(&[7, 10])),
        ("bytes", array(&[2], Values::I64(vec![1, 200]))),
        ("texts", array(&[2], texts)),
    ] {
        let found = dense.members.iter().find(|(known, _)| known == name).unwrap();
        assert_eq!(found.1, Node::Array(expected), "{name}");
    }
}
