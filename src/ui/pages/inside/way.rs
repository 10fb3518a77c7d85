//! The way of a drawing to what the network gets, as pictures.

use crate::ui::inputs::Prepared;
use crate::ui::scene::{Area, ColorMap, Draw, Ink, Pen, Scene};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOfWay {
    /// The box of the ink in the drawing.
    Box,
    /// Its content at the size of the set.
    Scaled,
    /// The centre of mass in the middle of the field.
    Ready,
}

impl PartOfWay {
    /// All, the first first.
    pub const ALL: [PartOfWay; 3] = [Self::Box, Self::Scaled, Self::Ready];
}

/// The picture of one step.
pub fn way_scene(prepared: &Prepared, part: PartOfWay, width: f64) -> Scene {
    let ([rows, cols, _], values) = match part {
        PartOfWay::Box => (prepared.gray.shape, &prepared.gray.values),
        PartOfWay::Scaled => (prepared.scaled.shape, &prepared.scaled.values),
        PartOfWay::Ready => ([28, 28, 1], &prepared.pixels),
    };
    // Steps stand beside one another: a narrow digit must not become higher than the field.
    let cell = width / rows.max(cols) as f64;
    let area = Area { x: 0.0, y: 0.0, width: cell * cols as f64, height: cell * rows as f64 };
    let mut scene = Scene::new(width, area.height);
    scene.push(Draw::Cells { area, cols, values: values.clone(), map: ColorMap::Gray });
    scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Outline, 1.0) });
    match part {
        PartOfWay::Box => {
            let [top, left, height, width] = prepared.ink_box.map(|side| side as f64 * cell);
            let area = Area { x: left, y: top, width, height };
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Halo, 4.0) });
            scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Window, 2.0) });
        }
        PartOfWay::Scaled => {}
        PartOfWay::Ready => {
            // The middle of the pixel that the centre of mass is brought to.
            let (middle, end) = (14.5 * cell, 28.0 * cell);
            for pen in [Pen::solid(Ink::Halo, 3.0), Pen::solid(Ink::Window, 1.0)] {
                scene.line((middle, 0.0), (middle, end), pen);
                scene.line((0.0, middle), (end, middle), pen);
            }
        }
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::Picture;
    use crate::ui::digits::digit;
    use crate::ui::inputs::prepare;

    #[test]
    fn every_step_fits_its_width_and_the_box_holds_the_ink() {
        let drawing = Picture { shape: [28, 28, 1], values: digit(1) };
        let prepared = prepare(&drawing).unwrap();
        for part in PartOfWay::ALL {
            let scene = way_scene(&prepared, part, 140.0);
            assert!(scene.width <= 140.0 && scene.height <= 140.0 + 1e-9, "{part:?}");
        }
        let scene = way_scene(&prepared, PartOfWay::Box, 140.0);
        let Some(Draw::Stroke { area, .. }) = scene.draws.last() else { panic!("the box is on top") };
        assert!((area.height - 100.0).abs() < 1e-9, "20 of 28 rows");
    }
}
