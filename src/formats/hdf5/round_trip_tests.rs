use super::*;

pub(super) fn array(extents: &[usize], values: Values) -> Array {
    Array { extents: extents.to_vec(), values }
}

pub(super) fn floats(extents: &[usize]) -> Array {
    let len: usize = extents.iter().product();
    array(extents, Values::F32((0..len).map(|idx| idx as f32 * 0.25 - 1.5).collect()))
}

pub(super) fn text(text: &str) -> Array {
    array(&[], Values::Text(vec![text.to_owned()]))
}

fn texts(texts: impl IntoIterator<Item = String>) -> Array {
    let texts: Vec<String> = texts.into_iter().collect();
    array(&[texts.len()], Values::Text(texts))
}

pub(super) fn group<const A: usize, const M: usize>(
    attributes: [(&str, Array); A],
    members: [(&str, Node); M],
) -> Group {
    let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let members = members.into_iter().map(|(name, node)| (name.to_owned(), node)).collect();
    Group { attributes, members }
}

/// As a file of Keras.
pub(super) fn weights() -> Group {
    let vars = group(
        [("name", text("conv2d"))],
        [("0", Node::Array(floats(&[3, 3, 1, 2]))), ("1", Node::Array(floats(&[2])))],
    );
    let iteration = array(&[], Values::I64(vec![12]));
    let optimizer = group([("name", text("adam"))], [("0", Node::Array(iteration))]);
    let layer = group([], [("vars", Node::Group(vars))]);
    let empty = group([], [("vars", Node::Group(Group::default()))]);
    let layers = group([], [("conv2d", Node::Group(layer)), ("flatten", Node::Group(empty))]);
    group(
        [
            ("layer_names", texts(["conv2d".to_owned(), "flatten".to_owned()])),
            ("weight_names", array(&[0], Values::F64(vec![]))),
        ],
        [("layers", Node::Group(layers)), ("optimizer", Node::Group(optimizer))],
    )
}

fn comes_back(root: &Group) -> Vec<u8> {
    let bytes = write(root).unwrap();
    assert!(read(&bytes).as_ref() == Ok(root), "another group came back");
    assert!(write(root).unwrap() == bytes, "the same group gave other bytes");
    bytes
}

#[test]
fn a_file_of_weights_comes_back() {
    comes_back(&weights());
    comes_back(&Group::default());
}

#[test]
fn every_rank_and_type_comes_back() {
    let extents: [&[usize]; 9] =
        [&[], &[0], &[1], &[7], &[2, 3], &[3, 0, 2], &[2, 3, 4], &[3, 3, 5, 2], &[1, 2, 1, 2, 1, 2]];
    let numbers = [0.0, -0.0, 1.5, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, 0.1];
    let integers = [0, 1, -1, i64::MAX, i64::MIN, 300, -70_000];
    let words = ["", "a", "Свёртка", "kernel:0", "\u{1f600}", "12345678", "a\nb"];
    let mut members = Vec::new();
    for extents in extents {
        let len: usize = extents.iter().product();
        let f64s = (0..len).map(|idx| numbers[idx % 7]);
        let all = [
            Values::F32(f64s.clone().map(|value| value as f32).collect()),
            Values::F64(f64s.collect()),
            Values::I64((0..len).map(|idx| integers[idx % 7]).collect()),
            Values::Text((0..len).map(|idx| words[idx % 7].to_owned()).collect()),
        ];
        members.extend(all.map(|values| array(extents, values)));
    }
    let attributes = members.iter().enumerate().map(|(idx, array)| (format!("a{idx}"), array.clone()));
    let members =
        members.iter().enumerate().map(|(idx, array)| (format!("m{idx}"), Node::Array(array.clone())));
    comes_back(&Group { attributes: attributes.collect(), members: members.collect() });
}

#[test]
fn long_text_and_many_texts_come_back() {
    let config = "{\"class_name\": \"Sequential\"}".repeat(20_000);
    let root = group(
        [
            ("model_config", text(&config)),
            ("names", texts((0..4000).map(|idx| format!("layer_{idx}")))),
            ("more", texts(["x".repeat(2 << 20), "y".to_owned()])),
        ],
        [("texts", Node::Array(texts((0..70_000).map(|idx| idx.to_string()))))],
    );
    let bytes = comes_back(&root);
    let collections = bytes.windows(4).filter(|word| word == b"GCOL").count();
    assert!(collections > 2, "one collection holds 65,535 texts: {collections}");
}

#[test]
fn a_group_of_thousands_comes_back() {
    let member = |idx: usize| {
        let member = group([("name", text(&format!("dense_{idx}")))], [("0", Node::Array(floats(&[2])))]);
        (format!("dense_{idx}"), Node::Group(member))
    };
    comes_back(&Group { attributes: vec![], members: (0..3000).map(member).collect() });
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let inner = group([("long", floats(&[20_000]))], []);
    let error = write(&group([], [("dense", Node::Group(inner))])).unwrap_err();
    assert_eq!(error.to_string(), "/dense@long: 80046 bytes are to be written where HDF5 holds 65000");
    let name = "n".repeat(70_000);
    let error = write(&group([], [(&name, Node::Array(floats(&[1])))])).unwrap_err();
    assert!(matches!(error, Hdf5Error::DoesNotFit { path, max: 65_000, .. } if path == format!("/{name}")));
}
