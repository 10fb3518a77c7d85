//! Light, dark, or as the device says.

/// The reader's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in menu order.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The name in storage and in the `data-theme` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../www/css/tokens.css");

    fn block(opening: &str) -> &'static str {
        let start = TOKENS.find(opening).unwrap() + opening.len();
        TOKENS[start..].split('}').next().unwrap()
    }

    fn colours(block: &'static str) -> Vec<(&'static str, &'static str)> {
        block
            .lines()
            .filter_map(|line| line.trim().trim_end_matches(';').split_once(": "))
            .filter(|(_, value)| value.starts_with('#'))
            .collect()
    }

    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn themes_are_found_by_name() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_name(theme.name()), Some(theme));
        }
    }

    #[test]
    fn the_two_dark_blocks_agree() {
        let preferred = colours(block(":root:not([data-theme=\"light\"]) {"));
        assert!(!preferred.is_empty());
        assert_eq!(preferred, colours(block(":root[data-theme=\"dark\"] {")));
    }

    /// WCAG 2.2: 1.4.3 asks 4.5:1 for text, 1.4.11 asks 3:1 for what carries meaning.
    #[test]
    fn contrasts_are_enough_in_both_themes() {
        let pairs = [
            ("--text", "--paper", 4.5),
            ("--text", "--raised", 4.5),
            ("--text", "--accent-soft", 4.5),
            ("--text", "--warn-soft", 4.5),
            ("--muted", "--paper", 4.5),
            ("--muted", "--surface", 4.5),
            ("--muted", "--raised", 4.5),
            ("--accent", "--paper", 4.5),
            ("--accent", "--accent-soft", 4.5),
            ("--accent-strong", "--accent-soft", 4.5),
            ("--on-accent", "--accent", 4.5),
            ("--on-accent", "--accent-strong", 4.5),
            ("--good", "--paper", 4.5),
            ("--bad", "--paper", 4.5),
            ("--bad", "--raised", 4.5),
            ("--outline", "--paper", 3.0),
            ("--outline", "--surface", 3.0),
            ("--window", "--map-gray-0", 3.0),
            ("--window", "--halo", 3.0),
            ("--window", "--map-zero", 3.0),
            ("--hatch", "--map-gray-0", 3.0),
            ("--focus", "--paper", 3.0),
            ("--focus", "--surface", 3.0),
            ("--series-0", "--surface", 3.0),
            ("--series-1", "--surface", 3.0),
            ("--series-2", "--surface", 3.0),
            ("--series-3", "--surface", 3.0),
            ("--series-4", "--surface", 3.0),
            ("--series-5", "--surface", 3.0),
            ("--series-6", "--surface", 3.0),
            ("--series-7", "--surface", 3.0),
            ("--map-minus-2", "--map-zero", 3.0),
            ("--map-plus-2", "--map-zero", 3.0),
        ];
        for opening in [":root {", ":root[data-theme=\"dark\"] {"] {
            let colours = colours(block(opening));
            let find = |name: &str| colours.iter().find(|(token, _)| *token == name).unwrap().1;
            for (over, under, least) in pairs {
                let (a, b) = (luminance(find(over)), luminance(find(under)));
                let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(ratio >= least, "{opening} {over} on {under}: {ratio:.2} < {least}");
            }
        }
    }
}
