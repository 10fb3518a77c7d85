//! What the page shows of a network, as texts.

use super::state::{NetworkState, Place};
use crate::engine::layers::LayerDef;
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;
use crate::ui::locale::Language;

/// A shape as people write it: `28 × 28 × 6`.
pub fn shape_text(shape: &Shape) -> String {
    shape.0.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// Bytes as megabytes, with two digits that mean something.
pub fn mega_bytes(language: Language, bytes: f64) -> String {
    let mega = bytes / 1e6;
    let decimals = if mega >= 10.0 {
        0
    } else if mega >= 1.0 {
        1
    } else {
        2
    };
    language.decimal(mega, decimals)
}

/// Operations in millions, with two digits that mean something.
pub fn flop(language: Language, flop: f64) -> String {
    mega_bytes(language, flop)
}

/// The layers as a table for a spreadsheet.
pub fn to_csv(model: &ModelSpec, state: &NetworkState) -> String {
    let mut out = String::from("layer,class,output_shape,parameters,trainable,batch_bytes\n");
    for ((name, layer), place) in state.names.iter().zip(&model.layers).zip(&state.places) {
        let line = match place {
            Place::Fits(facts) => format!(
                "{name},{},{},{},{},{}\n",
                layer.class_name(),
                facts.output.0.iter().map(usize::to_string).collect::<Vec<_>>().join("x"),
                facts.num_params,
                facts.num_trainable,
                facts.memory
            ),
            Place::Mistake(_) | Place::Waiting => format!("{name},{},,,,\n", layer.class_name()),
        };
        out.push_str(&line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;

    #[test]
    fn numbers_are_those_that_people_say() {
        assert_eq!(shape_text(&Shape::from([28, 28, 6])), "28 × 28 × 6");
        assert_eq!(mega_bytes(Language::En, 1_204_224.0), "1.2");
        assert_eq!(mega_bytes(Language::Ru, 31_360.0), "0,03");
        assert_eq!(mega_bytes(Language::En, 123_456_789.0), "123");
        assert_eq!(flop(Language::En, 833_040.0), "0.83");
    }

    #[test]
    fn the_table_has_a_line_for_every_layer() {
        let mut model = Preset::Mlp.spec();
        let table = |model: &ModelSpec| to_csv(model, &NetworkState::of(model, 2));
        let expected = "layer,class,output_shape,parameters,trainable,batch_bytes\n\
                        flatten,Flatten,784,0,0,6272\n\
                        dense,Dense,128,100480,100480,1024\n\
                        dense_1,Dense,10,1290,1290,80\n";
        assert_eq!(table(&model), expected);
        model.input_shape = Shape::from([0]);
        assert!(table(&model).ends_with("dense_1,Dense,,,,\n"));
    }
}
