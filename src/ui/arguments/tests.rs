use serde_json::{Value, json};

use super::*;
use crate::engine::layers::LayerSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::ui::locale::Language;

/// Every argument of every class of every family, with a member that has it.
fn each(mut check: impl FnMut(Family, &Class, &Argument)) {
    for family in Family::ALL {
        for class in family.classes() {
            let all = arguments(family, &class.name);
            let names: Vec<&str> = all.iter().map(|argument| argument.name.as_str()).collect();
            let expected: Vec<&str> = class.arguments.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, expected, "{family:?} {}: a kind or a meaning is missing", class.name);
            for argument in &all {
                check(family, class, argument);
            }
        }
    }
}

/// The member of a class with one argument changed.
fn with(class: &Class, argument: &Argument, value: Value) -> Value {
    let mut spec = class.spec();
    set(&mut spec, &argument.name, value);
    spec
}

#[test]
fn every_argument_has_a_kind_and_its_words_in_the_locale() {
    let locale: Value = serde_json::from_str(include_str!("../../../www/locales/en/network.json")).unwrap();
    let mut used = Vec::new();
    each(|_, class, argument| {
        let text = &locale["argument"][argument.meaning];
        assert!(text.is_string(), "{}.{}: no words for {}", class.name, argument.name, argument.meaning);
        used.push(argument.meaning);
    });
    for key in MEANINGS {
        assert!(used.contains(key), "nothing is explained by {key}");
    }
    assert_eq!(locale["argument"].as_object().unwrap().len(), MEANINGS.len());
}

#[test]
fn kinds_take_what_specs_take() {
    each(|family, class, argument| {
        let reads = |value: Value| family.reads(&with(class, argument, value)).is_ok();
        let name = format!("{}.{}", class.name, argument.name);
        assert_eq!(reads(Value::Null), argument.optional || takes_null(&name), "{name}: None");
        match argument.kind {
            Kind::Flag => assert!(argument.default.is_boolean(), "{name}"),
            Kind::Numbers(layout, bounds) => {
                for edge in [bounds.min, bounds.max] {
                    let value = with_number(layout, bounds, &argument.default, 0, Some(edge));
                    assert!(reads(value.clone()), "{name}: {value}");
                }
                let given = numbers(&argument.default);
                assert!(given.len() == layout.len() || argument.optional, "{name}: {:?}", argument.default);
                assert!(given.iter().all(|number| bounds.allows(*number)), "{name}: {given:?}");
                let is_whole = bounds.decimals == 0;
                assert!(reads(with_number(layout, bounds, &Value::Null, 0, Some(1.0))), "{name}");
                // A field for whole numbers must not hide that the spec takes others.
                let half =
                    with_number(layout, FieldBounds { decimals: 1, ..bounds }, &Value::Null, 0, Some(0.5));
                assert_eq!(reads(half), !is_whole, "{name}: 0.5");
            }
            Kind::List { bounds, gaps } => {
                let all = list_from_text(bounds, gaps, "1; 1").unwrap();
                assert!(reads(all.clone()), "{name}: {all}");
                assert_eq!(reads(json!([null, 1])), gaps, "{name}: gaps");
            }
            Kind::Choice(names) => {
                for choice in names {
                    assert!(reads(json!(choice)), "{name}: {choice}");
                }
                // The spec's own list is in the words of its error.
                let error = family.reads(&with(class, argument, json!("?"))).unwrap_err().to_string();
                // One distribution has a second name.
                let known = error.split('`').skip(3).step_by(2).filter(|known| *known != "normal");
                let known: Vec<&str> = known.collect();
                assert_eq!(known, names, "{name}: {error}");
            }
            Kind::Text => assert!(reads(json!("some name")), "{name}"),
            Kind::Member(family) => {
                let members = family.classes().iter().filter_map(|class| family.member(&class.name));
                members.for_each(|member| assert!(reads(member.clone()), "{name}: {member}"));
            }
            Kind::Rate(_) => {
                let members = Family::Schedule.classes().iter().map(Class::spec);
                members.for_each(|member| assert!(reads(member.clone()), "{name}: {member}"));
                assert!(reads(json!(0.5)), "{name}");
            }
        }
    });
}

/// Lists for which `None` is the empty one.
fn takes_null(name: &str) -> bool {
    matches!(name, "AUC.thresholds" | "AUC.label_weights" | "Precision.thresholds" | "Recall.thresholds")
}

#[test]
fn a_member_of_every_class_is_read_as_it_was_saved() {
    for family in Family::ALL {
        for class in family.classes() {
            let member = family.member(&class.name).unwrap();
            assert!(family.reads(&member).is_ok(), "{member}");
            assert_eq!(class_of(&member), class.name);
        }
    }
    let saved = to_value(&LayerSpec::palette()[1]);
    assert_eq!((class_of(&saved), get(&saved, "strides")), ("Conv2D", Some(&json!([1, 1]))));
    assert_eq!(Some(saved), Family::Layer.member("Conv2D"));
}

#[test]
fn arguments_stand_in_kerass_order() {
    let names = |class| {
        let all = arguments(Family::Layer, class);
        all.into_iter().map(|argument| argument.name).collect::<Vec<_>>()
    };
    assert_eq!(names("Conv2D")[..5], ["filters", "kernel_size", "strides", "padding", "data_format"]);
    assert_eq!(names("Dropout"), ["rate", "noise_shape", "seed"]);
    assert_eq!(names("NoSuchLayer"), Vec::<String>::new());
}

