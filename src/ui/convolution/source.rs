//! What lies under the filter.

use std::sync::Arc;

use super::limit;
use super::text;
use crate::data::{DatasetId, Split};
use crate::tensor::rng::{Purpose, Rng};
use crate::ui::digits::{SIDE, digit};

/// Pixels of any size, channels last.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Height, width, channels.
    pub shape: [usize; 3],
    /// The values; pixels are 0 (paper) to 1 (ink, or full light).
    pub values: Vec<f32>,
}

/// One image of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The dataset.
    pub dataset: DatasetId,
    /// Which of its files.
    pub split: Split,
    /// The position in that file.
    pub idx: u32,
}

impl Sample {
    /// Images in a file of either dataset.
    pub fn count(split: Split) -> u32 {
        match split {
            Split::Train => 60_000,
            Split::Test => 10_000,
        }
    }
}

/// Where the input comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// One of the digits that come with the page, 0..=9.
    Digit(usize),
    /// An image that has to be fetched first.
    Sample(Sample),
    /// A small landscape in three colours, the lecture's 32 × 32 × 3 volume.
    Landscape,
    /// Whole numbers 0..=9 drawn with this seed, for reckoning by hand.
    Numbers(u32),
    /// 1, 2, 3 … row by row.
    Count,
    /// One 1 in the middle of zeros: the map shows the filter itself.
    Impulse,
    /// The reader's own: drawn, typed, from a file or a camera.
    Own(Arc<Picture>),
}

impl Picture {
    /// The same picture in another shape. Each new cell is the mean of the area it covers. From three
    /// colours to one goes by their brightness; else channels are repeated in turn or left out.
    pub fn fitted(&self, [height, width, depth]: [usize; 3]) -> Vec<f32> {
        let [_, _, own] = self.shape;
        let (rows, cols) = (shares(self.shape[0], height), shares(self.shape[1], width));
        let mean = |row: usize, col: usize, channel: usize| {
            let mut sum = 0.0;
            for (h, down) in &rows[row] {
                for (w, across) in &cols[col] {
                    sum += down * across * f64::from(self.values[(h * self.shape[1] + w) * own + channel]);
                }
            }
            sum
        };
        let mut values = Vec::with_capacity(height * width * depth);
        for row in 0..height {
            for col in 0..width {
                for channel in 0..depth {
                    values.push(if depth == 1 && own == 3 {
                        let [r, g, b] = [0, 1, 2].map(|colour| mean(row, col, colour));
                        (0.299 * r + 0.587 * g + 0.114 * b) as f32
                    } else {
                        mean(row, col, channel % own) as f32
                    });
                }
            }
        }
        values
    }

    fn to_text(&self) -> String {
        let [height, width, depth] = self.shape;
        let bytes: Option<Vec<u8>> = self.values.iter().map(|value| byte_of(*value)).collect();
        let values = bytes.map_or_else(
            || text::numbers(&self.values),
            |bytes| format!("{BYTES}{}", text::to_base64(&bytes)),
        );
        format!("{height}x{width}x{depth}-{values}")
    }

    fn from_text(text: &str) -> Option<Picture> {
        let (shape, values) = text.split_once('-')?;
        let extents: Vec<usize> = shape.split('x').take(4).map(str::parse).collect::<Result<_, _>>().ok()?;
        let shape: [usize; 3] = extents.try_into().ok()?;
        let is_small = limit::SIDE.contains(&shape[0])
            && limit::SIDE.contains(&shape[1])
            && limit::DEPTH.contains(&shape[2]);
        let len = is_small.then(|| shape.iter().product::<usize>())?;
        let values = if let Some(packed) = values.strip_prefix(BYTES) {
            // Two letters more than the bytes need are already wrong.
            let bytes = (packed.len() <= len * 2).then(|| text::from_base64(packed)).flatten()?;
            (bytes.len() == len).then(|| bytes.into_iter().map(of_byte).collect())?
        } else {
            text::parse_numbers(values, len)?
        };
        Some(Picture { shape, values })
    }
}

/// Marks pixels of one byte each.
const BYTES: char = '.';

