//! The classes' limits of a [`DataSpec`] as the form shows them.

use crate::engine::spec::DataSpec;

/// How many images of a class are trained on, at most; all if nothing is said.
pub fn limit(data: &DataSpec, class: u32) -> Option<usize> {
    data.class_counts.as_ref()?.get(&class).copied()
}

/// Changes it. A dataset without limits has none rather than an empty list of them.
pub fn set_limit(data: &mut DataSpec, class: u32, limit: Option<usize>) {
    let mut counts = data.class_counts.take().unwrap_or_default();
    match limit {
        Some(limit) => counts.insert(class, limit),
        None => counts.remove(&class),
    };
    data.class_counts = Some(counts).filter(|counts| !counts.is_empty());
}

/// Lets all classes in, or none.
pub fn set_all(data: &mut DataSpec, are_used: bool) {
    let classes = 0..data.dataset.classes().len() as u32;
    data.class_counts = (!are_used).then(|| classes.map(|class| (class, 0)).collect());
}

/// What was typed as a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A limit, or none for an empty field.
    Limit(Option<usize>),
    /// Not a number of images, which are at most so many.
    Wrong {
        /// The largest number.
        most: usize,
    },
}

/// Reads a limit; `most` is the number of images that there are.
pub fn read_limit(number: Option<f64>, text: &str, most: usize) -> Typed {
    if text.trim().is_empty() {
        return Typed::Limit(None);
    }
    match number {
        Some(number) if number.fract() == 0.0 && (0.0..=most as f64).contains(&number) => {
            Typed::Limit(Some(number as usize))
        }
        _ => Typed::Wrong { most },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_come_and_go() {
        let mut data = DataSpec::default();
        set_limit(&mut data, 5, Some(100));
        set_limit(&mut data, 8, Some(0));
        assert_eq!((limit(&data, 5), limit(&data, 8), limit(&data, 3)), (Some(100), Some(0), None));
        set_limit(&mut data, 5, None);
        set_limit(&mut data, 8, None);
        assert_eq!(data, DataSpec::default());
        set_all(&mut data, false);
        assert!((0..10).all(|class| limit(&data, class) == Some(0)) && data.validate_classes(10).is_err());
        set_all(&mut data, true);
        assert_eq!(data, DataSpec::default());
    }

    #[test]
    fn an_empty_field_is_no_limit_and_nonsense_is_refused() {
        assert_eq!(read_limit(None, " ", 10), Typed::Limit(None));
        assert_eq!(read_limit(Some(10.0), "10", 10), Typed::Limit(Some(10)));
        for (number, text) in [(Some(11.0), "11"), (Some(-1.0), "-1"), (Some(0.5), "0.5"), (None, "many")] {
            assert_eq!(read_limit(number, text, 10), Typed::Wrong { most: 10 });
        }
    }
}
