//! What the page knows of a dataset before its manifest was fetched: its name and its classes.

use crate::data::DatasetId;

/// Its proper name, the same in every language.
pub fn title(dataset: DatasetId) -> &'static str {
    match dataset {
        DatasetId::Mnist => "MNIST",
        DatasetId::FashionMnist => "Fashion-MNIST",
    }
}

/// Its classes in the order of their labels, as its manifest has them: a name with a dot is a locale
/// key, one without is shown as it stands.
pub fn classes(dataset: DatasetId) -> [&'static str; 10] {
    match dataset {
        DatasetId::Mnist => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        DatasetId::FashionMnist => [
            "dataset.fashion_mnist.class.t_shirt",
            "dataset.fashion_mnist.class.trouser",
            "dataset.fashion_mnist.class.pullover",
            "dataset.fashion_mnist.class.dress",
            "dataset.fashion_mnist.class.coat",
            "dataset.fashion_mnist.class.sandal",
            "dataset.fashion_mnist.class.shirt",
            "dataset.fashion_mnist.class.sneaker",
            "dataset.fashion_mnist.class.bag",
            "dataset.fashion_mnist.class.ankle_boot",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Manifest;

    #[test]
    fn names_and_classes_are_those_of_the_manifests() {
        let manifests = [
            (DatasetId::Mnist, include_bytes!("../../www/data/mnist/manifest.json").as_slice()),
            (DatasetId::FashionMnist, include_bytes!("../../www/data/fashion-mnist/manifest.json")),
        ];
        for (dataset, json) in manifests {
            let manifest = Manifest::parse_for(dataset, json).unwrap();
            assert_eq!(title(dataset), manifest.title);
            assert_eq!(&classes(dataset)[..], &manifest.classes[..]);
        }
    }
}
