//! One output map for each filter, which grows as the window passes.

use super::marks::{covers, push_cursor, push_marks};
use super::scene::{LARGEST_CELL, tiles as input_tiles};
use super::state::{Known, Scope, Spot};
use super::tiles::Tiles;
use crate::ui::convolution::Computed;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Look, push_grid, push_window};

/// Cells of a small map have room for a number, in px.
const NUMBERED_CELL: f64 = 40.0;
/// A map of so many rows or columns is small.
const SMALL: usize = 12;
/// Cells of other maps are no larger than those of the input, but as large as this, in px.
const LEAST_CELL: f64 = 6.0;
/// Height of the colour scale under the maps, in px.
const LEGEND: f64 = 46.0;

fn tiles(computed: &Computed, width: f64) -> Tiles {
    let [rows, cols] = computed.output();
    let input = input_tiles(computed, width);
    let of_input = input.cell;
    // No larger than the input's, so that one sees that a map is smaller.
    let largest = if rows.max(cols) <= SMALL {
        of_input.clamp(NUMBERED_CELL, LARGEST_CELL)
    } else {
        of_input.max(LEAST_CELL)
    };
    Tiles::fitted_beside(input, computed.outputs(), rows, cols, width, largest)
}

/// The cell of a map under a point, with its filter.
pub fn maps_hit(computed: &Computed, point: Point, width: f64) -> Option<(usize, usize)> {
    let (filter, [row, col]) = tiles(computed, width).hit(point)?;
    (!computed.is_empty()).then(|| (filter, row * computed.output()[1] + col))
}

/// What stands still: the maps, hidden cells left out, their names, and the colours' scale for one filter.
pub fn maps_scene(
    computed: &Computed,
    filter: usize,
    guessed: Option<&Known>,
    names: &[String],
    language: Language,
    width: f64,
) -> Scene {
    let tiles = tiles(computed, width);
    let mut scene = tiles.scene();
    let Ok(maps) = &computed.maps else { return scene };
    for tile in 0..tiles.count {
        let mut values = computed.map(tile);
        if let Some(known) = guessed {
            let hidden = values.iter_mut().enumerate().filter(|(idx, _)| !known.has(*idx, usize::MAX));
            hidden.for_each(|(_, value)| *value = f32::NAN);
        }
        let name = names.get(tile).map_or("", String::as_str);
        tiles.push_name(&mut scene, tile, name, if tile == filter { Ink::Window } else { Ink::Text });
        let scale = maps.scales[tile];
        let decimals = if scale >= 10.0 { 1 } else { 2 };
        let look = Look { map: ColorMap::Diverging, scale, language, decimals };
        push_grid(&mut scene, tiles.frame(tile), &values, look);
    }
    if guessed.is_none() {
        let scale = maps.scales.get(filter).copied().unwrap_or(1.0);
        push_legend(&mut scene, scale, language);
    }
    scene
}

/// What moves: covers over cells that are not computed yet, and the outlines.
pub fn maps_over(scope: Scope, known: &Known, width: f64) -> Scene {
    let tiles = tiles(scope.computed, width);
    let mut scene = tiles.scene();
    if scope.computed.is_empty() {
        return scene;
    }
    let hidden = covers(tiles.rows, tiles.cols, |idx| known.has(idx, scope.current));
    let fed = scope.fed();
    let [row, col] = scope.computed.cell(scope.current);
    for tile in 0..tiles.count {
        let frame = tiles.frame(tile);
        for [top, left, rows, cols] in &hidden {
            scene.push(Draw::Fill { area: frame.part(*top, *left, *rows, *cols), ink: Ink::Paper });
        }
        let is_chosen = tile == scope.filter;
        let outline = if is_chosen && tiles.count > 1 { (Ink::Window, 2.0) } else { (Ink::Outline, 1.0) };
        scene.push(Draw::Stroke { area: frame.area(), pen: Pen::solid(outline.0, outline.1) });
        if !fed.is_empty() {
            push_marks(&mut scene, frame, &fed);
        }
        let area = frame.part(row, col, 1, 1);
        if matches!(scope.spot, Spot::Pixel(_)) {
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 1.0) });
        } else if is_chosen {
            push_window(&mut scene, area);
        } else {
            push_cursor_thin(&mut scene, area);
        }
        if is_chosen && matches!(scope.spot, Spot::Weight(_)) {
            push_cursor(&mut scene, area);
        }
    }
    scene
}

/// The same cell of the other maps.
fn push_cursor_thin(scene: &mut Scene, area: Area) {
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 3.0) });
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 1.5) });
}

