//! What the address holds: which test images, and how the result is looked at.

use crate::data::DatasetId;
use crate::engine::spec::{DataSpec, RunSpec};
use crate::ui::routes::Query;
use crate::ui::widgets::confusion_matrix::MatrixMode;

/// Which test images; kept in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// Which dataset.
    pub dataset: DatasetId,
    /// How many images from the start of its test file.
    pub images: usize,
}

impl Setup {
    /// What can be chosen for [`Setup::images`]: a quick part and all.
    pub const IMAGES: [usize; 2] = [1_000, 10_000];

    /// From the address; what is missing there, or makes no sense, is the model's own dataset and
    /// the quick part.
    pub fn from_query(query: &Query, model_dataset: Option<DatasetId>) -> Setup {
        let dataset = query.parse("dataset").or(model_dataset).unwrap_or_default();
        let images = query.parse("images").filter(|images| Self::IMAGES.contains(images));
        Setup { dataset, images: images.unwrap_or(Self::IMAGES[0]) }
    }

    /// For the address, beside what else stands there.
    pub fn write(self, query: Query) -> Query {
        query.with("dataset", &self.dataset).with("images", &self.images)
    }

    /// What the worker needs to know. Classes that the model's own run leaves out are not tested either.
    pub fn data(self, job: Option<&RunSpec>) -> DataSpec {
        let (dataset, test_samples) = (self.dataset, self.images);
        let own = job.filter(|job| job.data.dataset == dataset);
        let class_counts = own.and_then(|job| job.data.class_counts.clone());
        DataSpec { dataset, samples: 0, validation_samples: 0, test_samples, class_counts }
    }
}

/// What the table of classes is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// The order of labels.
    #[default]
    Class,
    /// Images of the class.
    Support,
    /// Images predicted as the class.
    Predicted,
    /// Precision.
    Precision,
    /// Recall: the accuracy within the class.
    Recall,
    /// F1.
    F1,
    /// Images predicted wrong.
    Wrong,
    /// Their share.
    ErrorRate,
}

impl SortKey {
    /// Every column.
    pub const ALL: [SortKey; 8] = [
        SortKey::Class,
        SortKey::Support,
        SortKey::Predicted,
        SortKey::Precision,
        SortKey::Recall,
        SortKey::F1,
        SortKey::Wrong,
        SortKey::ErrorRate,
    ];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            SortKey::Class => "class",
            SortKey::Support => "support",
            SortKey::Predicted => "predicted",
            SortKey::Precision => "precision",
            SortKey::Recall => "recall",
            SortKey::F1 => "f1",
            SortKey::Wrong => "wrong",
            SortKey::ErrorRate => "error",
        }
    }
}

/// How the result is looked at; kept in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// What the matrix says.
    pub matrix: MatrixMode,
    /// Bins of the calibration.
    pub bins: usize,
    /// What the classes are ordered by.
    pub sort: SortKey,
    /// Whether the largest comes first.
    pub is_falling: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { matrix: MatrixMode::Counts, bins: 10, sort: SortKey::Class, is_falling: false }
    }
}

impl Look {
    /// The numbers of bins that can be chosen.
    pub const BINS: std::ops::RangeInclusive<usize> = 2..=50;

    /// From the address; what is missing there, or makes no sense, is as at first.
    pub fn from_query(query: &Query) -> Look {
        let default = Look::default();
        let matrix = query.get("matrix").and_then(MatrixMode::from_name);
        let bins = query.parse("bins").filter(|bins| Self::BINS.contains(bins));
        let sort = query.get("sort").and_then(|name| SortKey::ALL.into_iter().find(|key| key.name() == name));
        Look {
            matrix: matrix.unwrap_or(default.matrix),
            bins: bins.unwrap_or(default.bins),
            sort: sort.unwrap_or(default.sort),
            is_falling: query.get("order") == Some("falling"),
        }
    }

    /// For the address, beside what else stands there.
    pub fn write(self, query: Query) -> Query {
        let order = if self.is_falling { "falling" } else { "rising" };
        query
            .with("matrix", &self.matrix.name())
            .with("bins", &self.bins)
            .with("sort", &self.sort.name())
            .with("order", &order)
    }

    /// The names in an address whose values make no sense, joined by commas.
    pub fn bad_names(query: &Query) -> String {
        let makes_sense = |name: &str, value: &str| match name {
            "dataset" => value.parse::<DatasetId>().is_ok(),
            "images" => value.parse().is_ok_and(|images| Setup::IMAGES.contains(&images)),
            "matrix" => MatrixMode::from_name(value).is_some(),
            "bins" => value.parse().is_ok_and(|bins| Self::BINS.contains(&bins)),
            "sort" => SortKey::ALL.into_iter().any(|key| key.name() == value),
            _ => ["rising", "falling"].contains(&value),
        };
        let names = ["dataset", "images", "matrix", "bins", "sort", "order"].into_iter();
        let bad = names.filter(|name| query.get(name).is_some_and(|value| !makes_sense(name, value)));
        bad.collect::<Vec<_>>().join(", ")
    }

    /// Orders by a column, numbers from the largest on; a second time the other way round.
    pub fn sort_by(&mut self, key: SortKey) {
        self.is_falling = if self.sort == key { !self.is_falling } else { key != SortKey::Class };
        self.sort = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;

    #[test]
    fn the_address_holds_the_choice_and_forgives_nonsense() {
        let setup = Setup { dataset: DatasetId::FashionMnist, images: 10_000 };
        assert_eq!(Setup::from_query(&setup.write(Query::default()), None), setup);
        let nonsense = Query::default().with("dataset", &"cats").with("images", &7);
        assert_eq!(
            Setup::from_query(&nonsense, Some(DatasetId::FashionMnist)),
            Setup { dataset: DatasetId::FashionMnist, images: 1_000 }
        );
    }

    #[test]
    fn the_look_stands_in_the_address_beside_the_choice() {
        let setup = Setup { dataset: DatasetId::FashionMnist, images: 10_000 };
        let look = Look { matrix: MatrixMode::Columns, bins: 15, sort: SortKey::F1, is_falling: true };
        let query = look.write(setup.write(Query::default()));
        assert_eq!((Setup::from_query(&query, None), Look::from_query(&query)), (setup, look));
        let nonsense = query.with("matrix", &"x").with("bins", &51).with("sort", &"y").with("order", &"z");
        assert_eq!(Look::from_query(&nonsense), Look::default());
        assert_eq!(Look::bad_names(&nonsense), "matrix, bins, sort, order");
        assert_eq!(Look::bad_names(&Look::default().write(setup.write(Query::default()))), "");
    }

    #[test]
    fn a_second_press_turns_the_order_round() {
        let mut look = Look::default();
        look.sort_by(SortKey::Recall);
        assert!(look.is_falling && look.sort == SortKey::Recall);
        look.sort_by(SortKey::Recall);
        assert!(!look.is_falling);
        look.sort_by(SortKey::Class);
        assert!(!look.is_falling);
    }

    #[test]
    fn classes_that_the_run_leaves_out_are_not_tested() {
        let mut job = RunSpec::new(Preset::Mlp.spec());
        job.data.class_counts = Some([(3, 0)].into());
        let setup = Setup { dataset: job.data.dataset, images: 1_000 };
        assert_eq!(setup.data(Some(&job)).class_counts, job.data.class_counts);
        assert_eq!(setup.data(None).class_counts, None);
        let other = Setup { dataset: DatasetId::FashionMnist, ..setup };
        assert_eq!(other.data(Some(&job)).class_counts, None, "other classes have other numbers");
    }
}
