//! [`Heat`]: a map over an image, made of what was found.

use super::state::MapKind;
use crate::protocol::Finding;

/// A map over an image.
pub struct Heat {
    /// Rows and columns of the map.
    pub size: [usize; 2],
    /// Row by row; brought to −1..1 when drawn.
    pub values: Vec<f32>,
    /// Rows and columns of the image.
    pub image_size: [usize; 2],
    /// 0 to 1.
    pub image: Vec<f32>,
}

impl Heat {
    /// The largest amount.
    pub fn largest(&self) -> f32 {
        self.values.iter().fold(0.0, |max, value| max.max(value.abs()))
    }

    /// Whether some are below 0.
    pub fn has_sign(&self) -> bool {
        self.values.iter().any(|value| *value < 0.0)
    }

    /// Row and column of the image, from 1, in the middle of the cell with the largest amount.
    pub fn strongest(&self) -> (usize, usize) {
        let amount = |idx: usize| self.values[idx].abs();
        let best =
            (0..self.values.len()).fold(0, |best, idx| if amount(idx) > amount(best) { idx } else { best });
        let cols = self.size[1].max(1);
        let middle =
            |cell: usize, cells: usize, pixels: usize| (2 * cell + 1) * pixels / (2 * cells.max(1)) + 1;
        (
            middle(best / cols, self.size[0], self.image_size[0]),
            middle(best % cols, self.size[1], self.image_size[1]),
        )
    }
}

/// The map of a finding, if it belongs to this kind and this image.
pub fn heat_of(finding: &Finding, kind: MapKind, image_size: [usize; 2], image: Vec<f32>) -> Option<Heat> {
    let (size, values) = match (finding, kind) {
        (Finding::Saliency { shape, signed, .. }, MapKind::Saliency | MapKind::Signed) => {
            // Of several channels the one with the largest amount.
            let strongest = |pixel: &[f32]| {
                pixel
                    .iter()
                    .fold(0.0, |best: f32, value| if value.abs() > best.abs() { *value } else { best })
            };
            let values: Vec<f32> = signed.chunks(shape[2].max(1)).map(strongest).collect();
            let is_amount = kind == MapKind::Saliency;
            ([shape[0], shape[1]], values.into_iter().map(|x| if is_amount { x.abs() } else { x }).collect())
        }
        (Finding::Map { height, width, values, .. }, MapKind::GradCam) => ([*height, *width], values.clone()),
        (Finding::Covered { drops, .. }, MapKind::Occlusion) => (image_size, drops.clone()),
        _ => return None,
    };
    let fits = |size: [usize; 2], len| size[0] * size[1] == len;
    // The image may have changed since it was asked about.
    (fits(size, values.len()) && fits(image_size, image.len())).then_some(Heat {
        size,
        values,
        image_size,
        image,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saliency() -> Finding {
        Finding::Saliency { class: 1, shape: [1, 2, 2], signed: vec![0.5, -2.0, 1.0, 0.0] }
    }

    #[test]
    fn a_map_is_of_its_own_kind() {
        let heat = |kind| heat_of(&saliency(), kind, [1, 2], vec![0.0; 2]);
        assert_eq!(heat(MapKind::Saliency).unwrap().values, [2.0, 1.0]);
        let signed = heat(MapKind::Signed).unwrap();
        assert_eq!(
            (signed.values.clone(), signed.has_sign(), signed.largest()),
            (vec![-2.0, 1.0], true, 2.0)
        );
        assert!(heat(MapKind::GradCam).is_none() && heat(MapKind::Occlusion).is_none());
        let covered = Finding::Covered {
            class: 0,
            base: 1.0,
            rows: vec![],
            columns: vec![],
            values: vec![],
            drops: vec![0.5; 4],
        };
        assert!(heat_of(&covered, MapKind::Occlusion, [1, 2], vec![0.0; 2]).is_none(), "of another image");
    }

    #[test]
    fn the_strongest_place_is_counted_in_pixels() {
        let finding = Finding::Map {
            class: 0,
            layer: 1,
            height: 2,
            width: 2,
            values: vec![0.0, 0.0, 3.0, 1.0],
            weights: vec![],
        };
        let heat = heat_of(&finding, MapKind::GradCam, [28, 28], vec![0.0; 784]).unwrap();
        assert_eq!(heat.strongest(), (22, 8));
    }
}
