//! [`Parts`]: which images of the two files a run uses, and as what.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::data::{DatasetId, Split};
use crate::engine::spec::{Choice, DataSpec, FitSpec};
use crate::protocol::LabelSet;
use crate::ui::convolution::Sample;

/// What an image is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The network learns from it.
    Train,
    /// It is measured by it after an epoch.
    Validation,
    /// It is judged by it in the end.
    Test,
}

impl Part {
    /// Every part, in the order of a run.
    pub const ALL: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

    /// The name of the choice.
    pub fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "validation",
            Part::Test => "test",
        }
    }

    /// The part of that name.
    pub fn from_name(name: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.name() == name)
    }

    /// The file that its images come from.
    pub fn split(self) -> Split {
        match self {
            Part::Train | Part::Validation => Split::Train,
            Part::Test => Split::Test,
        }
    }
}

/// Images in a file of either dataset.
pub fn file_size(split: Split) -> usize {
    Sample::count(split) as usize
}

/// Whether the numbers of images can be used: there are as many, and some are left to train on.
pub fn is_usable(data: &DataSpec, fit: &FitSpec) -> bool {
    let is_split = (0.0..1.0).contains(&fit.validation_split);
    data.samples <= file_size(Split::Train)
        && data.test_samples <= file_size(Split::Test)
        && data.validate().is_ok()
        && is_split
        && data.num_train(fit) > 0
}

/// Of a run's images their places and classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    labels: Arc<LabelSet>,
    choice: Choice,
    test: Vec<u32>,
}

impl Parts {
    /// The parts as the engine makes them; nothing if `labels` are of another dataset or too few.
    pub fn new(data: &DataSpec, fit: &FitSpec, labels: &Arc<LabelSet>) -> Option<Parts> {
        let is_enough = labels.dataset == data.dataset
            && labels.train.len() >= data.samples
            && labels.test.len() >= data.test_samples;
        if !is_enough || !is_usable(data, fit) {
            return None;
        }
        let classes = |labels: &[u8]| labels.iter().copied().map(u32::from).collect::<Vec<_>>();
        Some(Parts {
            choice: data.choose(fit, classes(&labels.train)),
            test: data.choose_test(classes(&labels.test)),
            labels: Arc::clone(labels),
        })
    }

    /// Which dataset.
    pub fn dataset(&self) -> DatasetId {
        self.labels.dataset
    }

    /// The images of a part: positions in its file, from the front.
    pub fn positions(&self, part: Part) -> &[u32] {
        match part {
            Part::Train => &self.choice.train,
            Part::Validation => &self.choice.validation,
            Part::Test => &self.test,
        }
    }

    /// Those of one class, or all.
    pub fn of_class(&self, part: Part, class: Option<u8>) -> Vec<u32> {
        let labels = self.labels(part);
        let is_wanted = |at: &u32| class.is_none_or(|class| labels[*at as usize] == class);
        self.positions(part).iter().copied().filter(is_wanted).collect()
    }

    /// How many images of each class a part has.
    pub fn class_counts(&self, part: Part) -> Vec<usize> {
        let labels = self.labels(part);
        let mut counts = vec![0; self.dataset().classes().len()];
        for at in self.positions(part) {
            if let Some(count) = counts.get_mut(usize::from(labels[*at as usize])) {
                *count += 1;
            }
        }
        counts
    }

    /// How many images of a part stand in its file from `from` up to `to`.
    pub fn count_between(&self, part: Part, from: usize, to: usize) -> usize {
        let positions = self.positions(part);
        let before = |end: usize| positions.partition_point(|at| (*at as usize) < end);
        before(to) - before(from)
    }

    fn labels(&self, part: Part) -> &[u8] {
        match part.split() {
            Split::Train => &self.labels.train,
            Split::Test => &self.labels.test,
        }
    }
}

