//! [`Browse`]: looking through the images of a part, a page at a time.

use super::parts::Part;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browse {
    /// Which part.
    pub part: Part,
    /// Only images of this class.
    pub class: Option<u8>,
    /// Which page, from 0.
    pub page: usize,
}

impl Default for Browse {
    fn default() -> Browse {
        Browse { part: Part::Train, class: None, page: 0 }
    }
}

impl Browse {
    /// Images of a page, at most: no more are in memory.
    pub const SHOWN: usize = 60;

    /// How many pages so many images have; there is always one.
    pub fn pages(images: usize) -> usize {
        images.div_ceil(Browse::SHOWN).max(1)
    }

    /// The same on a page that there is, of so many images.
    #[must_use]
    pub fn within(self, images: usize) -> Browse {
        Browse { page: self.page.min(Browse::pages(images) - 1), ..self }
    }

    /// Another page; the nearest there is.
    #[must_use]
    pub fn turned(self, forth: bool, images: usize) -> Browse {
        let page = if forth { self.page + 1 } else { self.page.saturating_sub(1) };
        Browse { page, ..self }.within(images)
    }

    /// Of these images those on the page.
    pub fn shown(self, positions: &[u32]) -> &[u32] {
        let from = (self.page * Browse::SHOWN).min(positions.len());
        &positions[from..positions.len().min(from + Browse::SHOWN)]
    }
}

/// Where a key leads from image `at` of `len` on a page with so many columns; nothing if it leads nowhere.
pub fn step(key: &str, at: usize, len: usize, columns: usize) -> Option<usize> {
    let columns = columns.max(1);
    let to = match key {
        "ArrowLeft" => at.checked_sub(1)?,
        "ArrowRight" => at + 1,
        "ArrowUp" => at.checked_sub(columns)?,
        "ArrowDown" => at + columns,
        "Home" => 0,
        "End" => len.checked_sub(1)?,
        _ => return None,
    };
    (to < len && to != at).then_some(to)
}

/// How the pixels of an image are spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelRange {
    /// The least, 0..=255.
    pub min: u8,
    /// The greatest, 0..=255.
    pub max: u8,
    /// The mean, 0..1 as the network sees it.
    pub mean: f64,
    /// How many are not 0.
    pub inked: usize,
}

/// The range of these pixels.
pub fn pixel_range(pixels: &[u8]) -> PixelRange {
    let sum: f64 = pixels.iter().map(|pixel| f64::from(*pixel)).sum();
    PixelRange {
        min: pixels.iter().copied().min().unwrap_or(0),
        max: pixels.iter().copied().max().unwrap_or(0),
        mean: sum / (255.0 * pixels.len().max(1) as f64),
        inked: pixels.iter().filter(|pixel| **pixel > 0).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_every_image_once_and_never_more_than_fit() {
        let positions: Vec<u32> = (0..185).map(|at| at * 3).collect();
        let mut browse = Browse::default();
        let mut seen = Vec::new();
        for _ in 0..Browse::pages(positions.len()) {
            let shown = browse.shown(&positions);
            assert!(shown.len() <= Browse::SHOWN);
            seen.extend_from_slice(shown);
            browse = browse.turned(true, positions.len());
        }
        assert_eq!(seen, positions);
        assert_eq!(browse.page, 3, "after the last page there is none");
        assert_eq!(browse.within(10).page, 0);
        assert_eq!(Browse::default().turned(false, 185).page, 0);
        assert_eq!((Browse::pages(0), Browse::default().shown(&[]).len()), (1, 0));
    }

    #[test]
    fn keys_walk_through_the_grid_and_stop_at_its_edges() {
        let step = |key, at| super::step(key, at, 10, 4);
        assert_eq!(
            (step("ArrowRight", 3), step("ArrowDown", 3), step("ArrowUp", 5)),
            (Some(4), Some(7), Some(1))
        );
        assert_eq!((step("ArrowLeft", 0), step("ArrowUp", 2), step("ArrowDown", 7)), (None, None, None));
        assert_eq!(
            (step("Home", 5), step("End", 5), step("End", 9), step("a", 5)),
            (Some(0), Some(9), None, None)
        );
        assert_eq!(super::step("End", 0, 0, 0), None);
    }

    #[test]
    fn the_range_of_pixels_is_that_of_the_image() {
        let range = pixel_range(&[0, 51, 255, 0]);
        assert_eq!((range.min, range.max, range.inked), (0, 255, 2));
        assert!((range.mean - 0.3).abs() < 1e-12);
        assert_eq!(pixel_range(&[]).inked, 0);
    }
}
