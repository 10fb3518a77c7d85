//! Both files as two strips: what is trained on, what validates, what tests, what is left aside.

use super::parts::{Part, Parts, file_size};
use crate::data::Split;
use crate::engine::spec::{DataSpec, FitSpec};
use crate::ui::locale::Language;
use crate::ui::scene::{Align, Area, Draw, Ink, Pen, Point, Scene};

/// Images that stand together in a file and are used for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Which file.
    pub split: Split,
    /// The first one.
    pub from: usize,
    /// After the last one.
    pub to: usize,
    /// What for; nothing if they are left aside.
    pub part: Option<Part>,
}

impl Stretch {
    /// How many images.
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The stretches of both files from the front; there are no empty ones. The numbers must be usable.
pub fn stretches(data: &DataSpec, fit: &FitSpec) -> Vec<Stretch> {
    let at = data.num_train(fit);
    let (train_end, test_end) = (file_size(Split::Train), file_size(Split::Test));
    let of = |split, from, to, part| Stretch { split, from, to, part };
    let all = [
        of(Split::Train, 0, at, Some(Part::Train)),
        of(Split::Train, at, data.samples, Some(Part::Validation)),
        of(Split::Train, data.samples, train_end, None),
        of(Split::Test, 0, data.test_samples, Some(Part::Test)),
        of(Split::Test, data.test_samples, test_end, None),
    ];
    all.into_iter().filter(|stretch| stretch.from < stretch.to).collect()
}

/// Words of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct StripText {
    /// The reader's language, for numbers.
    pub language: Language,
    /// Above the training file.
    pub train: String,
    /// Above the test file.
    pub test: String,
}

const TEXT: f64 = 12.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = 34.0;
const BOTTOM: f64 = 22.0;
const EDGE: f64 = 1.0;
/// Between the two files, in px.
const GAP: f64 = 14.0;
/// Width of what is looked at together where classes are left out, in px.
const BIN: f64 = 4.0;

/// The ink of a part.
pub fn ink(part: Part) -> Ink {
    match part {
        Part::Train => Ink::Series0,
        Part::Validation => Ink::Series1,
        Part::Test => Ink::Series2,
    }
}

/// Draws the strips `width` px wide. Where classes are left out, `thinned` says which images are there: of
/// each piece as much is filled as is used.
pub fn strip_scene(stretches: &[Stretch], thinned: Option<&Parts>, words: &StripText, width: f64) -> Scene {
    let mut scene = Scene::new(width, TOP + HEIGHT + BOTTOM);
    let (train, test) = (file_size(Split::Train) as f64, file_size(Split::Test) as f64);
    let scale = (width - GAP - 2.0 * EDGE).max(1.0) / (train + test);
    let begin = |split| if split == Split::Train { EDGE } else { EDGE + train * scale + GAP };
    let place = |split, at: usize| begin(split) + at as f64 * scale;
    for stretch in stretches {
        let x = place(stretch.split, stretch.from);
        let area = Area { x, y: TOP, width: place(stretch.split, stretch.to) - x, height: HEIGHT };
        match stretch.part {
            None => scene.push(Draw::Hatch { area, ink: Ink::Line, gap: 8.0 }),
            Some(part) => {
                match thinned {
                    Some(parts) => push_bins(&mut scene, stretch, part, parts, area),
                    None => scene.push(Draw::Fill { area, ink: ink(part) }),
                }
                // Told apart by more than colour.
                if part == Part::Validation {
                    scene.push(Draw::Hatch { area, ink: Ink::Surface, gap: 10.0 });
                }
            }
        }
        scene.push(Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) });
    }
    let mut write = |text: String, x: f64, y: f64, ink, align| {
        scene.push(Draw::Text { at: Point { x, y }, text, ink, size: TEXT, align, mono: false });
    };
    write(words.train.clone(), EDGE, TOP - 11.0, Ink::Text, Align::Start);
    write(words.test.clone(), width - EDGE, TOP - 11.0, Ink::Text, Align::End);
    let below = TOP + HEIGHT + 12.0;
    let step = if width < 480.0 { 20_000 } else { 10_000 };
    for at in (0..file_size(Split::Train)).step_by(step) {
        let align = if at == 0 { Align::Start } else { Align::Middle };
        write(words.language.count(at), place(Split::Train, at), below, Ink::Muted, align);
    }
    // The end of one file and that of the other would touch where there is little room.
    let ends = [(Split::Train, place(Split::Train, file_size(Split::Train))), (Split::Test, width - EDGE)];
    for (split, x) in ends {
        write(words.language.count(file_size(split)), x, below, Ink::Muted, Align::End);
    }
    scene
}

