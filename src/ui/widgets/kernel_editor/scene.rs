//! All filters at a glance: a row for each, a small square for each of its channels.

use crate::ui::convolution::Setup;
use crate::ui::scene::{Align, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::number_grid::{Frame, push_window};

/// Room for a filter's number, in px.
const NUMBER: f64 = 26.0;
/// Space between squares, in px.
const GAP: f64 = 8.0;
/// A square is never larger, in px.
const LARGEST: f64 = 44.0;

fn frame(setup: &Setup, filter: usize, channel: usize, width: f64) -> Frame {
    let depth = setup.layer.filter_depth(setup.shape[2]);
    let [rows, cols] = setup.layer.kernel_size;
    // Two filters share a line where each has one channel.
    let across = across(setup, width);
    let room = width / across as f64 - NUMBER - GAP;
    let side = (room / depth as f64 - GAP).min(LARGEST);
    let cell = side / rows.max(cols) as f64;
    let (line, column) = (filter / across, filter % across);
    let step = LARGEST.min(side) * rows as f64 / rows.max(cols) as f64 + GAP;
    let left = column as f64 * (width / across as f64) + NUMBER;
    let at =
        Point { x: left + channel as f64 * (cell * cols as f64 + GAP), y: GAP / 2.0 + line as f64 * step };
    Frame { at, cell, rows, cols }
}

fn across(setup: &Setup, width: f64) -> usize {
    if setup.layer.filter_depth(setup.shape[2]) > 1 {
        return 1;
    }
    (((width + GAP) / (LARGEST + NUMBER + 2.0 * GAP)) as usize).clamp(1, setup.outputs().max(1))
}

fn all(setup: &Setup) -> impl Iterator<Item = (usize, usize)> {
    let depth = setup.layer.filter_depth(setup.shape[2]);
    (0..setup.filters.len()).flat_map(move |filter| (0..depth).map(move |channel| (filter, channel)))
}

/// The filter under a point, and which of its channels.
pub fn bank_hit(setup: &Setup, point: Point, width: f64) -> Option<(usize, usize)> {
    all(setup).find(|(filter, channel)| {
        let area = frame(setup, *filter, *channel, width).area();
        area.grown(GAP / 2.0).contains(point)
    })
}

/// Draws the filters as they are written; `chosen` is the filter and the channel that are edited.
pub fn bank_scene(setup: &Setup, chosen: (usize, usize), width: f64) -> Scene {
    let bottom = all(setup).map(|(filter, channel)| {
        let area = frame(setup, filter, channel, width).area();
        area.y + area.height
    });
    let mut scene = Scene::new(width, bottom.fold(0.0, f64::max) + GAP);
    for (filter, channel) in all(setup) {
        let own = &setup.filters[filter];
        let frame = frame(setup, filter, channel, width);
        let (area, scale) = (frame.area(), own.scale());
        let values: Vec<f32> = own.channel(channel).iter().map(|weight| weight / scale).collect();
        scene.push(Draw::Cells { area, cols: frame.cols, values, map: ColorMap::Diverging });
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
        if channel == 0 {
            let at = Point { x: area.x - 8.0, y: area.y + area.height / 2.0 };
            let ink = if filter == chosen.0 { Ink::Window } else { Ink::Muted };
            let text = (filter + 1).to_string();
            scene.push(Draw::Text { at, text, ink, size: 13.0, align: Align::End, mono: false });
        }
        if (filter, channel) == chosen {
            push_window(&mut scene, area);
        }
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_and_channel_is_found_where_it_is_drawn() {
        for (depth, filters, depthwise) in [(1, 1, false), (3, 8, false), (8, 8, false), (8, 4, true)] {
            let mut setup = Setup::default();
            setup.change(|setup| {
                setup.shape[2] = depth;
                setup.layer.depthwise = depthwise;
                setup.layer.filters = filters;
                setup.layer.kernel_size = [3, 5];
            });
            for width in [250.0, 310.0, 700.0] {
                let scene = bank_scene(&setup, (0, 0), width);
                for (filter, channel) in all(&setup) {
                    let middle = frame(&setup, filter, channel, width).middle(1, 2);
                    assert!(middle.x < width && middle.y < scene.height);
                    assert_eq!(bank_hit(&setup, middle, width), Some((filter, channel)), "{depth} {width}");
                }
            }
        }
    }
}
