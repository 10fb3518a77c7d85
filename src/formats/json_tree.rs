//! How much memory a JSON text takes as a tree of values: many times its own length, so it is estimated before the
//! text is parsed.

/// An object's entries lie in nodes of a B-tree, which are this large with a single entry in them.
const OBJECT: usize = 700;
/// A further entry or item: itself in a list that may have grown to twice what it needs, or in a node that is half full.
const ITEM: usize = 128;
/// A text of its own.
const TEXT: usize = 32;
/// The tree of a description of five thousand layers.
const MOST: usize = 32 << 20;

/// What the descriptions in a file of `len` bytes may take as trees. Layers without weights take least of the file beside
/// their description, and their trees ten times the file; some trees follow from each other while they are read. Where
/// files are large, so are their weights and not their descriptions: then it is what arrays may take, and [`MOST`].
pub fn fair_tree(len: usize) -> usize {
    len.saturating_mul(24).saturating_add(1 << 20).min(len.saturating_mul(4).saturating_add(MOST))
}

/// An estimate from above.
pub fn tree_bytes(text: &[u8]) -> usize {
    let (mut total, mut is_text, mut is_escaped) = (text.len(), false, false);
    for byte in text {
        if is_text {
            is_text = is_escaped || *byte != b'"';
            is_escaped = !is_escaped && *byte == b'\\';
            continue;
        }
        total += match byte {
            b'{' => OBJECT,
            b'[' | b',' => ITEM,
            b'"' => {
                is_text = true;
                TEXT
            }
            _ => 0,
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use allocation_counter::measure;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_tree_takes_no_more_than_estimated() {
        let list = |item: &str| format!("[{}1]", format!("{item},").repeat(1000));
        let entries: Vec<String> = (0..1000).map(|idx| format!(r#""{idx}":{idx}"#)).collect();
        let texts = [
            list("1"),
            list("[]"),
            list("{}"),
            list(r#"{"":1}"#),
            list(r#"["\"{[,"]"#),
            list(r#"{"class_name":"Dense","config":{"units":3,"name":"dense","activation":null}}"#),
            format!("{{{}}}", entries.join(",")),
        ];
        for text in texts {
            let mut value = Value::Null;
            let taken = measure(|| value = serde_json::from_str(&text).unwrap()).bytes_max;
            let estimate = tree_bytes(text.as_bytes());
            assert!(taken <= estimate as u64, "{taken} bytes for {}…, estimated {estimate}", &text[..40]);
        }
        assert_eq!(tree_bytes(br#""\\""#), 4 + TEXT);
    }
}
