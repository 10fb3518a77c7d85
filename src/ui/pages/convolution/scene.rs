//! The pictures of this moment, each in one piece, for a file.

use crate::ui::convolution::Computed;
use crate::ui::locale::Language;
use crate::ui::scene::Scene;
use crate::ui::widgets::products::{Sheet, SheetWords, products_scene};
use crate::ui::widgets::sliding_filter::{Known, Scope, input_over, input_scene, maps_over, maps_scene};

/// Width of a picture on the sheet, in px.
const WIDTH: f64 = 500.0;
/// Width of the arithmetic, which needs more for its numbers, in px.
const WIDE: f64 = 1000.0;

/// The names in the pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Of the input, the maps and the arithmetic.
    pub captions: [String; 3],
    /// Of each filter.
    pub filters: Vec<String>,
    /// What the arithmetic says; its channels are the input's.
    pub sheet: SheetWords,
}

/// One scene over another.
fn on_top(mut below: Scene, mut above: Scene) -> Scene {
    below.width = below.width.max(above.width);
    below.height = below.height.max(above.height);
    below.draws.append(&mut above.draws);
    below
}

/// Input, maps and arithmetic as they are seen now. Cells that are not known are left out rather than covered,
/// as a file may be taken apart.
pub fn sheet_parts(
    scope: Scope,
    channel: usize,
    known: &Known,
    names: &Names,
    language: Language,
) -> Vec<(String, Scene)> {
    let computed: &Computed = scope.computed;
    let input =
        on_top(input_scene(computed, &names.sheet.channels, language, WIDTH), input_over(scope, WIDTH));
    let shown = match known {
        Known::First(count) => Known::Guessed((0..*count).chain([scope.current]).collect()),
        guessed @ Known::Guessed(_) => guessed.clone(),
    };
    let is_guessing = matches!(known, Known::Guessed(_));
    let maps = on_top(
        maps_scene(computed, scope.filter, Some(&shown), &names.filters, language, WIDTH),
        maps_over(scope, known, WIDTH),
    );
    let [of_input, of_maps, of_sheet] = names.captions.clone();
    let mut parts = vec![(of_input, input), (of_maps, maps)];
    let is_hidden = is_guessing && !shown.has(scope.current, scope.current);
    if let Some(sheet) = Sheet::of(scope, channel, is_hidden) {
        parts.push((of_sheet, products_scene(&sheet, &names.sheet, language, WIDE)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::Setup;
    use crate::ui::scene::Draw;
    use crate::ui::widgets::sliding_filter::Spot;
    use std::sync::Arc;

    #[test]
    fn a_file_holds_what_is_seen_and_no_more() {
        let computed = Computed::new(Arc::new(Setup::default()), None);
        let scope = Scope { computed: &computed, filter: 0, current: 30, spot: Spot::Window };
        let parts = sheet_parts(scope, 0, &Known::First(10), &Names::default(), Language::En);
        assert_eq!(parts.len(), 3);
        let shown = parts[1].1.draws.iter().find_map(|draw| match draw {
            Draw::Cells { values, .. } => Some(values.iter().filter(|value| !value.is_nan()).count()),
            _ => None,
        });
        assert_eq!(shown, Some(11));
        let hidden = sheet_parts(scope, 0, &Known::Guessed([].into()), &Names::default(), Language::En);
        assert!(hidden[2].1.texts().any(|text| text.contains('?')));
    }
}
