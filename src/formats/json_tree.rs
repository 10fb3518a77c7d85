//! How much memory a JSON text takes as a tree of values: many times its own length, so it is estimated before the
//! text is parsed. What is made of the tree is counted while it is made.

use serde_json::Value;

use crate::engine::callbacks::CallbackSpec;
use crate::engine::layers::LayerSpec;
use crate::engine::metrics::MetricSpec;

/// Reading a file takes at most so many times its length of memory, and [`SLACK`].
const TIMES: usize = 4;
/// A model of two hundred layers in Keras's words may be packed into ten kilobytes and is a megabyte as a tree of values;
/// what is made of it takes half as much. Half a megabyte is left for all else.
const SLACK: usize = 3 << 19;

/// A node of the B-tree that an object's entries lie in: eleven of them at most, behind its parent and two counts.
const LEAF: usize = 16 + 11 * (size_of::<String>() + size_of::<Value>());
/// A node above others.
const INNER: usize = LEAF + 12 * size_of::<usize>();
/// Entries in a node, at most and, where there are several nodes, at least.
const FULL: usize = 11;
const HALF: usize = 5;
/// A list begins with as many places and grows to twice its length.
const FIRST_PLACES: usize = 4;
/// The largest member of a run's lists.
const SPEC: usize = {
    let sizes = [size_of::<LayerSpec>(), size_of::<MetricSpec>(), size_of::<CallbackSpec>()];
    let larger = if sizes[0] > sizes[1] { sizes[0] } else { sizes[1] };
    if larger > sizes[2] { larger } else { sizes[2] }
};
/// What checking a layer takes beside it.
const FOLLOWS: usize = 64;
/// A weight of a class, in a node of a B-tree.
const CLASS: usize = 32;
/// A number in a list that grows by doubling.
const NUMBER: usize = 3 * size_of::<f64>();
/// Values within each other that serde_json follows.
const MAX_DEPTH: usize = 128;
/// Longer texts are counted [`COPIES`] times: they come back in errors, where each letter may be shown as six or eight.
const LONG: usize = 256;
const COPIES: usize = 24;

/// What descriptions in a file of `len` bytes may take, with all that is made of them while other things of the file are
/// not in memory.
pub fn fair_memory(len: usize) -> usize {
    len.saturating_mul(TIMES).saturating_add(SLACK)
}

/// What a text of so many bytes takes, with copies of it.
pub fn text_bytes(len: usize) -> usize {
    if len > LONG { len.saturating_mul(COPIES) } else { len }
}

/// What an object takes when it gets the last of `entries`, without its keys and values.
pub fn entry_bytes(entries: usize) -> usize {
    match entries {
        1 => LEAF,
        2..=FULL => 0,
        _ if entries == FULL + 1 => LEAF + INNER,
        _ if (entries - FULL).is_multiple_of(HALF) => LEAF + INNER / HALF,
        _ => 0,
    }
}

/// What a list takes when it gets the last of `items`.
fn item_bytes(items: usize) -> usize {
    match items {
        1 => FIRST_PLACES * size_of::<Value>(),
        _ if items > FIRST_PLACES && (items - 1).is_power_of_two() => (items - 1) * size_of::<Value>(),
        _ => 0,
    }
}

/// A list or an object that is open.
#[derive(Clone, Copy)]
struct Open {
    is_object: bool,
    /// Entries or items so far.
    count: usize,
    /// Whether an item is expected: after the bracket or a comma.
    is_next: bool,
}

/// An estimate from above of the memory that a text takes as a tree of values while it is parsed.
pub fn tree_bytes(text: &[u8]) -> usize {
    estimates(text).0
}

/// As [`tree_bytes`], with the texts and numbers of it that are copied into specs.
pub fn tree_and_copies_bytes(text: &[u8]) -> usize {
    let (tree, copies) = estimates(text);
    tree.saturating_add(copies)
}

