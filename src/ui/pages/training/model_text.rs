//! A network in an address: the JSON of its layers with only what is not as always.
//!
//! `["Flatten",{"Dense":{"units":10,"activation":"softmax"}}]` for images of 28 × 28; for others
//! `{"input_shape":[32,32,3],"layers":[…]}`.

use serde_json::{Value, json};

use super::job::model_named;
use crate::engine::layers::LayerSpec;
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;
use crate::ui::arguments::{Family, compact, expand, to_value};

/// Layers of a network, at most: beyond that a page of cards is no help any more.
pub const MAX_LAYERS: usize = 64;
/// Bytes of the text, at most; browsers take longer addresses than this.
pub(super) const MAX_BYTES: usize = 24_000;
/// Axes of an input, at most.
const MAX_AXES: usize = 8;

fn usual_input() -> Shape {
    Shape::from([28, 28, 1])
}

/// The text of a network.
pub fn model_to_text(model: &ModelSpec) -> String {
    let layers: Vec<Value> =
        model.layers.iter().map(|layer| compact(Family::Layer, &to_value(layer))).collect();
    if model.input_shape == usual_input() {
        Value::from(layers).to_string()
    } else {
        json!({ "input_shape": model.input_shape.0, "layers": layers }).to_string()
    }
}

/// The network of a text; nothing if it is no network or a monstrous one. Whether its layers fit is said
/// where it is built.
pub fn model_from_text(text: &str) -> Option<ModelSpec> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (input_shape, layers) = match serde_json::from_str(text).ok()? {
        Value::Array(layers) => (usual_input(), layers),
        Value::Object(mut model) => {
            let input_shape: Shape = serde_json::from_value(model.remove("input_shape")?).ok()?;
            let Value::Array(layers) = model.remove("layers")? else { return None };
            (input_shape, layers)
        }
        _ => return None,
    };
    if layers.len() > MAX_LAYERS || input_shape.rank() > MAX_AXES {
        return None;
    }
    let read = |layer| serde_json::from_value(expand(layer)).ok();
    let layers: Vec<LayerSpec> = layers.into_iter().map(read).collect::<Option<_>>()?;
    Some(model_named(input_shape, layers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;

    #[test]
    fn every_network_survives() {
        for preset in Preset::ALL {
            let model = preset.spec();
            assert_eq!(model_from_text(&model_to_text(&model)), Some(model));
        }
        let all = ModelSpec {
            name: "sequential".to_owned(),
            input_shape: Shape::from([9, 9, 3]),
            layers: LayerSpec::palette(),
        };
        assert_eq!(model_from_text(&model_to_text(&all)), Some(all));
        let none =
            ModelSpec { layers: Vec::new(), name: "sequential".to_owned(), input_shape: usual_input() };
        assert_eq!(model_to_text(&none), "[]");
        assert_eq!(model_from_text("[]"), Some(none));
    }

    #[test]
    fn only_what_differs_is_written() {
        let text = r#"["Flatten",{"Dense":{"activation":"relu","units":128}},{"Dense":{"activation":"softmax","units":10}}]"#;
        assert_eq!(model_to_text(&Preset::Mlp.spec()), text);
    }

    #[test]
    fn nonsense_is_no_network() {
        let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
        let long = format!("[{}\"Flatten\"]", "\"Flatten\",".repeat(MAX_LAYERS));
        let huge = format!("[\"{}\"]", "x".repeat(MAX_BYTES));
        for text in [
            "",
            "mlp",
            "null",
            "[1]",
            "[\"VGG\"]",
            "[{\"Dense\":{\"units\":-1}}]",
            "[{\"Dense\":{\"units\":1e300}}]",
            "[{\"Dense\":{},\"Flatten\":{}}]",
            "[{}]",
            "[null]",
            "{\"layers\":[]}",
            "{\"input_shape\":[28],\"layers\":{}}",
            "{\"input_shape\":[1,1,1,1,1,1,1,1,1],\"layers\":[]}",
            &deep,
            &long,
            &huge,
        ] {
            assert_eq!(model_from_text(text), None, "{}", &text[..text.len().min(40)]);
        }
    }

    #[test]
    fn sizes_beyond_all_memory_are_read_and_then_refused() {
        let text = r#"[{"Dense":{"units":18446744073709551615}},{"Conv2D":{"filters":4294967295}}]"#;
        let model = model_from_text(text).unwrap();
        assert!(model.validate().is_err());
        let input = r#"{"input_shape":[4294967295,4294967295,4294967295],"layers":["Flatten"]}"#;
        assert!(model_from_text(input).unwrap().validate().is_err());
    }
}
