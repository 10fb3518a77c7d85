use super::*;
use crate::ui::digits::digit;

/// The digit with its ink `side` pixels high or wide, at a place of a pad of 64 cells.
fn redrawn(pixels: &[f32], side: usize, at: [usize; 2]) -> Picture {
    let whole = Picture { shape: [SIDE, SIDE, 1], values: pixels.to_vec() };
    let [top, left, height, width] = ink_box(&whole).unwrap();
    let rows = (top..top + height).flat_map(|row| whole.values[row * SIDE + left..][..width].to_vec());
    let cut = Picture { shape: [height, width, 1], values: rows.collect() };
    let [h, w] = [height, width].map(|own| (own * side / height.max(width)).max(1));
    let large = cut.fitted([h, w, 1]);
    let mut pad = vec![0.0; 64 * 64];
    for row in 0..h {
        let begin = (at[0].min(64 - h) + row) * 64 + at[1].min(64 - w);
        pad[begin..begin + w].copy_from_slice(&large[row * w..(row + 1) * w]);
    }
    Picture { shape: [64, 64, 1], values: pad }
}

fn mean_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32
}

#[test]
fn a_digit_of_the_set_is_ready_already() {
    for class in 0..10 {
        let pixels = digit(class);
        let ready = prepare(&Picture { shape: [SIDE, SIDE, 1], values: pixels.clone() }).unwrap();
        assert!(mean_distance(&ready.pixels, &pixels) < 0.03, "{class}");
    }
}

#[test]
fn the_middle_and_the_longer_side_are_those_of_the_set() {
    for (class, side, at) in [(0, 40, [0, 0]), (1, 60, [9, 30]), (7, 23, [40, 3])] {
        let ready = prepare(&redrawn(&digit(class), side, at)).unwrap();
        let [height, width, _] = ready.scaled.shape;
        assert_eq!(height.max(width), LONGER);
        let moved = center(&Picture { shape: [SIDE, SIDE, 1], values: ready.pixels });
        assert!(moved.iter().all(|at| (at - MIDDLE).abs() <= 0.5 + 1e-6), "{moved:?}");
    }
}

#[test]
fn paper_has_nothing_and_a_dot_is_enlarged() {
    let mut pad = Picture { shape: [30, 20, 1], values: vec![0.05; 600] };
    assert_eq!(prepare(&pad), None);
    pad.values[0] = 1.0;
    let dot = prepare(&pad).unwrap();
    assert_eq!((dot.ink_box, dot.scaled.shape), ([0, 0, 1, 1], [LONGER, LONGER, 1]));
}

#[test]
fn colours_become_gray_first() {
    let photo = Picture { shape: [4, 4, 3], values: (0..48).map(|idx| idx as f32 / 48.0).collect() };
    assert_eq!(prepare(&photo).unwrap().gray.shape, [4, 4, 1]);
}

/// Five digits of each class from the test file, redrawn at other sizes and places, are read by a small network that
/// was trained on other images: it must be able to tell them whatever the pad made of them.
#[cfg(feature = "cli")]
#[test]
fn fifty_digits_redrawn_elsewhere_are_read() {
    use std::path::Path;
    use std::sync::Arc;

    use crate::data::{DatasetId, files};
    use crate::engine::model::Sequential;
    use crate::engine::presets::Preset;
    use crate::engine::spec::{DataSpec, FitSpec, RunSpec};
    use crate::engine::trainer::{Trainer, fit};
    use crate::tensor::Tensor;
    use crate::tensor::rng::{Purpose, Rng};

    let samples = 8_000;
    let data = DataSpec { samples, validation_samples: 0, test_samples: 500, ..DataSpec::default() };
    let fitting = FitSpec { batch_size: 32, epochs: 3, ..FitSpec::default() };
    let job = RunSpec { data, fit: fitting, ..RunSpec::new(Preset::Lenet5.spec()) };
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let (_, train, test) = files::load(&dir, DatasetId::Mnist, samples, 500).unwrap();
    let mut trainer = Trainer::new(Sequential::new(&job.model, 1).unwrap(), &job, Arc::new(train));
    fit(&mut trainer, |_| ());
    let mut model = trainer.into_model();

    let mut rng = Rng::new(5, Purpose::Init, 0, 0);
    let (mut right, mut asked) = (0, 0);
    for class in 0..10u8 {
        let own = (0..test.len()).filter(|idx| test.labels()[*idx] == class).take(5);
        for idx in own {
            let pixels: Vec<f32> = test.image(idx).iter().map(|byte| f32::from(*byte) / 255.0).collect();
            let side = 22 + rng.below(40) as usize;
            let place = [rng.below(40) as usize, rng.below(40) as usize];
            let ready = prepare(&redrawn(&pixels, side, place)).unwrap();
            assert!(mean_distance(&ready.pixels, &pixels) < 0.08, "{idx}");
            let probabilities = model.predict(&Tensor::new(&[1, SIDE, SIDE, 1], ready.pixels));
            let values = probabilities.values();
            let best = (0..10).fold(0, |best, class| if values[class] > values[best] { class } else { best });
            right += usize::from(best == usize::from(class));
            asked += 1;
        }
    }
    assert_eq!(asked, 50);
    assert!(right >= 48, "{right} of 50");
}
