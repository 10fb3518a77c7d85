//! An image enlarged without smoothing.

use crate::ui::scene::{Area, ColorMap, Draw, Scene};

/// Draws `pixels` of `shape` `[h, w, c]` at the given width in CSS px; channels are averaged to gray.
pub fn image_scene(shape: [usize; 3], pixels: &[u8], width: f64) -> Scene {
    let [rows, cols, channels] = shape.map(|extent| extent.max(1));
    let height = width * rows as f64 / cols as f64;
    let gray = |pixel: &[u8]| {
        pixel.iter().map(|value| f32::from(*value)).sum::<f32>() / (255.0 * pixel.len() as f32)
    };
    let values = pixels.chunks_exact(channels).map(gray).collect();
    let mut scene = Scene::new(width, height);
    let area = Area { x: 0.0, y: 0.0, width, height };
    scene.push(Draw::Cells { area, cols, values, map: ColorMap::Gray });
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_keeps_its_proportions_and_its_cells() {
        let scene = image_scene([2, 4, 1], &[0, 255, 0, 255, 0, 0, 0, 51], 80.0);
        assert_eq!((scene.width, scene.height), (80.0, 40.0));
        let [Draw::Cells { cols: 4, values, .. }] = &scene.draws[..] else { panic!("one grid of cells") };
        assert_eq!((values[1], values[7]), (1.0, 0.2));
    }

    #[test]
    fn colours_become_gray() {
        let scene = image_scene([1, 1, 3], &[0, 255, 255], 10.0);
        let [Draw::Cells { values, .. }] = &scene.draws[..] else { panic!("one grid of cells") };
        assert_eq!(values, &[2.0 / 3.0]);
    }
}
