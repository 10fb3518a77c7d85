//! Paths within the groups of an HDF5 file, and the arrays of Keras's that lie at them.

use std::collections::BTreeMap;

use crate::formats::FormatError;
use crate::formats::hdf5::{Array, Group, Node, Values};

/// The first versions of Keras 3 and the last of Keras 2 called a model's `layers` so.
const OLD_LAYERS: &str = "_layer_checkpoint_dependencies";

/// A text as an attribute.
pub fn text(text: &str) -> Array {
    Array { extents: Vec::new(), values: Values::Text(vec![text.to_owned()]) }
}

/// A list of texts as an attribute.
pub fn texts(texts: &[String]) -> Array {
    // As Keras does for layers without weights.
    let values = if texts.is_empty() { Values::F64(Vec::new()) } else { Values::Text(texts.to_vec()) };
    Array { extents: vec![texts.len()], values }
}

/// Numbers of the given extents.
pub fn floats(extents: &[usize], values: &[f32]) -> Array {
    Array { extents: extents.to_vec(), values: Values::F32(values.to_vec()) }
}

/// The member of that name.
pub fn member<'g>(group: &'g Group, name: &str) -> Option<&'g Node> {
    group.members.iter().find(|(own, _)| own == name).map(|(_, node)| node)
}

/// The group at a path of names.
pub fn group_at<'g>(root: &'g Group, path: &[String]) -> Option<&'g Group> {
    path.iter().try_fold(root, |group, name| {
        let found = member(group, name).or_else(|| member(group, OLD_LAYERS).filter(|_| name == "layers"));
        match found {
            Some(Node::Group(group)) => Some(group),
            _ => None,
        }
    })
}

/// As [`group_at`], to change it.
pub fn group_at_mut<'g>(root: &'g mut Group, path: &[String]) -> Option<&'g mut Group> {
    path.iter().try_fold(root, |group, name| {
        let has = |wanted: &str| group.members.iter().position(|(own, _)| own == wanted);
        let at = has(name).or_else(|| has(OLD_LAYERS).filter(|_| name == "layers"))?;
        match &mut group.members[at].1 {
            Node::Group(group) => Some(group),
            Node::Array(_) => None,
        }
    })
}

/// The array at a path, whose names have `/` between them. Keras 2 has groups of the names' parts.
pub fn array_at<'g>(root: &'g Group, path: &str) -> Option<&'g Array> {
    let mut group = root;
    let mut rest = path.trim_start_matches('/');
    loop {
        if let Some(Node::Array(array)) = member(group, rest) {
            return Some(array);
        }
        let (first, after) = rest.split_once('/')?;
        let Some(Node::Group(next)) = member(group, first) else { return None };
        (group, rest) = (next, after);
    }
}

/// Puts an array at a path of groups, which are made where they are not yet.
pub fn put(root: &mut Group, path: &[&str], array: Array) {
    let Some((name, groups)) = path.split_last() else { return };
    group_for(root, groups).members.push(((*name).to_owned(), Node::Array(array)));
}

/// The group at a path, made where it is not yet.
pub fn group_for<'g>(root: &'g mut Group, path: &[&str]) -> &'g mut Group {
    path.iter().fold(root, |group, name| {
        let found =
            group.members.iter().position(|(own, node)| own == name && matches!(node, Node::Group(_)));
        let at = found.unwrap_or_else(|| {
            group.members.push(((*name).to_owned(), Node::Group(Group::default())));
            group.members.len() - 1
        });
        match &mut group.members[at].1 {
            Node::Group(group) => group,
            Node::Array(_) => unreachable!("a group was looked for, or just made"),
        }
    })
}

/// The text of an attribute.
pub fn text_attribute<'g>(group: &'g Group, name: &str) -> Option<&'g str> {
    let (_, array) = group.attributes.iter().find(|(own, _)| own == name)?;
    match &array.values {
        Values::Text(texts) => texts.first().map(String::as_str),
        _ => None,
    }
}