#[test]
fn what_is_as_always_is_left_out_and_comes_back() {
    for preset in Preset::ALL {
        for layer in preset.spec().layers {
            let short = compact(Family::Layer, &to_value(&layer));
            assert_eq!(serde_json::from_value::<LayerSpec>(expand(short)).unwrap(), layer);
        }
    }
    let flatten = to_value(&LayerSpec::palette()[9]);
    assert_eq!(compact(Family::Layer, &flatten), json!("Flatten"));
    let text =
        r#"{"Dense": {"units": 3, "kernel_regularizer": {"L2": {"l2": 0.5}}, "bias_constraint": "NonNeg"}}"#;
    let dense: LayerSpec = serde_json::from_str(text).unwrap();
    let expected = json!({"Dense": {"units": 3, "kernel_regularizer": {"L2": {"l2": 0.5}}, "bias_constraint": "NonNeg"}});
    assert_eq!(compact(Family::Layer, &to_value(&dense)), expected);
}

#[test]
fn every_changed_argument_survives_being_made_shorter() {
    each(|family, class, argument| {
        let value = match argument.kind {
            Kind::Flag => json!(!argument.default.as_bool().unwrap()),
            Kind::Numbers(layout, bounds) => {
                with_number(layout, bounds, &argument.default, 0, Some(bounds.max))
            }
            Kind::List { bounds, gaps } => list_from_text(bounds, gaps, "1, 1").unwrap(),
            Kind::Choice(names) => json!(names[names.len() - 1]),
            Kind::Text => json!("x"),
            Kind::Member(family) => family.member(&family.classes().last().unwrap().name).unwrap(),
            Kind::Rate(_) => Family::Schedule.classes()[0].spec(),
        };
        let spec = with(class, argument, value);
        let short = expand(compact(family, &spec));
        let read = match family {
            Family::Layer => to_value(&serde_json::from_value::<LayerSpec>(short).unwrap()),
            Family::Optimizer => to_value(&serde_json::from_value::<OptimizerSpec>(short).unwrap()),
            // The others are read within these.
            _ => return,
        };
        assert_eq!(read, spec, "{}.{}", class.name, argument.name);
    });
}

#[test]
fn numbers_go_into_values_and_come_back() {
    let bounds = FieldBounds { min: 0.0, max: 9.0, step: 1.0, decimals: 0 };
    let pair = |value: &Value, idx, to| with_number(Layout::RowsColumns, bounds, value, idx, to);
    assert_eq!(pair(&json!([3, 4]), 1, Some(5.0)), json!([3, 5]));
    assert_eq!(pair(&Value::Null, 1, Some(5.0)), json!([5, 5]));
    assert_eq!(pair(&json!([3, 4]), 0, None), Value::Null);
    let border = with_number(Layout::Border, bounds, &json!([[1, 2], [3, 4]]), 2, Some(0.0));
    assert_eq!((numbers(&border), border), (vec![1.0, 2.0, 0.0, 4.0], json!([[1, 2], [0, 4]])));
}

#[test]
fn arrow_keys_count_up_and_down() {
    assert_eq!(["ArrowUp", "ArrowDown", "ArrowLeft"].map(counts_up), [Some(true), Some(false), None]);
}

#[test]
fn lists_are_typed_as_each_language_types_numbers() {
    let whole = FieldBounds { min: -1.0, max: 9.0, step: 1.0, decimals: 0 };
    let part = FieldBounds { min: 0.0, max: 1.0, step: 0.1, decimals: 3 };
    assert_eq!(list_from_text(whole, false, "(7, 7,1)"), Some(json!([7, 7, 1])));
    assert_eq!(list_from_text(whole, false, "7 10"), None);
    assert_eq!(list_from_text(whole, true, "None, 1"), Some(json!([null, 1])));
    assert_eq!(list_from_text(whole, false, "None"), None);
    for text in ["0,25; 0,5", "0.25, 0.5", "[0.25 0.5]"] {
        assert_eq!(list_from_text(part, false, text), Some(json!([0.25, 0.5])), "{text}");
    }
    assert_eq!(list_to_text(Language::Ru, part, &json!([0.25, 0.5])), "0,25; 0,5");
    assert_eq!(list_to_text(Language::En, whole, &json!([-1, null, 4])), "\u{2212}1, None, 4");
    assert_eq!(list_from_text(whole, true, "\u{2212}1, None, 4"), Some(json!([-1, null, 4])));
}

#[test]
fn defaults_are_written_as_in_python() {
    let default = |class: &str, name: &str| {
        let all = arguments(Family::Layer, class);
        let argument = all.into_iter().find(|argument| argument.name == name).unwrap();
        python(name, argument.kind, &argument.default)
    };
    assert_eq!(default("Conv2D", "strides"), "(1, 1)");
    assert_eq!(default("Conv2D", "padding"), "'valid'");
    assert_eq!(default("Conv2D", "kernel_initializer"), "GlorotUniform");
    assert_eq!(default("Dense", "activation"), "linear");
    assert_eq!(default("BatchNormalization", "momentum"), "0.99");
    assert_eq!(default("MaxPooling2D", "strides"), "None");
    assert_eq!(default("Dense", "use_bias"), "True");
    assert_eq!(
        (default("BatchNormalization", "axis"), default("Softmax", "axis")),
        ("-1".into(), "-1".into())
    );
}

#[test]
fn a_layer_is_told_in_one_line() {
    let told: Vec<String> =
        Preset::Lenet5.spec().layers.iter().map(|layer| brief(Family::Layer, &to_value(layer))).collect();
    assert_eq!(told[0], "filters=6, kernel_size=(5, 5), padding='same', activation='relu'");
    assert_eq!((told[1].as_str(), told[7].as_str()), ("", "units=10, activation='softmax'"));
    // One axis is a tuple too: `Reshape(784)` is no Keras.
    let reshape = json!({ "Reshape": { "target_shape": [784], "trainable": true } });
    assert_eq!(brief(Family::Layer, &reshape), "target_shape=(784,)");
}