/// Of every few px as much as is used.
fn push_bins(scene: &mut Scene, stretch: &Stretch, part: Part, parts: &Parts, area: Area) {
    let bins = ((area.width / BIN).ceil() as usize).clamp(1, stretch.len().max(1));
    let edge = |bin: usize| stretch.from + stretch.len() * bin / bins;
    let scale = area.width / stretch.len().max(1) as f64;
    for bin in 0..bins {
        let (from, to) = (edge(bin), edge(bin + 1));
        let share = parts.count_between(part, from, to) as f64 / (to - from).max(1) as f64;
        let height = area.height * share;
        let x = area.x + (from - stretch.from) as f64 * scale;
        let filled = Area { x, y: area.y + area.height - height, width: (to - from) as f64 * scale, height };
        if share > 0.0 {
            scene.push(Draw::Fill { area: filled, ink: ink(part) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{DatasetId, DatasetSplits, LabeledImages};
    use crate::protocol::LabelSet;
    use crate::tensor::rng::{Purpose, Rng};

    fn words() -> StripText {
        StripText {
            language: Language::Ru, train: "обучающий файл".into(), test: "тестовый".into()
        }
    }

    fn width_of(scene: &Scene, wanted: Ink) -> f64 {
        let widths = scene.draws.iter().filter_map(|draw| match draw {
            Draw::Fill { area, ink } if *ink == wanted => Some(area.width),
            _ => None,
        });
        widths.sum()
    }

    #[test]
    fn stretches_are_as_long_as_the_splits_and_cover_both_files() {
        let whole = LabeledImages::new([1, 1, 1], vec![0; 60_000], vec![0; 60_000]);
        let test = LabeledImages::new([1, 1, 1], vec![0; 10_000], vec![0; 10_000]);
        for seed in 0..40 {
            let mut rng = Rng::new(seed, Purpose::Init, 0, 0);
            let samples = 2 + rng.below(59_999) as usize;
            let validation_samples = rng.below(samples as u32) as usize;
            let test_samples = 1 + rng.below(10_000) as usize;
            let data = DataSpec { samples, validation_samples, test_samples, ..DataSpec::default() };
            let fit = FitSpec::default();
            let all = stretches(&data, &fit);
            let splits = DatasetSplits::new(whole.clone(), test.clone(), samples, validation_samples);
            let len = |part| all.iter().find(|s| s.part == part).map_or(0, Stretch::len);
            assert_eq!(len(Some(Part::Train)), splits.train.len());
            assert_eq!(len(Some(Part::Validation)), splits.validation.len());
            assert_eq!(len(Some(Part::Test)), test_samples);
            assert_eq!(all.iter().map(Stretch::len).sum::<usize>(), 70_000);
            let ends = all.windows(2).filter(|pair| pair[0].split == pair[1].split);
            assert!(ends.into_iter().all(|pair| pair[0].to == pair[1].from));

            let scene = strip_scene(&all, None, &words(), 700.0);
            let expected = splits.train.len() as f64 / 70_000.0 * (700.0 - GAP - 2.0 * EDGE);
            assert!((width_of(&scene, Ink::Series0) - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn a_fraction_is_cut_off_as_keras_does() {
        let data = DataSpec { samples: 1_000, validation_samples: 0, ..DataSpec::default() };
        let fit = FitSpec { validation_split: 0.25, ..FitSpec::default() };
        let all = stretches(&data, &fit);
        assert_eq!((all[0].to, all[1].from, all[1].to), (750, 750, 1_000));
        assert_eq!(all[1].part, Some(Part::Validation));
    }

    #[test]
    fn everything_stays_inside_at_every_width() {
        for (width, data) in [(300.0, DataSpec::default()), (900.0, DataSpec::default())] {
            let scene = strip_scene(&stretches(&data, &FitSpec::default()), None, &words(), width);
            for draw in &scene.draws {
                if let Draw::Fill { area, .. } | Draw::Hatch { area, .. } = draw {
                    assert!(area.x >= 0.0 && area.x + area.width <= width + 1e-9, "{draw:?}");
                }
            }
            assert!(
                scene.texts().any(|text| text == "60\u{202f}000"),
                "{:?}",
                scene.texts().collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn where_a_class_is_left_out_less_is_filled() {
        let train: Vec<u8> = (0..60_000u32).map(|at| (at % 2) as u8).collect();
        let set = LabelSet { dataset: DatasetId::Mnist, train, test: vec![0; 10_000] };
        let data = DataSpec { class_counts: Some([(1, 0)].into()), ..DataSpec::default() };
        let fit = FitSpec::default();
        let parts = Parts::new(&data, &fit, &Arc::new(set)).unwrap();
        let scene = strip_scene(&stretches(&data, &fit), Some(&parts), &words(), 700.0);
        let trained = scene.draws.iter().filter_map(|draw| match draw {
            Draw::Fill { area, ink: Ink::Series0 } => Some(area.height),
            _ => None,
        });
        let heights: Vec<f64> = trained.collect();
        assert!(heights.len() > 10 && heights.iter().all(|height| (height - HEIGHT / 2.0).abs() < 1.0));
    }
}
