//! A square of numbers on coloured cells: the window's pixels, the weights, the products.

use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, ColorMap, Draw, Ink, Pen, Point, Scene};
use crate::ui::widgets::size_formula::WINDOW;

/// How a block of numbers looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockStyle {
    /// What the colours mean.
    pub map: ColorMap,
    /// The value at the colour map's end.
    pub scale: f32,
    /// The reader's language.
    pub language: Language,
    /// Digits after the point, at most.
    pub decimals: usize,
}

/// Draws `values` row by row, five to a row, in a square.
pub fn number_block(scene: &mut Scene, values: &[f32], area: Area, style: BlockStyle) {
    let shades: Vec<f32> = values.iter().map(|value| value / style.scale).collect();
    let cell = area.width / WINDOW as f64;
    for (idx, value) in values.iter().enumerate() {
        let corner = (area.x + (idx % WINDOW) as f64 * cell, area.y + (idx / WINDOW) as f64 * cell);
        let at = Point { x: corner.0 + cell / 2.0, y: corner.1 + cell / 2.0 };
        let text = style.language.short(f64::from(*value), style.decimals);
        // Six signs must fit: a monospaced one is about 0.6 of its size wide.
        let size = (cell * 0.36).min((cell - 4.0) / (text.chars().count().max(2) as f64 * 0.6)).min(16.0);
        let ink = style.map.ink_on(shades[idx]);
        if idx == 0 {
            scene.push(Draw::Cells { area, cols: WINDOW, values: shades.clone(), map: style.map });
            scene.push(grid(area, WINDOW, WINDOW));
        }
        scene.push(Draw::Text { at, text, ink, size, align: Align::Middle, mono: true });
    }
    scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
}

/// The lines between the cells of a grid.
pub fn grid(area: Area, rows: usize, cols: usize) -> Draw {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let across = (1..rows).map(|row| {
        let y = area.y + area.height * row as f64 / rows as f64;
        (Point { x: area.x, y }, Point { x: right, y })
    });
    let down = (1..cols).map(|col| {
        let x = area.x + area.width * col as f64 / cols as f64;
        (Point { x, y: area.y }, Point { x, y: bottom })
    });
    Draw::Segments { segments: across.chain(down).collect(), pen: Pen::solid(Ink::Line, 0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_writes_every_number_in_the_readers_notation() {
        let style = BlockStyle { map: ColorMap::Diverging, scale: 2.0, language: Language::Ru, decimals: 2 };
        let mut scene = Scene::new(100.0, 100.0);
        let mut values = [0.0; 25];
        values[7] = -1.25;
        number_block(&mut scene, &values, Area { x: 0.0, y: 0.0, width: 100.0, height: 100.0 }, style);
        let texts: Vec<_> = scene.texts().collect();
        assert_eq!((texts.len(), texts[7], texts[8]), (25, "−1,25", "0"));
    }
}