/// Of the tree, and of texts and numbers that are not in it.
fn estimates(text: &[u8]) -> (usize, usize) {
    let (mut tree, mut copies, mut growing) = (0_usize, 0_usize, 0);
    let mut open: Vec<Open> = Vec::new();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if let Some(last) = open.last_mut().filter(|last| last.is_next && !last.is_object)
            && !byte.is_ascii_whitespace()
            && *byte != b']'
        {
            last.is_next = false;
            last.count += 1;
            let taken = item_bytes(last.count);
            tree += taken;
            // While a list grows, its old place is there, too; one list at a time does.
            growing = growing.max(taken);
            copies += if matches!(byte, b'[' | b'{') { 0 } else { NUMBER };
        }
        match byte {
            b'{' | b'[' if open.len() == MAX_DEPTH => break,
            b'{' | b'[' => open.push(Open { is_object: *byte == b'{', count: 0, is_next: true }),
            b'}' | b']' => drop(open.pop()),
            b',' => {
                if let Some(last) = open.last_mut() {
                    last.is_next = true;
                }
            }
            b':' => {
                if let Some(last) = open.last_mut() {
                    last.count += 1;
                    tree += entry_bytes(last.count);
                }
            }
            b'"' => {
                let rest = bytes.as_slice();
                let len = len_of_text(rest);
                tree += text_bytes(len);
                bytes = rest.get(len + 1..).unwrap_or_default().iter();
                copies += copied_bytes(&rest[..len], bytes.as_slice());
            }
            _ => {}
        }
    }
    (tree + growing + MAX_DEPTH * size_of::<Open>(), copies)
}

/// What of a text is in specs, too: its letters; of a key nothing, unless it is the number of a class.
fn copied_bytes(text: &[u8], behind: &[u8]) -> usize {
    match behind.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b':') if text.first().is_some_and(u8::is_ascii_digit) => CLASS,
        Some(b':') => 0,
        _ => text.len(),
    }
}

/// What a tree of values takes, from above.
pub fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text_bytes(text.len()),
        Value::Array(items) => {
            items.capacity() * size_of::<Value>() + items.iter().map(value_bytes).sum::<usize>()
        }
        Value::Object(members) => {
            let nodes: usize = (1..=members.len()).map(entry_bytes).sum();
            nodes
                + members.iter().map(|(key, value)| text_bytes(key.len()) + value_bytes(value)).sum::<usize>()
        }
    }
}

/// An estimate from above of the memory that a text takes as specs, which are read without a tree: members of lists that
/// have a name or arguments are layers, metrics or callbacks, others are numbers.
pub fn spec_bytes(text: &[u8]) -> usize {
    let (mut total, mut growing) = (0_usize, 0);
    // Members of the lists that are open: specs, and numbers. An object is open with none.
    let mut open: Vec<[usize; 2]> = Vec::new();
    let mut before = b' ';
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        let mut is_member = matches!(before, b'[' | b',');
        let mut is_spec = *byte == b'{';
        if *byte == b'"' {
            let rest = bytes.as_slice();
            let len = len_of_text(rest);
            bytes = rest.get(len + 1..).unwrap_or_default().iter();
            let is_key = bytes.as_slice().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
            // Keys are kept where they are numbers, of classes.
            let is_kept = !is_key || rest.first().is_some_and(u8::is_ascii_digit);
            total += if is_kept || len > LONG { CLASS + text_bytes(len) } else { 0 };
            is_member &= !is_key;
            is_spec = !is_key;
        }
        if is_member && let Some(list) = open.last_mut() {
            let (kind, size) = if is_spec { (0, SPEC) } else { (1, size_of::<f64>()) };
            list[kind] += 1;
            // What follows from a layer: its shape, and where its parameters lie.
            total += if is_spec { FOLLOWS } else { 0 };
            let taken = item_bytes(list[kind]) / size_of::<Value>() * size;
            total += taken;
            growing = growing.max(taken);
        }
        match byte {
            b'{' | b'[' if open.len() == MAX_DEPTH => break,
            b'{' | b'[' => open.push([0; 2]),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
        before = *byte;
    }
    total + growing + MAX_DEPTH * size_of::<[usize; 2]>()
}

/// The bytes up to the quotes that end a text.
fn len_of_text(rest: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = rest.iter().position(|byte| {
        let is_end = !is_escaped && *byte == b'"';
        is_escaped = !is_escaped && *byte == b'\\';
        is_end
    });
    end.unwrap_or(rest.len())
}

