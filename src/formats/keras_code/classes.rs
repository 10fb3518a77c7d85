//! Fewer images of some classes as a program chooses them, with NumPy: Keras has no argument for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::engine::spec::RunSpec;

/// How many images are trained on, as the lines say it.
pub const NUM_TRAIN: &str = "len(kept)";

/// The run with its images for validation counted instead of given as a fraction, where classes are counted:
/// Keras would take the fraction of those that are left.
pub fn with_explicit_split(run: &RunSpec) -> Cow<'_, RunSpec> {
    if run.data.class_counts.is_none() {
        return Cow::Borrowed(run);
    }
    let mut run = run.clone();
    run.data.validation_samples = run.data.samples - run.data.num_train(&run.fit).min(run.data.samples);
    run.fit.validation_split = 0.0;
    Cow::Owned(run)
}

/// Chooses of `x_train`, `y_train`, `x_test` and `y_test`, whose images from `num_train` on validate.
pub fn lines(counts: &BTreeMap<u32, usize>, num_train: usize) -> Vec<String> {
    let pairs: Vec<String> = counts.iter().map(|(class, count)| format!("{class}: {count}")).collect();
    let excluded: Vec<String> =
        counts.iter().filter(|(_, count)| **count == 0).map(|(class, _)| class.to_string()).collect();
    let excluded = excluded.join(", ");
    vec![
        "# Of some classes only the first so many images are trained on; one with 0 is left out everywhere."
            .to_owned(),
        format!("class_counts = {{{}}}", pairs.join(", ")),
        format!("of_class = [np.flatnonzero(y_train[:{num_train}] == label) for label in range(10)]"),
        "kept = np.sort(np.concatenate([of_class[label][:class_counts.get(label)] for label in range(10)]))"
            .to_owned(),
        format!("validating = {num_train} + np.flatnonzero(~np.isin(y_train[{num_train}:], [{excluded}]))"),
        "used = np.concatenate([kept, validating])".to_owned(),
        "x_train, y_train = x_train[used], y_train[used]".to_owned(),
        format!("tested = ~np.isin(y_test, [{excluded}])"),
        "x_test, y_test = x_test[tested], y_test[tested]".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;
    use crate::formats::keras_code::{read_program, write_program};

    #[test]
    fn a_fraction_is_counted_before_classes_are_chosen() {
        let mut run = RunSpec::new(Preset::Mlp.spec());
        run.data.validation_samples = 0;
        run.fit.validation_split = 0.1;
        let plain = write_program(&run);
        assert!(plain.contains("validation_split=0.1") && !plain.contains("np.isin"), "{plain}");
        run.data.class_counts = Some([(3, 100), (5, 0)].into());
        let program = write_program(&run);
        for line in [
            "class_counts = {3: 100, 5: 0}",
            "y_train[:6300]",
            "~np.isin(y_train[6300:], [5])",
            "x_train, x_val = x_train[:len(kept)], x_train[len(kept):]",
            "validation_data=(x_val, y_val)",
        ] {
            assert!(program.contains(line), "{line}:\n{program}");
        }
        assert!(!program.contains("validation_split"), "{program}");
        // The way back brings the network and says that these images are not understood.
        let read = read_program(&program).unwrap();
        assert_eq!((read.model, read.data), (run.model, None));
        assert!(!read.notes.is_empty());
    }
}