fn push_legend(scene: &mut Scene, scale: f32, language: Language) {
    const STEPS: usize = 65;
    /// Widths between which the numbers have room and the scale is no banner, in px.
    const WIDTHS: (f64, f64) = (150.0, 320.0);
    let top = scene.height + 10.0;
    scene.height += LEGEND;
    let bar = Area { x: 4.0, y: top, width: (scene.width - 8.0).clamp(WIDTHS.0, WIDTHS.1), height: 12.0 };
    scene.width = scene.width.max(bar.width + 8.0);
    let values = (0..STEPS).map(|step| step as f32 / 32.0 - 1.0).collect();
    scene.push(Draw::Cells { area: bar, cols: STEPS, values, map: ColorMap::Diverging });
    scene.push(Draw::Stroke { area: bar, pen: Pen::solid(Ink::Outline, 1.0) });
    let ends = [(0.0, -scale, Align::Start), (0.5, 0.0, Align::Middle), (1.0, scale, Align::End)];
    for (share, value, align) in ends {
        let at = Point { x: bar.x + bar.width * share, y: top + 23.0 };
        let text = language.short(f64::from(value), 2);
        scene.push(Draw::Text { at, text, ink: Ink::Muted, size: 13.0, align, mono: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::{PadChoice, Setup};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn computed(filters: usize, stride: usize) -> Computed {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.layer.filters = filters;
            setup.layer.strides = [stride; 2];
            setup.layer.padding = PadChoice::Valid;
        });
        Computed::new(Arc::new(setup), None)
    }

    fn shown(scene: &Scene) -> Vec<usize> {
        let cells = scene.draws.iter().filter_map(|draw| match draw {
            Draw::Cells { values, cols, .. } if *cols != 65 => {
                Some(values.iter().filter(|value| !value.is_nan()).count())
            }
            _ => None,
        });
        cells.collect()
    }

    #[test]
    fn every_filter_has_its_map_and_hidden_cells_are_not_in_the_picture_at_all() {
        let computed = computed(3, 4);
        let known = Known::Guessed(BTreeSet::from([0, 7]));
        let scene = |guessed| maps_scene(&computed, 0, guessed, &[], Language::Ru, 400.0);
        assert_eq!(shown(&scene(None)), [36; 3]);
        assert_eq!(shown(&scene(Some(&known))), [2; 3]);
        // The scale would tell the greatest number.
        assert!(scene(Some(&known)).height < scene(None).height);
    }

    #[test]
    fn covers_shrink_as_the_window_passes_and_all_is_cheap() {
        let computed = computed(8, 1);
        let over = |current| {
            let scope = Scope { computed: &computed, filter: 0, current, spot: Spot::Window };
            maps_over(scope, &Known::First(current + 1), 800.0)
        };
        let covered = |scene: &Scene| {
            let fills = scene.draws.iter().filter_map(|draw| match draw {
                Draw::Fill { area, .. } => Some(area.width * area.height),
                _ => None,
            });
            fills.sum::<f64>()
        };
        assert!(covered(&over(0)) > covered(&over(100)));
        assert_eq!(covered(&over(575)), 0.0);
        assert!(over(300).draws.len() <= 8 * 6, "{}", over(300).draws.len());
    }

    #[test]
    fn maps_of_32_filters_are_about_as_high_as_their_input() {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.shape = [64, 64, 8];
            setup.layer.depthwise = true;
            setup.layer.filters = 4;
            setup.layer.padding = PadChoice::Same;
        });
        let computed = Computed::new(Arc::new(setup), None);
        assert_eq!(computed.outputs(), 32);
        for width in [270.0, 380.0, 520.0, 800.0] {
            let input = input_tiles(&computed, width).scene().height;
            let maps = maps_scene(&computed, 0, None, &[], Language::Ru, width);
            assert!(maps.height < 1.35 * input + LEGEND, "{} beside {input} at {width}", maps.height);
            assert!(maps.width <= width + 0.01);
            let last = tiles(&computed, width).frame(31).middle(60, 3);
            assert_eq!(maps_hit(&computed, last, width), Some((31, 60 * 64 + 3)));
        }
    }

    #[test]
    fn pointing_at_a_cell_finds_it_and_its_filter() {
        let computed = computed(3, 1);
        let middle = tiles(&computed, 400.0).frame(2).middle(3, 7);
        assert_eq!(maps_hit(&computed, middle, 400.0), Some((2, 3 * 24 + 7)));
        let base = maps_scene(&computed, 0, None, &[], Language::Ru, 270.0);
        assert!(base.width <= 270.0);
    }
}
