//! Where weights lie in a `.weights.h5` file of a model that is more than one list: layers of models within the
//! model, and layers that are another one's activation, have their groups in the group of what has them.
//!
//! A model that is known is one list and remembers nothing of that. Groups of one class are numbered in the
//! model's order; that of groups of several classes is in no file, for HDF5 sorts by name. So all orders are
//! tried, and one is taken if it is the only one that has the model's classes and extents.

use std::collections::BTreeMap;

use super::tree;
use super::weights::{self, Places};
use crate::engine::layers::LayerDef;
use crate::engine::spec::{ModelSpec, snake_case};
use crate::formats::hdf5::{Array, Group, Node, Values};

/// Attempts to place a layer, at most. The usual number is that of the layers, twice.
const MAX_TRIES: usize = 100_000;
/// Layers with weights, at most: the search goes as deep, and a browser gives a worker a megabyte of stack.
const MAX_LAYERS: usize = 500;

/// The places of a known model's weights in a file: those of one `Sequential`, unless they are elsewhere and in
/// one order alone.
pub fn places(root: &Group, model: &ModelSpec) -> Places {
    let own = weights::places(model);
    if weights::check(root, model, &own).is_ok() {
        return own;
    }
    find(root, model).filter(|found| weights::check(root, model, found).is_ok()).unwrap_or(own)
}

/// A layer's arrays in the file.
struct Found<'g> {
    /// In snake case; none of an activation, whose group does not say it.
    class: Option<&'g str>,
    extents: Vec<&'g [usize]>,
    place: Vec<String>,
}

enum Item<'g> {
    /// A layer, and behind it the one that is its activation.
    Layers(Vec<Found<'g>>),
    Model(Rows<'g>),
}

/// For each class its groups in their order.
type Rows<'g> = Vec<Vec<Item<'g>>>;

/// `conv2d_12` is the twelfth after the first `conv2d`.
fn numbered(name: &str) -> (&str, usize) {
    let split = name.rsplit_once('_').and_then(|(class, number)| Some((class, number.parse().ok()?)));
    split.unwrap_or((name, 0))
}

fn rows<'g>(layers: &'g Group, place: &[String]) -> Rows<'g> {
    let mut by_class: BTreeMap<&str, Vec<(usize, Item)>> = BTreeMap::new();
    for (name, node) in &layers.members {
        let Node::Group(group) = node else { continue };
        let (class, number) = numbered(name);
        let mut place = place.to_vec();
        place.extend(["layers".to_owned(), name.clone()]);
        let inner = tree::group_at(group, &["layers".to_owned()]);
        let item = match inner {
            Some(inner) => Item::Model(rows(inner, &place)),
            None => Item::Layers(layer(group, class, place)),
        };
        let is_empty = match &item {
            Item::Layers(layers) => layers.is_empty(),
            Item::Model(rows) => rows.is_empty(),
        };
        if !is_empty {
            by_class.entry(class).or_default().push((number, item));
        }
    }
    let in_order = |mut items: Vec<(usize, Item<'g>)>| {
        items.sort_by_key(|(number, _)| *number);
        items.into_iter().map(|(_, item)| item).collect()
    };
    by_class.into_values().map(in_order).collect()
}

fn layer<'g>(group: &'g Group, class: &'g str, place: Vec<String>) -> Vec<Found<'g>> {
    let extents = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        let arrays = tree::group_at(group, &path).map(tree::numbered).unwrap_or_default();
        // Of seeds, in files of Keras 2.
        let is_weight = |array: &&Array| !matches!(array.values, Values::I64(_));
        arrays.into_iter().filter(is_weight).map(|array| array.extents.as_slice()).collect()
    };
    let behind = [place.as_slice(), &["activation".to_owned()]].concat();
    let own = Found { class: Some(class), extents: extents(&["vars"]), place };
    let behind = Found { class: None, extents: extents(&["activation", "vars"]), place: behind };
    [own, behind].into_iter().filter(|found| !found.extents.is_empty()).collect()
}