/// Memory that may still be taken.
#[derive(Debug)]
pub struct Budget {
    max: usize,
    left: usize,
}

/// More memory would have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch {
    /// In bytes.
    pub max: usize,
    /// What was needed, so far.
    pub got: usize,
}

impl Budget {
    /// Of so many bytes.
    pub fn new(max: usize) -> Self {
        Self { max, left: max }
    }

    /// Before `bytes` are taken.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn take(&mut self, bytes: usize) -> Result<(), TooMuch> {
        let needed = self.taken().saturating_add(bytes);
        self.left = self.left.checked_sub(bytes).ok_or(TooMuch { max: self.max, got: needed })?;
        Ok(())
    }

    /// After `bytes` were given back.
    pub fn give_back(&mut self, bytes: usize) {
        self.left = self.left.saturating_add(bytes).min(self.max);
    }

    /// Bytes that may still be taken.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Bytes that are taken.
    pub fn taken(&self) -> usize {
        self.max - self.left
    }
}

#[cfg(test)]
mod tests {
    use allocation_counter::measure;

    use super::*;

    fn list(item: &str, count: usize) -> String {
        format!("[{}1]", format!("{item},").repeat(count))
    }

    fn taken(text: &str) -> u64 {
        let mut value = Value::Null;
        measure(|| value = serde_json::from_str(text).unwrap_or_default()).bytes_max
    }

    #[test]
    fn a_tree_takes_no_more_than_estimated() {
        let layer = r#"{"class_name":"Dense","config":{"units":3,"name":"dense","activation":null}}"#;
        let items =
            ["1", "[]", "{}", "[ ]", "[1]", r#"{"":1}"#, r#"["\"{[,"]"#, r#""\\""#, "\"a\\u0041\"", layer];
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000, 1024, 1025, 3000] {
            let entries = |key: &dyn Fn(usize) -> usize| {
                let entries: Vec<String> = (0..count).map(|idx| format!(r#""{}":{idx}"#, key(idx))).collect();
                format!("{{{}}}", entries.join(","))
            };
            let mut texts: Vec<String> = items.iter().map(|item| list(item, count)).collect();
            // In order, backwards, and from both ends.
            texts.push(entries(&|idx| 10_000 + idx));
            texts.push(entries(&|idx| 90_000 - idx));
            texts.push(entries(&|idx| if idx % 2 == 0 { 10_000 + idx } else { 90_000 - idx }));
            texts.push(entries(&|idx| (idx * 7_919) % 10_007));
            texts.push(list(&list("1", count), 3));
            texts.push(format!("{}{}", "[".repeat(count), "]".repeat(count)));
            texts.push(format!("{}1", r#"{"a":"#.repeat(count)));
            texts.push(format!("\"{}\"", "\\n".repeat(count)));
            for text in texts {
                let (taken, estimate) = (taken(&text), tree_bytes(text.as_bytes()));
                let begin: String = text.chars().take(40).collect();
                assert!(
                    taken <= estimate as u64,
                    "{taken} bytes for {count} of {begin}…, estimated {estimate}"
                );
            }
        }
    }

    #[test]
    fn the_estimate_is_no_more_than_half_again() {
        let run = crate::engine::spec::RunSpec::new(crate::engine::presets::Preset::Lenet5.spec());
        let layer = r#"{"class_name":"Dense","config":{"units":3,"name":"dense","activation":null}}"#;
        for text in [crate::formats::run_json::write_run(&run), list(layer, 999)] {
            let (taken, estimate) = (taken(&text) as usize, tree_bytes(text.as_bytes()));
            assert!(estimate <= taken + taken / 2 + 10_000, "{taken} bytes, estimated {estimate}");
        }
    }

    #[test]
    fn what_is_given_back_may_be_taken_again() {
        let mut budget = Budget::new(10);
        assert_eq!((budget.take(7), budget.taken()), (Ok(()), 7));
        assert_eq!(budget.take(4), Err(TooMuch { max: 10, got: 11 }));
        budget.give_back(9);
        assert_eq!((budget.taken(), budget.take(10)), (0, Ok(())));
    }
}
