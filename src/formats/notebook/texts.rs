//! What the notebook says to people, in the files `en.md` and `ru.md`: each text follows a line with its name.

use crate::formats::Language;

const ENGLISH: &str = include_str!("en.md");
const RUSSIAN: &str = include_str!("ru.md");
/// Begins the line with a text's name.
const MARK: &str = "=== ";

/// The text called `name`, with `values` in the places of their names; empty if there is none.
pub fn text(language: Language, name: &str, values: &[(&str, &str)]) -> String {
    let all = match language {
        Language::English => ENGLISH,
        Language::Russian => RUSSIAN,
    };
    let of_name = |part: &str| part.strip_prefix(name)?.strip_prefix('\n').map(str::to_owned);
    let text = all.split(MARK).find_map(of_name).unwrap_or_default();
    let fill = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{{ {name} }}}}"), value);
    values.iter().fold(text.trim_end().to_owned(), fill)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &str) -> Vec<&str> {
        all.split(MARK).skip(1).filter_map(|part| part.lines().next()).collect()
    }

    /// Places of values, as often as they are there.
    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split("{{ ").skip(1).filter_map(|part| part.split(" }}").next()).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        assert_eq!(names(ENGLISH), names(RUSSIAN));
        for name in names(ENGLISH) {
            let said = [Language::English, Language::Russian].map(|language| text(language, name, &[]));
            assert!(said.iter().all(|text| !text.is_empty()), "{name}");
            let [english, russian] = said.each_ref().map(|text| {
                let mut places = places(text);
                places.dedup();
                places
            });
            assert_eq!(english, russian, "{name}");
        }
    }

    #[test]
    fn values_are_put_in_their_places() {
        let said = text(Language::English, "title", &[("stem", "net"), ("weights", "net.weights.h5")]);
        assert!(said.starts_with("# net\n\n") && !said.contains("{{"), "{said}");
        assert_eq!(text(Language::Russian, "epoch_axis", &[]), "эпоха");
    }
}