/// The texts of an attribute, or of `name0`, `name1`… where Keras cut a long list in pieces.
pub fn texts_attribute<'g>(group: &'g Group, name: &str) -> Option<Vec<&'g str>> {
    let find = |name: &str| {
        let (_, array) = group.attributes.iter().find(|(own, _)| own == name)?;
        Some(match &array.values {
            Values::Text(texts) => texts.as_slice(),
            _ => &[],
        })
    };
    let of = |texts: &'g [String]| texts.iter().map(String::as_str);
    if let Some(texts) = find(name) {
        return Some(of(texts).collect());
    }
    let mut all: Vec<&str> = of(find(&format!("{name}0"))?).collect();
    all.extend((1..).map_while(|piece| find(&format!("{name}{piece}"))).flat_map(of));
    Some(all)
}

/// Whether an attribute, or the first piece of it, lists any texts.
pub fn has_texts(group: &Group, name: &str) -> bool {
    let is_it = |own: &str| own.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "0"));
    let is_text = |array: &Array| matches!(&array.values, Values::Text(texts) if !texts.is_empty());
    group.attributes.iter().any(|(own, array)| is_it(own) && is_text(array))
}

/// The arrays `0`, `1`, `2`… of a group, by number: as names they would be in another order.
pub fn numbered(group: &Group) -> Vec<&Array> {
    let arrays: BTreeMap<&str, &Array> = group.members.iter().filter_map(named_array).collect();
    (0..arrays.len()).map_while(|number| arrays.get(number.to_string().as_str()).copied()).collect()
}

fn named_array((name, node): &(String, Node)) -> Option<(&str, &Array)> {
    match node {
        Node::Array(array) => Some((name, array)),
        Node::Group(_) => None,
    }
}

/// As [`numbered`], taken out.
pub fn take_numbered(group: &mut Group) -> Vec<Array> {
    let mut arrays = BTreeMap::new();
    for (name, node) in std::mem::take(&mut group.members) {
        if let Node::Array(array) = node {
            arrays.insert(name, array);
        }
    }
    (0..arrays.len()).map_while(|number| arrays.remove(&number.to_string())).collect()
}

/// 32-bit numbers of an array; 64-bit ones are rounded.
///
/// # Errors
/// If it holds integers or text.
pub fn into_floats(array: Array, name: &str) -> Result<Vec<f32>, FormatError> {
    let wrong = |got: &str| FormatError::WrongType { name: name.to_owned(), got: got.to_owned() };
    match array.values {
        Values::F32(values) => Ok(values),
        Values::F64(values) => Ok(values.into_iter().map(|value| value as f32).collect()),
        Values::I64(_) => Err(wrong("I64")),
        Values::Text(_) => Err(wrong("text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_no_names() {
        let mut group = Group::default();
        for number in [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9] {
            put(&mut group, &[number.to_string().as_str()], floats(&[], &[number as f32]));
        }
        let in_order = |arrays: Vec<Array>| -> Vec<f32> {
            arrays.into_iter().flat_map(|array| into_floats(array, "").unwrap()).collect()
        };
        let expected: Vec<f32> = (0..12).map(|number| number as f32).collect();
        assert_eq!(in_order(numbered(&group).into_iter().cloned().collect()), expected);
        assert_eq!(in_order(take_numbered(&mut group)), expected);
        assert!(group.members.is_empty());
    }

    #[test]
    fn paths_go_through_groups_and_names_with_slashes() {
        let mut root = Group::default();
        put(&mut root, &["dense", "dense", "kernel:0"], floats(&[], &[1.0]));
        put(&mut root, &["dense", "a/b"], floats(&[], &[2.0]));
        let value = |path: &str| array_at(&root, path).map(|array| array.values.clone());
        assert_eq!(value("dense/dense/kernel:0"), Some(Values::F32(vec![1.0])));
        assert_eq!(value("dense/a/b"), Some(Values::F32(vec![2.0])));
        assert_eq!((value("dense"), value("dense/x"), value("")), (None, None, None));
    }

    #[test]
    fn long_lists_come_in_pieces() {
        let names = |names: &[&str]| texts(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let attributes = [("n0", names(&["a", "b"])), ("n1", names(&["c"])), ("m", names(&[]))];
        let attributes = attributes.map(|(name, array)| (name.to_owned(), array)).to_vec();
        let group = Group { attributes, ..Group::default() };
        assert_eq!(texts_attribute(&group, "n").unwrap(), ["a", "b", "c"]);
        assert_eq!(texts_attribute(&group, "m").unwrap(), [""; 0]);
        assert_eq!(texts_attribute(&group, "x"), None);
        assert_eq!(["n", "m", "x"].map(|name| has_texts(&group, name)), [true, false, false]);
    }
}