/// A pixel's value.
fn of_byte(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

fn byte_of(value: f32) -> Option<u8> {
    let byte = (value * 255.0).round();
    ((0.0..=255.0).contains(&byte) && of_byte(byte as u8).to_bits() == value.to_bits()).then_some(byte as u8)
}

/// For each of `to` cells, the cells out of `from` that it covers with their parts of it.
fn shares(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let share = |cell: usize| {
        // In units of 1/to of an old cell, so that all but the last division is exact.
        let (start, end) = (cell * from, (cell + 1) * from);
        let covered = start / to..end.div_ceil(to);
        let part = |old: usize| end.min((old + 1) * to) - start.max(old * to);
        covered.map(|old| (old, part(old) as f64 / from as f64)).collect()
    };
    (0..to).map(share).collect()
}

impl Source {
    /// The shape in which it looks best.
    pub fn natural_shape(&self) -> [usize; 3] {
        match self {
            Source::Digit(_) | Source::Sample(_) => [SIDE, SIDE, 1],
            Source::Landscape => [32, 32, 3],
            Source::Numbers(_) | Source::Count => [5, 5, 1],
            Source::Impulse => [9, 9, 1],
            Source::Own(picture) => picture.shape,
        }
    }

    /// Whether its values are numbers to reckon with rather than pixels.
    pub fn is_numbers(&self) -> bool {
        matches!(self, Source::Numbers(_) | Source::Count)
    }

    /// The values in a shape; `fetched` is what a [`Source::Sample`] stands for, all zero until then.
    pub fn values(&self, shape: [usize; 3], fetched: Option<&Picture>) -> Vec<f32> {
        let [height, width, depth] = shape;
        let len = height * width * depth;
        match self {
            Source::Digit(class) => Picture { shape: [SIDE, SIDE, 1], values: digit(*class) }.fitted(shape),
            Source::Sample(_) => fetched.map_or_else(|| vec![0.0; len], |picture| picture.fitted(shape)),
            Source::Landscape => {
                Picture { shape: [height, width, 3], values: landscape(height, width) }.fitted(shape)
            }
            Source::Numbers(seed) => {
                let mut rng = Rng::new(u64::from(*seed), Purpose::Shuffle, 0, 0);
                (0..len).map(|_| rng.below(10) as f32).collect()
            }
            Source::Count => (1..=len).map(|number| number as f32).collect(),
            Source::Impulse => {
                let mut values = vec![0.0; len];
                let middle = ((height - 1) / 2 * width + (width - 1) / 2) * depth;
                values[middle..middle + depth].fill(1.0);
                values
            }
            Source::Own(picture) => picture.fitted(shape),
        }
    }

    /// The form in the address.
    pub fn to_text(&self) -> String {
        match self {
            Source::Digit(class) => format!("digit-{class}"),
            Source::Sample(Sample { dataset, split, idx }) => {
                let split = if *split == Split::Train { "train" } else { "test" };
                format!("{}-{split}-{idx}", dataset.folder())
            }
            Source::Landscape => "landscape".into(),
            Source::Numbers(seed) => format!("numbers-{seed}"),
            Source::Count => "count".into(),
            Source::Impulse => "impulse".into(),
            Source::Own(picture) => format!("own-{}", picture.to_text()),
        }
    }

    /// Reads [`Source::to_text`].
    pub fn from_text(text: &str) -> Option<Source> {
        match text {
            "landscape" => return Some(Source::Landscape),
            "count" => return Some(Source::Count),
            "impulse" => return Some(Source::Impulse),
            _ => {}
        }
        if let Some(class) = text.strip_prefix("digit-") {
            return class.parse().ok().filter(|class| *class < 10).map(Source::Digit);
        }
        if let Some(seed) = text.strip_prefix("numbers-") {
            return seed.parse().ok().map(Source::Numbers);
        }
        if let Some(own) = text.strip_prefix("own-") {
            return Picture::from_text(own).map(|picture| Source::Own(Arc::new(picture)));
        }
        let (rest, idx) = text.rsplit_once('-')?;
        let (dataset, split) = rest.rsplit_once('-')?;
        let dataset = DatasetId::ALL.into_iter().find(|id| id.folder() == dataset)?;
        let split = match split {
            "train" => Split::Train,
            "test" => Split::Test,
            _ => return None,
        };
        let idx = idx.parse().ok().filter(|idx| *idx < Sample::count(split))?;
        Some(Source::Sample(Sample { dataset, split, idx }))
    }
}

/// Sky, sun, hills and a house, red, green and blue from 0 to 1.
fn landscape(height: usize, width: usize) -> Vec<f32> {
    let mut values = Vec::with_capacity(height * width * 3);
    for row in 0..height {
        for col in 0..width {
            let (y, x) = ((row as f64 + 0.5) / height as f64, (col as f64 + 0.5) / width as f64);
            let far = 0.52 + 0.09 * libm::sin(x * 7.0);
            let near = 0.72 - 0.08 * libm::sin(x * 5.0 + 1.0);
            let is_wall = (0.16..0.42).contains(&x) && (0.58..0.86).contains(&y);
            let is_roof = (0.36..0.58).contains(&y) && libm::fabs(x - 0.29) < (y - 0.36) * 0.85;
            let is_door = (0.25..0.33).contains(&x) && y > 0.70;
            let is_sun = (x - 0.76) * (x - 0.76) + (y - 0.22) * (y - 0.22) < 0.0125;
            let colour = match () {
                () if is_wall && is_door => [0.35, 0.2, 0.12],
                () if is_wall => [0.93, 0.87, 0.74],
                () if is_roof => [0.74, 0.22, 0.17],
                () if y > near => [0.25, 0.55 - 0.2 * (y - near), 0.2],
                () if y > far => [0.4, 0.6, 0.5],
                () if is_sun => [1.0, 0.85, 0.3],
                () => [0.45 + 0.5 * y, 0.7 + 0.3 * y, 0.98],
            };
            // As a photo's bytes would be.
            values.extend(colour.map(|light: f64| of_byte((light * 255.0).round() as u8)));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_survive_the_address() {
        let pixels = Picture { shape: [3, 4, 2], values: (0..24).map(|byte| of_byte(byte * 10)).collect() };
        let numbers =
            Picture { shape: [3, 3, 1], values: vec![-1.5, 2.0, 3.0, 0.1, 5.0, 6.0, 7.0, 8.0, 9.0] };
        let sample = Sample { dataset: DatasetId::FashionMnist, split: Split::Test, idx: 17 };
        for source in [
            Source::Digit(9),
            Source::Sample(sample),
            Source::Landscape,
            Source::Numbers(12),
            Source::Count,
            Source::Impulse,
            Source::Own(Arc::new(pixels)),
            Source::Own(Arc::new(numbers)),
        ] {
            assert_eq!(Source::from_text(&source.to_text()), Some(source));
        }
    }

    #[test]
    fn hostile_sources_are_refused() {
        for text in [
            "digit-10",
            "digit-",
            "mnist-test-10000",
            "mnist-val-1",
            "numbers-4294967296",
            "own-3x3-1",
            "own-99999999999x3x3-1",
            "own-64x64x9-.AAAA",
            "own-3x3x1-.AAAA",
            "own-3x3x1-1,2,3",
            "own-3x3x1-1,2,3,4,5,6,7,8,nan",
            "own-2x3x1-1,2,3,4,5,6",
            "own",
            "-",
            "",
        ] {
            assert_eq!(Source::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_picture_in_its_own_shape_is_untouched_and_a_smaller_one_keeps_its_mean() {
        let picture = Picture { shape: [28, 28, 1], values: digit(3) };
        assert_eq!(picture.fitted([28, 28, 1]), digit(3));
        let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
        for side in [3, 5, 14, 27, 29, 64] {
            let small = picture.fitted([side, side, 2]);
            assert!((mean(&small) - mean(&picture.values)).abs() < 1e-5, "{side}");
        }
    }

    #[test]
    fn every_source_fills_every_shape() {
        for source in
            [Source::Digit(1), Source::Landscape, Source::Numbers(1), Source::Count, Source::Impulse]
        {
            for shape in [[3, 3, 1], [64, 5, 8], [7, 64, 3]] {
                let values = source.values(shape, None);
                assert_eq!(values.len(), shape.iter().product::<usize>());
                assert!(values.iter().any(|value| *value != 0.0), "{source:?} {shape:?}");
            }
        }
    }
}
