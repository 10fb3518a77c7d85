//! `manifest.json` by the browser's own parser: another one would be one part in thirty-six of this program. What is
//! refused and what comes out are the same as with [`Manifest::parse`]; the browser tests hold the two together.

use js_sys::{Array, JSON, Number, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::data::{DataError, DatasetId, Manifest, ManifestError, ShardEntry, SplitManifest};

/// As [`Manifest::parse_for`].
///
/// # Errors
/// Likewise.
pub fn parse_for(id: DatasetId, json: &[u8]) -> Result<Manifest, DataError> {
    Manifest::checked_for(id, parse(json))
}

fn parse(json: &[u8]) -> Result<Manifest, ManifestError> {
    let text = std::str::from_utf8(json).map_err(|error| syntax(error.to_string()))?;
    let value = JSON::parse(text).map_err(|error| syntax(format!("{error:?}")))?;
    let manifest = read(&value).map_err(syntax)?;
    manifest.validate()?;
    Ok(manifest)
}

fn syntax(detail: String) -> ManifestError {
    ManifestError::Syntax { detail }
}

fn read(value: &JsValue) -> Result<Manifest, String> {
    let record = Record::of(value, 10)?;
    let extents = record.list("image_shape", |extent| whole(extent).ok_or("an extent"))?;
    let class = |class: &JsValue| class.as_string().ok_or("the name of a class");
    Ok(Manifest {
        version: u32::try_from(record.number("version")?).map_err(|_| "version")?,
        id: record.text("id")?.parse().map_err(|_| "id")?,
        title: record.text("title")?,
        image_shape: extents.try_into().map_err(|_| "image_shape")?,
        classes: record.list("classes", class)?,
        train: split(&record.get("train")?)?,
        test: split(&record.get("test")?)?,
        licence: record.text("licence")?,
        citation: record.text("citation")?,
        source: record.text("source")?,
    })
}

fn split(value: &JsValue) -> Result<SplitManifest, String> {
    let record = Record::of(value, 2)?;
    Ok(SplitManifest { count: record.number("count")?, shards: record.list("shards", shard)? })
}

fn shard(value: &JsValue) -> Result<ShardEntry, String> {
    let record = Record::of(value, 5)?;
    Ok(ShardEntry {
        file: record.text("file")?,
        first: record.number("first")?,
        count: record.number("count")?,
        bytes: record.number("bytes")?,
        sha256: record.text("sha256")?,
    })
}

/// A whole number that an index can be.
fn whole(value: &JsValue) -> Option<usize> {
    let number = value.as_f64().filter(|_| Number::is_safe_integer(value))?;
    (0.0..=usize::MAX as f64).contains(&number).then_some(number as usize)
}

/// An object of JSON.
struct Record<'a>(&'a JsValue);

impl<'a> Record<'a> {
    /// With so many fields and no more.
    fn of(value: &'a JsValue, fields: u32) -> Result<Self, String> {
        match value.dyn_ref::<Object>().map(|object| Object::keys(object).length()) {
            Some(got) if got == fields => Ok(Self(value)),
            got => Err(format!("{got:?} fields where {fields} were expected")),
        }
    }

    fn get(&self, name: &str) -> Result<JsValue, String> {
        Reflect::get(self.0, &name.into()).map_err(|_| name.to_owned())
    }

    fn text(&self, name: &str) -> Result<String, String> {
        self.get(name)?.as_string().ok_or_else(|| name.to_owned())
    }

    fn number(&self, name: &str) -> Result<usize, String> {
        whole(&self.get(name)?).ok_or_else(|| name.to_owned())
    }

    fn list<T, E: ToString>(
        &self,
        name: &str,
        item: impl Fn(&JsValue) -> Result<T, E>,
    ) -> Result<Vec<T>, String> {
        let items: Array = self.get(name)?.dyn_into().map_err(|_| name.to_owned())?;
        items.iter().map(|it| item(&it).map_err(|error| format!("{name}: {}", error.to_string()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const MNIST: &str = include_str!("../../www/data/mnist/manifest.json");
    const FASHION: &str = include_str!("../../www/data/fashion-mnist/manifest.json");

    #[wasm_bindgen_test]
    fn both_parsers_read_the_same() {
        for (id, text) in [(DatasetId::Mnist, MNIST), (DatasetId::FashionMnist, FASHION)] {
            let read = parse_for(id, text.as_bytes());
            assert!(read.is_ok());
            assert_eq!(read, Manifest::parse_for(id, text.as_bytes()));
        }
        assert!(matches!(
            parse_for(DatasetId::Mnist, FASHION.as_bytes()),
            Err(DataError::WrongDataset { .. })
        ));
    }

    #[wasm_bindgen_test]
    fn both_parsers_refuse_the_same() {
        let changed = [
            ("\"title\"", "\"name\""),
            ("\"version\": 1", "\"version\": 2"),
            ("\"version\": 1", "\"version\": -1"),
            ("\"version\": 1", "\"version\": 1.5"),
            ("\"version\": 1", "\"version\": \"1\""),
            ("\"version\": 1", "\"version\": 1, \"more\": 2"),
            ("\"id\": \"mnist\"", "\"id\": \"letters\""),
            ("28,", "28, 28,"),
            ("28,", "99999999999999999999,"),
            ("\"first\": 0", "\"first\": null"),
            ("\"first\": 0", "\"first\": 7"),
            ("\"shards\": [", "\"shards\": [1, "),
            ("{", "["),
            ("{", ""),
        ];
        for (old, new) in changed {
            let text = MNIST.replacen(old, new, 1);
            assert_ne!(text, MNIST, "{old} is in the file");
            let [here, there] =
                [parse(text.as_bytes()), Manifest::parse(text.as_bytes())].map(|read| match read {
                    Err(ManifestError::Syntax { .. }) => "syntax".to_owned(),
                    read => format!("{read:?}"),
                });
            assert_eq!(here, there, "{old} as {new}");
        }
        for bytes in [&b""[..], b"<!doctype html>", b"null", b"1", b"[]", b"\xff"] {
            assert!(matches!(parse(bytes), Err(ManifestError::Syntax { .. })));
            assert!(matches!(Manifest::parse(bytes), Err(ManifestError::Syntax { .. })));
        }
    }
}
