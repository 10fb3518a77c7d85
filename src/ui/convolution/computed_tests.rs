//! What is shown is what the engine computes, over random settings.

use super::computed::Computed;
use super::*;
use crate::engine::layers::Activation;
use crate::tensor::kernels::{Window, conv2d};
use crate::tensor::rng::{Purpose, Rng};
use std::sync::Arc;

/// Settings of every kind; about a fifth of them are impossible.
fn random_setup(seed: u64) -> Setup {
    let mut rng = Rng::new(seed, Purpose::Shuffle, 1, 1);
    let mut pick = |range: std::ops::RangeInclusive<usize>| {
        range.start() + rng.below((range.end() - range.start() + 1) as u32) as usize
    };
    let mut setup = Setup::default();
    let shape = [pick(3..=13), pick(3..=13), pick(1..=4)];
    let depthwise = pick(0..=3) == 0;
    let groups = if !depthwise && shape[2] % 2 == 0 { pick(1..=2) } else { 1 };
    let layer = LayerSetup {
        depthwise,
        filters: if depthwise { pick(1..=2) } else { groups * pick(1..=3) },
        kernel_size: [pick(1..=5), pick(1..=5)],
        strides: [pick(1..=3), pick(1..=3)],
        padding: match pick(0..=2) {
            0 => PadChoice::Valid,
            1 => PadChoice::Same,
            _ => PadChoice::Cells(pick(0..=3)),
        },
        dilation_rate: if pick(0..=2) == 0 { [pick(1..=3), pick(1..=3)] } else { [1, 1] },
        groups,
        use_bias: pick(0..=1) == 1,
        activation: Activation::ALL[pick(0..=Activation::ALL.len() - 1)],
    };
    let flip = pick(0..=1) == 1;
    let source = if pick(0..=1) == 0 { Source::Digit(pick(0..=9)) } else { Source::Numbers(seed as u32) };
    let seeds: Vec<u32> = (0..8).map(|_| pick(0..=1_000_000) as u32).collect();
    setup.change(|setup| {
        setup.source = source;
        setup.shape = shape;
        setup.layer = layer;
        setup.flip = flip;
    });
    for (filter, seed) in setup.filters.iter_mut().zip(&seeds) {
        *filter = Filter::random(*seed, filter.size, filter.depth);
    }
    for (idx, bias) in setup.bias.iter_mut().enumerate() {
        *bias = seeds[idx % 8] as f32 / 1e6 - 0.5;
    }
    setup
}

#[test]
fn every_cell_is_the_engines_to_the_bit_and_its_arithmetic_adds_up_to_it() {
    let mut possible = 0;
    for seed in 0..500 {
        let computed = Computed::new(Arc::new(random_setup(seed)), None);
        let Ok(maps) = &computed.maps else {
            assert!(computed.is_empty() && computed.arithmetic(0, 0).is_none());
            continue;
        };
        possible += 1;
        for idx in 0..computed.len() {
            for output in 0..computed.outputs() {
                let arithmetic = computed.arithmetic(output, idx).unwrap();
                let at = idx * computed.outputs() + output;
                assert_eq!(arithmetic.total.to_bits(), maps.sums[at].to_bits(), "{:?}", computed.setup);
                assert_eq!(arithmetic.value.to_bits(), maps.values[at].to_bits());
            }
        }
    }
    assert!(possible > 350, "{possible}");
}

#[test]
fn the_lessons_own_loop_gives_the_same_bits() {
    for seed in 0..200 {
        let setup = random_setup(seed);
        if setup.layer.depthwise || setup.layer.groups > 1 {
            continue;
        }
        let computed = Computed::new(Arc::new(setup), None);
        let (Ok(maps), setup) = (&computed.maps, &computed.setup) else { continue };
        let window = Window {
            input: setup.shape,
            output: computed.output(),
            size: setup.layer.kernel_size,
            strides: setup.layer.strides,
            dilation: setup.layer.dilation_rate,
            before: computed.axes.map(Axis::before),
        };
        let params = setup.params();
        let (kernel, bias) = params.split_at(window.num_inputs() * setup.outputs());
        let mut output = vec![0.0; maps.sums.len()];
        if !bias.is_empty() {
            output.chunks_exact_mut(bias.len()).for_each(|cell| cell.copy_from_slice(bias));
        }
        conv2d::naive(&window, &computed.image, kernel, &mut output);
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&output), bits(&maps.sums), "{setup:?}");
    }
}

#[test]
fn what_feeds_a_cell_is_what_its_window_covers() {
    for seed in 0..60 {
        let computed = Computed::new(Arc::new(random_setup(seed)), None);
        let [kh, kw] = computed.setup.layer.kernel_size;
        let mut pairs = Vec::new();
        for h in 0..kh {
            for w in 0..kw {
                for (idx, [row, col]) in computed.met([h, w]).into_iter().enumerate() {
                    pairs.push((computed.cell(idx), [row, col], [h, w]));
                }
            }
        }
        let [rows, cols] = computed.axes.map(Axis::padded);
        let mut fed = Vec::new();
        for row in 0..rows {
            for col in 0..cols {
                fed.extend(computed.fed(row, col).into_iter().map(|(out, weight)| (out, [row, col], weight)));
            }
        }
        pairs.sort_unstable();
        fed.sort_unstable();
        assert_eq!(fed, pairs, "{:?}", computed.setup);
    }
}

#[test]
fn the_identity_gives_the_digit_back_and_an_impulse_shows_the_filter() {
    let mut setup = Setup::default();
    setup.layer.padding = PadChoice::Same;
    setup.filters = vec![Filter::preset(Preset::Identity, [5, 5], 1)];
    let computed = Computed::new(Arc::new(setup.clone()), None);
    assert_eq!(computed.map(0), computed.image);
    setup.choose_source(Source::Impulse);
    setup.filters = vec![Filter::random(3, [5, 5], 1)];
    let around = |setup: &Setup| {
        let map = Computed::new(Arc::new(setup.clone()), None).map(0);
        (0..25).map(|idx| map[(2 + idx / 5) * 9 + 2 + idx % 5]).collect::<Vec<_>>()
    };
    assert_eq!(around(&setup), setup.filters[0].turned());
    // Only what mathematicians call a convolution gives the filter as it stands.
    setup.flip = true;
    assert_eq!(around(&setup), setup.filters[0].weights);
}

#[test]
fn steps_stay_on_the_map() {
    let computed = Computed::new(Arc::new(Setup::default()), None);
    assert_eq!(computed.stepped(23, Step::Next), 24);
    assert_eq!(computed.stepped(23, Step::By(0, 1)), 23);
    assert_eq!(computed.stepped(23, Step::By(1, 0)), 47);
    assert_eq!(computed.stepped(0, Step::Previous), 0);
    assert_eq!(computed.stepped(0, Step::Last), 575);
    let mut impossible = Setup::default();
    impossible.layer.dilation_rate = [8, 8];
    let computed = Computed::new(Arc::new(impossible), None);
    assert!(computed.is_empty());
    assert_eq!(computed.stepped(9, Step::Next), 0);
}

#[test]
fn a_change_of_padding_keeps_the_window_where_it_was() {
    let plain = Computed::new(Arc::new(Setup::default()), None);
    let mut setup = Setup::default();
    setup.layer.padding = PadChoice::Cells(3);
    let padded = Computed::new(Arc::new(setup), None);
    let idx = 10 * 24 + 7;
    let moved = padded.same_place(&plain, idx);
    assert_eq!(padded.cell(moved), [13, 10]);
    assert_eq!(plain.same_place(&padded, moved), idx);
}
