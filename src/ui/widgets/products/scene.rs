//! Blocks of numbers: pixels × weights = products.

use super::state::Products;
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::kernel_editor::{BlockStyle, grid, number_block};
use crate::ui::widgets::size_formula::WINDOW;

/// Room for a sign between blocks, in px.
const GAP: f64 = 34.0;
/// From this width on pixels, weights and products stand in one row, in px.
const WIDE: f64 = 700.0;
/// From this width on two blocks stand side by side, in px.
const MIDDLE: f64 = 520.0;
/// A block is never larger, in px.
const LARGEST: f64 = 350.0;
/// Room for outlines, in px.
const EDGE: f64 = 2.0;

/// Draws three blocks in a row; on a narrow page pixel and weight share a cell, so that all stays legible.
pub fn products_scene(products: &Products, language: Language, width: f64) -> Scene {
    if width >= WIDE {
        three_blocks(products, language, width)
    } else {
        two_blocks(products, language, width)
    }
}

fn square(x: f64, y: f64, side: f64) -> Area {
    Area { x, y, width: side, height: side }
}

fn signed(products: &Products, language: Language) -> BlockStyle {
    BlockStyle { map: ColorMap::Diverging, scale: products.kernel.scale(), language, decimals: 2 }
}

fn three_blocks(products: &Products, language: Language, width: f64) -> Scene {
    let side = ((width - 2.0 * (GAP + EDGE)) / 3.0).min(LARGEST);
    let [window, kernel, result] = [0.0, 1.0, 2.0].map(|idx| square(EDGE + idx * (side + GAP), EDGE, side));
    let mut scene = Scene::new(width, side + 2.0 * EDGE);
    let pixels = BlockStyle { map: ColorMap::Gray, scale: 1.0, language, decimals: 2 };
    number_block(&mut scene, &products.window, window, pixels);
    number_block(&mut scene, &products.kernel.0, kernel, signed(products, language));
    number_block(&mut scene, &products.products, result, signed(products, language));
    scene.push(Draw::Stroke { area: window, pen: Pen::solid(Ink::Window, 2.5) });
    push_sign(&mut scene, kernel.x - GAP / 2.0, side / 2.0 + EDGE, "×");
    push_sign(&mut scene, result.x - GAP / 2.0, side / 2.0 + EDGE, "=");
    scene
}

fn two_blocks(products: &Products, language: Language, width: f64) -> Scene {
    let is_row = width >= MIDDLE;
    let room = if is_row { (width - GAP) / 2.0 - EDGE } else { width - 2.0 * EDGE };
    let side = room.min(LARGEST);
    let pairs = square(EDGE, EDGE, side);
    let result =
        if is_row { square(EDGE + side + GAP, EDGE, side) } else { square(EDGE, EDGE + side + GAP, side) };
    let mut scene = Scene::new(width, result.y + side + EDGE);
    push_pairs(&mut scene, products, language, pairs);
    scene.push(Draw::Stroke { area: pairs, pen: Pen::solid(Ink::Window, 2.5) });
    number_block(&mut scene, &products.products, result, signed(products, language));
    if is_row {
        push_sign(&mut scene, result.x - GAP / 2.0, side / 2.0 + EDGE, "=");
    } else {
        push_sign(&mut scene, side / 2.0 + EDGE, result.y - GAP / 2.0, "=");
    }
    scene
}

/// A pixel over its weight in each cell.
fn push_pairs(scene: &mut Scene, products: &Products, language: Language, area: Area) {
    let cell = area.width / WINDOW as f64;
    scene.push(Draw::Cells { area, cols: WINDOW, values: products.window.to_vec(), map: ColorMap::Gray });
    scene.push(grid(area, WINDOW, WINDOW));
    for (idx, (pixel, weight)) in products.window.iter().zip(products.kernel.0).enumerate() {
        let x = area.x + ((idx % WINDOW) as f64 + 0.5) * cell;
        let y = area.y + ((idx / WINDOW) as f64 + 0.5) * cell;
        let ink = ColorMap::Gray.ink_on(*pixel);
        let weight = format!("×{}", language.short(f64::from(weight), 2));
        let lines = [(-0.2, language.short(f64::from(*pixel), 2)), (0.2, weight)];
        for (shift, text) in lines {
            let size = ((cell - 4.0) / (text.chars().count().max(4) as f64 * 0.6)).min(13.0);
            let at = Point { x, y: y + shift * cell };
            scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
        }
    }
}

fn push_sign(scene: &mut Scene, x: f64, y: f64, sign: &str) {
    let at = Point { x, y };
    let (text, ink, size, align) = (sign.into(), Ink::Text, 24.0, Align::Middle);
    scene.push(Draw::Text { at, text, ink, size, align, mono: false });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::kernel_editor::Kernel;

    #[test]
    fn all_75_numbers_and_the_signs_are_written_at_any_width() {
        let products = Products::new([0.99; 25], Kernel::default());
        for (width, texts) in [(280.0, 76), (600.0, 76), (700.0, 77), (1100.0, 77)] {
            let scene = products_scene(&products, Language::Ru, width);
            assert_eq!(scene.texts().count(), texts);
            assert!(scene.texts().any(|text| text == "−11,88"));
            let right = scene.draws.iter().map(|draw| match draw {
                Draw::Cells { area, .. } => area.x + area.width,
                _ => 0.0,
            });
            assert!(right.fold(0.0, f64::max) <= width);
        }
    }

    #[test]
    fn numbers_stay_legible() {
        let products = Products::new([0.99; 25], Kernel::default());
        for width in [280.0, 320.0, 520.0, 699.0, 700.0, 1000.0] {
            let scene = products_scene(&products, Language::Ru, width);
            for draw in scene.draws {
                if let Draw::Text { text, size, .. } = draw {
                    assert!(size >= 10.0, "{text} is {size} px at {width}");
                }
            }
        }
    }
}
