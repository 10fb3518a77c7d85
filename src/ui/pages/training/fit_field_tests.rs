use super::*;
use crate::ui::arguments::to_value;

fn accepted(field: FitField, text: &str) -> Option<FitSpec> {
    let mut fit = FitSpec::default();
    field.accept(text, &mut fit).then_some(fit)
}

#[test]
fn what_is_shown_is_read_back() {
    let texts = ["0.25", "3", "20", "7", "128", "[2, 5]"];
    for (field, text) in FitField::ALONE.into_iter().zip(texts) {
        let fit = accepted(field, text).unwrap();
        assert_ne!(fit, FitSpec::default(), "{field:?}");
        for language in Language::ALL {
            let shown = field.text(&fit, language);
            assert_eq!(accepted(field, &shown).as_ref(), Some(&fit), "{field:?}: {shown}");
        }
        assert_eq!(field.text(&fit, Language::En), text);
        assert!(!field.is_wrong(&fit));
        assert_eq!(FitField::named(field.name()), Some(field));
    }
    assert_eq!(accepted(FitField::StepsPerEpoch, "12345").unwrap().steps_per_epoch, Some(12_345));
    let weight = accepted(FitField::ClassWeight(3), "0,1").unwrap();
    assert_eq!(FitField::ClassWeight(3).text(&weight, Language::Ru), "0,1");
}

#[test]
fn every_argument_of_fit_has_a_control() {
    let names = to_value(&FitSpec::default());
    let elsewhere = ["batch_size", "epochs", "callbacks", "shuffle", "verbose", "class_weight"];
    for name in names.as_object().unwrap().keys() {
        assert!(elsewhere.contains(&name.as_str()) || FitField::named(name).is_some(), "{name}");
    }
}

#[test]
fn nothing_is_none_where_keras_has_none() {
    for field in FitField::all(2) {
        for text in ["", " ", "None"] {
            let mut fit = FitSpec::default();
            assert_eq!(field.accept(text, &mut fit), field.is_optional(), "{field:?}");
            assert_eq!(fit, FitSpec::default());
        }
        assert!(!field.is_wrong(&FitSpec::default()), "{field:?}");
    }
}

#[test]
fn what_is_no_value_changes_nothing() {
    for (field, text) in [
        (FitField::ValidationSplit, "1"),
        (FitField::ValidationSplit, "-0.1"),
        (FitField::ValidationSplit, "a tenth"),
        (FitField::InitialEpoch, "1.5"),
        (FitField::StepsPerEpoch, "0"),
        (FitField::ValidationSteps, "-1"),
        (FitField::ValidationBatchSize, "1e9"),
        (FitField::ValidationFreq, "0"),
        (FitField::ValidationFreq, "[0]"),
        (FitField::ValidationFreq, "[2, x]"),
        (FitField::ValidationFreq, "[2"),
        (FitField::ValidationFreq, "2 -3"),
        (FitField::ValidationFreq, "[99999999999999999999]"),
        (FitField::ClassWeight(0), "-1"),
        (FitField::ClassWeight(0), "inf"),
    ] {
        assert_eq!(accepted(field, text), None, "{field:?}: {text}");
    }
    let many = format!("[{}]", "1,".repeat(MOST_EPOCHS + 1));
    let long = format!("[{}]", " ".repeat(MAX_LETTERS));
    assert_eq!(accepted(FitField::ValidationFreq, &many), None);
    assert_eq!(accepted(FitField::ValidationFreq, &long), None);
}

#[test]
fn one_number_is_a_pace_and_several_are_epochs() {
    let freq = |text| accepted(FitField::ValidationFreq, text).unwrap().validation_freq;
    assert_eq!(freq("2"), ValidationFreq::Every(2));
    assert_eq!(freq("[2]"), ValidationFreq::Epochs(vec![2]));
    assert_eq!(freq("2; 5"), ValidationFreq::Epochs(vec![2, 5]));
    assert_eq!(freq("[]"), ValidationFreq::Epochs(vec![]));
}

#[test]
fn arrows_stay_within_bounds() {
    let mut fit = FitSpec::default();
    for field in FitField::all(1) {
        for up in [true, false, false, false] {
            field.nudge(&mut fit, up);
            assert!(!field.is_wrong(&fit), "{field:?}");
        }
    }
    fit.validation_split = 0.95;
    FitField::ValidationSplit.nudge(&mut fit, true);
    assert_eq!(FitField::ValidationSplit.text(&fit, Language::En), "0.95", "1 would leave nothing");
    fit.validation_freq = ValidationFreq::Epochs(vec![3]);
    FitField::ValidationFreq.nudge(&mut fit, true);
    assert_eq!(fit.validation_freq, ValidationFreq::Epochs(vec![3]));
}

#[test]
fn a_link_may_bring_what_nobody_can_type() {
    let fit = FitSpec {
        validation_split: f64::NAN,
        initial_epoch: 5_000,
        steps_per_epoch: Some(0),
        validation_steps: Some(usize::MAX),
        validation_batch_size: Some(u32::MAX as usize),
        validation_freq: ValidationFreq::Epochs(vec![0]),
        class_weight: Some(BTreeMap::from([(0, -1.0), (1, f32::NAN), (12, 2.0)])),
        ..FitSpec::default()
    };
    for field in FitField::all(2) {
        assert!(field.is_wrong(&fit), "{field:?}");
    }
    assert!(has_unknown_class(&fit, 10) && !has_unknown_class(&fit, 13));
}

#[test]
fn weights_of_one_are_none() {
    let mut fit = FitSpec::default();
    let three = FitField::ClassWeight(3);
    assert!(three.accept("2.5", &mut fit));
    assert_eq!((fit.weight_of(3), fit.weight_of(0)), (2.5, 1.0));
    assert!(three.accept("1", &mut fit));
    assert_eq!(fit.class_weight, None);
}

#[test]
fn balanced_classes_count_the_same_in_sum() {
    let mut fit = FitSpec::default();
    balance_classes(&mut fit, DatasetId::Mnist);
    let sums = (0..).zip(class_counts(DatasetId::Mnist)).map(|(class, count)| {
        let weight: f32 = fit.weight_of(class);
        f64::from(weight) * f64::from(count)
    });
    for sum in sums {
        assert!((sum - 6_000.0).abs() < 0.5, "{sum}");
    }
    balance_classes(&mut fit, DatasetId::FashionMnist);
    assert_eq!(fit.class_weight, None, "they are balanced already");
}