/// A table of the classes' counts, ready for a spreadsheet; `names` are those of the classes.
pub fn counts_csv(names: &[String], parts: &Parts) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let counts = Part::ALL.map(|part| parts.class_counts(part));
    let mut csv = "class,name,train,validation,test\r\n".to_owned();
    for (class, name) in names.iter().enumerate() {
        let at = |part: usize| counts[part].get(class).copied().unwrap_or(0);
        // Writing to a String cannot fail.
        let _ = write!(csv, "{class},{},{},{},{}\r\n", quoted(name), at(0), at(1), at(2));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Batches, DatasetSplits, LabeledImages};
    use crate::engine::event::TrainEvent;
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;
    use crate::engine::trainer::{Step, Trainer};
    use crate::tensor::rng::{Purpose, Rng};

    fn labels(rng: &mut Rng, len: usize) -> Vec<u8> {
        (0..len).map(|_| rng.below(10) as u8).collect()
    }

    fn images(labels: &[u8]) -> LabeledImages {
        // A pixel that names the image, so that two with one label can be told apart.
        let pixels = (0..labels.len()).map(|at| (at % 251) as u8).collect();
        LabeledImages::new([1, 1, 1], pixels, labels.to_vec())
    }

    fn random_data(rng: &mut Rng) -> DataSpec {
        let samples = 2 + rng.below(300) as usize;
        let validation_samples = rng.below(samples as u32) as usize;
        let test_samples = 1 + rng.below(80) as usize;
        DataSpec { samples, validation_samples, test_samples, ..DataSpec::default() }
    }

    #[test]
    fn parts_are_those_of_the_splits_and_their_batches() {
        for seed in 0..60 {
            let mut rng = Rng::new(seed, Purpose::Init, 0, 0);
            let data = random_data(&mut rng);
            let (train, test) = (labels(&mut rng, 320), labels(&mut rng, 90));
            let set =
                Arc::new(LabelSet { dataset: DatasetId::Mnist, train: train.clone(), test: test.clone() });
            let fit = FitSpec::default();
            let parts = Parts::new(&data, &fit, &set).unwrap();
            let splits =
                DatasetSplits::new(images(&train), images(&test), data.samples, data.validation_samples);
            let whole = images(&train);
            assert_eq!(whole.select(parts.positions(Part::Train)), splits.train);
            assert_eq!(whole.select(parts.positions(Part::Validation)), splits.validation);
            assert_eq!(parts.class_counts(Part::Train), splits.train.class_counts(10));
            assert_eq!(parts.class_counts(Part::Validation), splits.validation.class_counts(10));
            let tested = splits.test.slice(0..data.test_samples);
            assert_eq!(parts.class_counts(Part::Test), tested.class_counts(10));

            let mut batches = Batches::new(splits.train.len(), 7, None, fit.shuffle, seed, 0);
            batches.begin_epoch();
            let mut seen = Vec::new();
            while batches.has_next() {
                seen.extend(batches.current().iter().map(|idx| parts.positions(Part::Train)[*idx as usize]));
                batches.advance();
            }
            seen.sort_unstable();
            assert_eq!(seen, parts.positions(Part::Train));
        }
    }

    #[test]
    fn counts_are_those_that_the_trainer_tells_of() {
        for seed in 0..20 {
            let mut rng = Rng::new(seed, Purpose::Init, 1, 0);
            let mut run = RunSpec::new(Preset::Softmax.spec());
            run.data = random_data(&mut rng);
            if seed % 2 == 0 {
                run.data.validation_samples = 0;
                run.fit.validation_split = 0.3;
            }
            let counts = (0..4).map(|_| (rng.below(10), rng.below(12) as usize));
            run.data.class_counts = Some(counts.collect());
            let train = labels(&mut rng, 320);
            let set =
                LabelSet { dataset: DatasetId::Mnist, train: train.clone(), test: labels(&mut rng, 90) };
            let Some(parts) = Parts::new(&run.data, &run.fit, &Arc::new(set)) else { continue };
            if parts.positions(Part::Train).is_empty() {
                continue;
            }
            let pixels = vec![0; 28 * 28 * train.len()];
            let images = Arc::new(LabeledImages::new([28, 28, 1], pixels, train));
            let model = Sequential::new(&run.model, run.seed).unwrap();
            let Step::Continue(TrainEvent::TrainBegin { samples, validation_samples, .. }) =
                Trainer::new(model, &run, images).step()
            else {
                panic!("it begins with its beginning")
            };
            assert_eq!(parts.positions(Part::Train).len(), samples);
            assert_eq!(parts.positions(Part::Validation).len(), validation_samples);
            assert_eq!(parts.class_counts(Part::Train).iter().sum::<usize>(), samples);
        }
    }

    #[test]
    fn a_class_is_found_in_its_part_alone() {
        let set = LabelSet { dataset: DatasetId::Mnist, train: vec![3, 8, 3, 8, 3], test: vec![8, 3] };
        let data = DataSpec { samples: 5, validation_samples: 2, test_samples: 2, ..DataSpec::default() };
        let parts = Parts::new(&data, &FitSpec::default(), &Arc::new(set)).unwrap();
        assert_eq!(parts.of_class(Part::Train, Some(3)), [0, 2]);
        assert_eq!(parts.of_class(Part::Validation, Some(3)), [4]);
        assert_eq!(parts.of_class(Part::Test, None), [0, 1]);
        assert_eq!(parts.count_between(Part::Train, 1, 5), 2);
        let names: Vec<String> = (0..10).map(|class| format!("\"{class}\"")).collect();
        assert!(counts_csv(&names, &parts).contains("3,\"\"\"3\"\"\",2,1,1\r\n"));
    }

    #[test]
    fn there_are_no_parts_of_other_labels_or_of_impossible_numbers() {
        let set = Arc::new(LabelSet { dataset: DatasetId::Mnist, train: vec![0; 50], test: vec![0; 5] });
        let usable = DataSpec { samples: 50, validation_samples: 10, test_samples: 5, ..DataSpec::default() };
        let fit = FitSpec::default();
        let of = |data: DataSpec, fit: &FitSpec| Parts::new(&data, fit, &set).is_some();
        assert!(of(usable.clone(), &fit));
        assert!(!of(DataSpec { dataset: DatasetId::FashionMnist, ..usable.clone() }, &fit));
        assert!(!of(DataSpec { samples: 51, ..usable.clone() }, &fit));
        assert!(!of(DataSpec { test_samples: 6, ..usable.clone() }, &fit));
        assert!(!of(DataSpec { validation_samples: 50, ..usable.clone() }, &fit));
        let whole = FitSpec { validation_split: 1.0, ..FitSpec::default() };
        assert!(!of(DataSpec { validation_samples: 0, ..usable }, &whole));
    }
}
