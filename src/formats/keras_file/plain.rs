//! What Keras wraps values in when it saves them, taken off again: tuples, arrays, functions and policies of
//! numbers are objects there.

use serde_json::{Map, Value};

/// What an object says besides its class and its arguments, and what does not change what it is.
const BESIDES: [&str; 3] = ["module", "registered_name", "shared_object_id"];

/// Takes the wrappings off `value` and all that is in it.
pub fn unwrap(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unwrap),
        Value::Object(object) => {
            object.values_mut().for_each(unwrap);
            if let Some(plain) = plain(object) {
                *value = plain;
            }
        }
        _ => {}
    }
}

/// The value that an object stands for; if it is a class, what besides is there is taken out.
fn plain(object: &mut Map<String, Value>) -> Option<Value> {
    let class = object.get("class_name")?.as_str()?.to_owned();
    let config = |key: &str, object: &mut Map<String, Value>| {
        object.get_mut("config").and_then(|config| config.get_mut(key)).map(Value::take)
    };
    match class.as_str() {
        "__tuple__" | "__list__" => object.get_mut("items").map(Value::take),
        "__numpy__" | "__tensor__" => config("value", object),
        // Random numbers that a user shares between layers; here each layer has its own, with that seed.
        "SeedGenerator" => config("seed", object),
        // A function of Keras's is named as its class is; one of a user's has a package before its name.
        "function" => object.get_mut("config").map(Value::take).filter(Value::is_string),
        _ if class.ends_with("DTypePolicy") || matches!(class.as_str(), "Policy" | "DTypePolicyMap") => {
            Some(config("name", object).unwrap_or(Value::String(class)))
        }
        _ => {
            if let Some(own) = of_users(&class, object) {
                object.insert("class_name".to_owned(), Value::String(own));
            }
            for key in BESIDES {
                object.remove(key);
            }
            // `Custom>Dense` is the user's own class and stays unknown; of Keras's packages the class counts.
            if let Some((package, name)) = class.rsplit_once('>')
                && (package.starts_with("keras") || package == "Keras")
            {
                let name = Value::String(name.to_owned());
                object.insert("class_name".to_owned(), name);
            }
            None
        }
    }
}

/// The name of a class that comes from no package of Keras's: `Dense` of a user's own is another layer.
fn of_users(class: &str, object: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let (module, registered) = (text("module")?, text("registered_name"));
    let root = module.split('.').next().unwrap_or_default();
    if matches!(root, "keras" | "tf_keras" | "tensorflow" | "builtins") {
        return None;
    }
    Some(
        registered
            .filter(|name| name.contains('>'))
            .map_or_else(|| format!("{module}>{class}"), str::to_owned),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrappings_come_off() {
        let cases = [
            (json!({ "class_name": "__tuple__", "items": [1, 2] }), json!([1, 2])),
            (
                json!({ "class_name": "__numpy__", "config": { "value": [1.5], "dtype": "float32" } }),
                json!([1.5]),
            ),
            (
                json!({ "module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function" }),
                json!("relu"),
            ),
            (
                json!({ "module": "keras", "class_name": "DTypePolicy", "config": { "name": "float32" } }),
                json!("float32"),
            ),
            (
                json!({ "a": [{ "class_name": "HeNormal", "module": "keras.initializers", "registered_name": null, "config": { "seed": null } }] }),
                json!({ "a": [{ "class_name": "HeNormal", "config": { "seed": null } }] }),
            ),
            (
                json!({ "class_name": "Custom>Dense", "config": {} }),
                json!({ "class_name": "Custom>Dense", "config": {} }),
            ),
            (
                json!({ "module": "mine", "class_name": "Dense", "registered_name": "own>Dense", "config": {} }),
                json!({ "class_name": "own>Dense", "config": {} }),
            ),
            (
                json!({ "module": "__main__", "class_name": "Dense", "registered_name": "Dense", "config": {} }),
                json!({ "class_name": "__main__>Dense", "config": {} }),
            ),
            (
                json!({ "module": "keras.random", "class_name": "SeedGenerator", "config": { "name": "s", "seed": 7 } }),
                json!(7),
            ),
            (
                json!({ "class_name": "keras>Dense", "config": {} }),
                json!({ "class_name": "Dense", "config": {} }),
            ),
        ];
        for (mut given, expected) in cases {
            unwrap(&mut given);
            assert_eq!(given, expected);
        }
    }
}