/// A layer of the model that has weights.
struct Wanted {
    layer: usize,
    class: String,
    extents: Vec<Vec<usize>>,
}

impl Wanted {
    fn is(&self, found: &Found) -> bool {
        found.class.is_none_or(|class| class == self.class) && found.extents == self.extents
    }
}

fn find(root: &Group, model: &ModelSpec) -> Option<Places> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for param in model.params().ok()? {
        if wanted.last().is_none_or(|last| last.layer != param.layer) {
            let class = snake_case(model.layers.get(param.layer)?.class_name());
            wanted.push(Wanted { layer: param.layer, class, extents: Vec::new() });
        }
        wanted.last_mut()?.extents.push(param.spec.extents);
    }
    if wanted.len() > MAX_LAYERS {
        return None;
    }
    let rows = rows(tree::group_at(root, &["layers".to_owned()])?, &[]);
    let mut search = Search {
        wanted: &wanted,
        open: vec![Open::of(&rows)],
        taken: Vec::new(),
        orders: Vec::new(),
        tries: 0,
    };
    search.go_on();
    if search.tries > MAX_TRIES || search.orders.len() != 1 {
        return None;
    }
    // Nothing lies directly in `layers`.
    let mut places = vec![vec!["layers".to_owned()]; model.layers.len()];
    for (wanted, place) in wanted.iter().zip(search.orders.pop()?) {
        places[wanted.layer] = place;
    }
    Some(places)
}

/// A model whose layers are being placed, and how many of each row are.
struct Open<'s> {
    rows: &'s Rows<'s>,
    done: Vec<usize>,
}

impl<'s> Open<'s> {
    fn of(rows: &'s Rows<'s>) -> Self {
        Self { rows, done: vec![0; rows.len()] }
    }
}

struct Search<'s> {
    wanted: &'s [Wanted],
    /// The innermost last.
    open: Vec<Open<'s>>,
    taken: Vec<&'s Found<'s>>,
    /// Two say as much as more.
    orders: Vec<Vec<Vec<String>>>,
    tries: usize,
}

impl<'s> Search<'s> {
    /// Places what comes next in every way, and leaves all as it was.
    fn go_on(&mut self) {
        let Some(open) = self.open.last() else {
            if self.taken.len() == self.wanted.len() {
                self.orders.push(self.taken.iter().map(|found| found.place.clone()).collect());
            }
            return;
        };
        let rows = open.rows;
        let mut is_done = true;
        for (row, items) in rows.iter().enumerate() {
            let Some(item) = self.open.last().and_then(|open| items.get(*open.done.get(row)?)) else {
                continue;
            };
            is_done = false;
            self.tries += 1;
            if self.tries > MAX_TRIES || self.orders.len() > 1 {
                return;
            }
            self.step(row, item);
        }
        if is_done && let Some(open) = self.open.pop() {
            self.go_on();
            self.open.push(open);
        }
    }

    fn step(&mut self, row: usize, item: &'s Item<'s>) {
        let level = self.open.len() - 1;
        match item {
            Item::Layers(layers) => {
                let next = self.wanted.get(self.taken.len()..).unwrap_or_default();
                if next.len() < layers.len()
                    || !next.iter().zip(layers).all(|(wanted, found)| wanted.is(found))
                {
                    return;
                }
                let before = self.taken.len();
                self.taken.extend(layers);
                self.open[level].done[row] += 1;
                self.go_on();
                self.taken.truncate(before);
            }
            Item::Model(rows) => {
                self.open[level].done[row] += 1;
                self.open.push(Open::of(rows));
                self.go_on();
                self.open.pop();
            }
        }
        self.open[level].done[row] -= 1;
    }
}

#[cfg(test)]
#[path = "nested_tests.rs"]
mod tests;
