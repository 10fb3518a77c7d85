//! The programs that the laboratory's pages give away: they are the recorded ones, and what real Keras
//! computed when it ran them is what the pages show.
//!
//! `tests/programs/record.py` runs them. After a change of a program, write it anew with
//! `SVERTKA_WRITE_PROGRAMS=1 cargo test --test programs`, then record.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use std::sync::Arc;
use svertka::engine::layers::{Activation, Padding};
use svertka::ui::convolution::{self, Computed, Filter, LayerSetup, PadChoice, Setup, Source};
use svertka::ui::pages::backwards::{self, BackSetup, BackState, DilatedState, Stack, TransposedState};
use svertka::ui::pages::chain::{self, ChainLayer, ChainSetup, ChainState, Kernels};
use svertka::ui::pages::losses::{self, BinaryState, EntropyState, LossSetup, PenaltyState, Regularizer};
use svertka::ui::pages::neuron::{self, Example, NeuronSetup, NeuronState};
use svertka::ui::pages::optimizers::{self, RaceState};
use svertka::ui::pages::pooling::{self, PoolInput, PoolKind, PoolSetup, PoolState};
use svertka::ui::widgets::number_grid::NumberGrid;

/// Of the largest number: sums are rounded in another order.
const TOLERANCE: f32 = 2e-6;

/// Compares a program with the recorded one, and arrays with what it computed.
fn check(name: &str, program: &str, arrays: &[(&str, Vec<f32>)]) {
    check_within(TOLERANCE, name, program, arrays);
}

/// As [`check`], with so much allowed of an array's largest number.
fn check_within(tolerance: f32, name: &str, program: &str, arrays: &[(&str, Vec<f32>)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let file = folder.join(format!("{name}.py"));
    if env::var_os("SVERTKA_WRITE_PROGRAMS").is_some() {
        fs::write(&file, program).unwrap();
        return;
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), program, "{name}.py is another program");
    let recorded = fs::read_to_string(file.with_extension("json")).unwrap();
    let recorded: BTreeMap<String, Vec<f32>> = serde_json::from_str(&recorded).unwrap();
    assert_eq!(recorded.len(), arrays.len(), "{name}: arrays");
    for (array, values) in arrays {
        let expected = &recorded[*array];
        assert_eq!(values.len(), expected.len(), "{name}: {array}");
        let largest = expected.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        for (value, expected) in values.iter().zip(expected) {
            assert!(
                (value - expected).abs() <= tolerance * largest,
                "{name}: {array}: {value} for {expected}"
            );
        }
    }
}

#[test]
fn pooling_is_keras_pooling() {
    let negative = NumberGrid::from_text("-3,-1.5,-2,-7,-7~-4,-9,-1,-1,-1~0.25,-0.5,-8,-2,-6").unwrap();
    let cases = [
        ("max_lecture", PoolSetup::default()),
        ("max_ties", PoolSetup { input: PoolInput::Ties, ..PoolSetup::default() }),
        (
            "max_same",
            PoolSetup {
                pool_size: [2, 3],
                strides: Some([1, 2]),
                padding: Padding::Same,
                input: PoolInput::of(negative.clone()),
                ..PoolSetup::default()
            },
        ),
        (
            "average_same",
            PoolSetup {
                kind: PoolKind::Average,
                pool_size: [3, 2],
                strides: Some([2, 1]),
                padding: Padding::Same,
                input: PoolInput::of(negative),
            },
        ),
        (
            "average_gaps",
            PoolSetup {
                kind: PoolKind::Average,
                strides: Some([3, 3]),
                input: PoolInput::Count,
                ..PoolSetup::default()
            },
        ),
        ("max_digit", PoolSetup { pool_size: [3, 3], input: PoolInput::Digit(3), ..PoolSetup::default() }),
    ];
    for (name, setup) in cases {
        let state = PoolState::new(&setup).unwrap();
        let len = state.output.values.len();
        let arrays = [("pooled", state.output.values.clone()), ("gradient", state.gradient(len).values)];
        check(&format!("pooling_{name}"), &pooling::to_python(&state), &arrays);
    }
}

#[test]
fn a_chain_is_a_keras_model() {
    let layers = |text: &str| text.split('~').map(|text| ChainLayer::from_text(text).unwrap()).collect();
    let cases = [
        ("lecture", ChainSetup::default()),
        (
            "landscape",
            ChainSetup {
                source: Source::Landscape,
                layers: layers(
                    "conv-3-5-2-same-1-tanh~average-3-2-same~conv-2-3-1-valid-2-sigmoid~max-2-1-same",
                ),
                kernels: Kernels::Random,
                seed: 7,
                ..ChainSetup::default()
            },
        ),
    ];
    for (name, setup) in cases {
        let state = ChainState::new(&setup, None).unwrap();
        let maps = state.maps.iter().flat_map(|map| map.values.clone()).collect();
        check(&format!("chain_{name}"), &chain::to_python(&state).unwrap(), &[("keras_maps", maps)]);
    }
}

/// Numbers that no symmetry hides.
fn backwards_cases() -> Vec<(&'static str, BackSetup)> {
    let input = NumberGrid::from_text("1,-2,3,0.5,2~0,1.5,-1,4,1~2,2,0,-3,1~-1,0,5,1,0.25").unwrap();
    let kernel = NumberGrid::from_text("1,-2,0.5~3,0.25,-1").unwrap();
    let sent = NumberGrid::from_text("1,2,-1,0.5,3~-2,1,0,1,1~0.5,0,1,2,-1~1,1,2,-3,0").unwrap();
    let setup = BackSetup { input, kernel, sent: Some(sent), ..BackSetup::default() };
    let same = BackSetup { padding: Padding::Same, ..setup.clone() };
    vec![
        ("first", BackSetup::default()),
        ("valid", setup.clone()),
        ("same", same.clone()),
        ("valid_strides", BackSetup { strides: 2, ..setup.clone() }),
        ("same_strides", BackSetup { strides: 2, ..same.clone() }),
        ("valid_dilation", BackSetup { dilation_rate: 2, ..setup }),
        ("same_dilation", BackSetup { dilation_rate: 2, ..same.clone() }),
        ("same_wide", BackSetup { strides: 4, ..same }),
    ]
}

#[test]
fn gradients_are_those_of_keras() {
    for (name, setup) in backwards_cases() {
        let state = BackState::new(&setup).unwrap();
        let (kernel, input) = state.gradients(state.sent.values.len());
        let arrays = [("grad_kernel", kernel.values), ("grad_input", input.values)];
        check(&format!("gradients_{name}"), &backwards::gradients_to_python(&state), &arrays);
    }
}

#[test]
fn transposed_convolutions_are_those_of_keras() {
    for (name, setup) in backwards_cases().into_iter().filter(|(_, setup)| setup.dilation_rate == 1) {
        let state = TransposedState::new(&setup);
        let arrays = [("result", state.output.values.clone())];
        check(&format!("transposed_{name}"), &backwards::transposed_to_python(&state), &arrays);
    }
}

#[test]
fn dilated_convolutions_and_what_a_stack_of_them_sees_are_those_of_keras() {
    let stack = |kernel_size: usize, rates: &[usize]| Stack { kernel_size, rates: rates.to_vec() };
    let wide = BackSetup { dilation_rate: 3, padding: Padding::Same, ..backwards_cases()[1].1.clone() };
    let cases = [
        ("first", BackSetup::dilated()),
        ("same", BackSetup { stack: stack(2, &[2, 4, 2]), ..wide.clone() }),
        ("holes", BackSetup { stack: stack(3, &[1, 5]), dilation_rate: 4, ..wide }),
        ("none", BackSetup { stack: stack(4, &[1]), dilation_rate: 1, ..BackSetup::dilated() }),
    ];
    for (name, setup) in cases {
        let state = DilatedState::new(&setup).unwrap();
        let ways = state.setup.stack.square();
        let ways = ways.into_iter().map(|count| if count.is_nan() { 0.0 } else { count }).collect();
        let arrays = [
            ("result", state.output.values.clone()),
            ("dense", state.dense_output.values.clone()),
            ("ways", ways),
        ];
        check(&format!("dilated_{name}"), &backwards::dilated_to_python(&state), &arrays);
    }
}

/// The layers whose programs are recorded: every argument, alone and with others.
fn convolution_cases() -> Vec<(&'static str, [usize; 3], LayerSetup)> {
    let plain = LayerSetup { kernel_size: [3, 2], ..LayerSetup::default() };
    let depthwise = LayerSetup { depthwise: true, filters: 2, use_bias: true, ..plain };
    let activated = |activation| LayerSetup { filters: 3, use_bias: true, activation, ..plain };
    vec![
        ("valid", [6, 7, 1], plain),
        ("valid_remainder", [8, 7, 2], LayerSetup { strides: [3, 2], filters: 2, ..plain }),
        ("same", [6, 7, 2], LayerSetup { padding: PadChoice::Same, ..plain }),
        (
            "same_strides",
            [7, 8, 2],
            LayerSetup { padding: PadChoice::Same, strides: [2, 3], filters: 2, ..plain },
        ),
        ("cells", [5, 4, 1], LayerSetup { padding: PadChoice::Cells(2), strides: [2, 1], ..plain }),
        ("dilation", [9, 8, 1], LayerSetup { dilation_rate: [2, 3], ..plain }),
        ("dilation_same", [6, 6, 2], LayerSetup { padding: PadChoice::Same, dilation_rate: [3, 2], ..plain }),
        ("groups", [5, 6, 4], LayerSetup { groups: 2, filters: 6, ..plain }),
        (
            "groups_same",
            [7, 6, 3],
            LayerSetup { groups: 3, filters: 3, padding: PadChoice::Same, strides: [2, 2], ..plain },
        ),
        ("depthwise", [6, 5, 3], LayerSetup { strides: [2, 2], ..depthwise }),
        ("depthwise_cells", [5, 5, 2], LayerSetup { padding: PadChoice::Cells(1), ..depthwise }),
        ("depthwise_dilation", [7, 6, 2], LayerSetup { dilation_rate: [2, 3], ..depthwise }),
        (
            "depthwise_strides",
            [8, 7, 2],
            LayerSetup { padding: PadChoice::Same, strides: [3, 2], ..depthwise },
        ),
        (
            "depthwise_both",
            [9, 9, 2],
            LayerSetup {
                padding: PadChoice::Cells(1),
                strides: [2, 2],
                dilation_rate: [2, 1],
                activation: Activation::Relu,
                ..depthwise
            },
        ),
        (
            "depthwise_same_both",
            [8, 9, 1],
            LayerSetup { padding: PadChoice::Same, strides: [2, 2], dilation_rate: [2, 2], ..depthwise },
        ),
        ("relu", [6, 6, 2], activated(Activation::Relu)),
        ("softmax", [5, 5, 1], activated(Activation::Softmax)),
        ("gelu", [5, 5, 1], activated(Activation::Gelu)),
    ]
}

/// Numbers that no symmetry hides.
fn convolution_of(shape: [usize; 3], layer: LayerSetup, flip: bool) -> Computed {
    let mut setup = Setup { source: Source::Numbers(3), shape, flip, ..Setup::default() };
    setup.change(|setup| setup.layer = layer);
    for (idx, filter) in setup.filters.iter_mut().enumerate() {
        *filter = Filter::random(idx as u32 + 1, filter.size, filter.depth);
    }
    for (idx, bias) in setup.bias.iter_mut().enumerate() {
        *bias = idx as f32 * 0.75 - 1.0;
    }
    Computed::new(Arc::new(setup), None)
}

fn check_convolution(name: &str, computed: &Computed) {
    let maps = computed.maps.as_ref().unwrap();
    let program = convolution::to_python(computed);
    check(&format!("convolution_{name}"), &program, &[("keras_maps", maps.values.clone())]);
}

#[test]
fn convolutions_are_those_of_keras() {
    for (name, shape, layer) in convolution_cases() {
        check_convolution(name, &convolution_of(shape, layer, false));
    }
    let flipped = LayerSetup { kernel_size: [3, 2], filters: 2, ..LayerSetup::default() };
    check_convolution("flip", &convolution_of([5, 6, 2], flipped, true));
    check_convolution("first", &Computed::new(Arc::new(Setup::default()), None));
    let mut landscape = Setup::default();
    landscape.choose_source(Source::Landscape);
    landscape.change(|setup| setup.layer.filters = 3);
    check_convolution("landscape", &Computed::new(Arc::new(landscape), None));
}

#[test]
fn races_are_run_by_keras() {
    let first = optimizers::Setup::default();
    let mut noisy = optimizers::Setup { noise: 2.0, seed: 7, steps: 40, ..first.clone() };
    noisy.racers = optimizers::Setup::offers().into_iter().map(|spec| noisy.suited(spec)).take(8).collect();
    let mut himmelblau = optimizers::Setup { steps: 40, ..first.clone() };
    himmelblau.choose(optimizers::SurfaceKind::Himmelblau);
    himmelblau.racers = optimizers::Setup::offers().into_iter().skip(7).collect();
    optimizers::Lane::Surface.suit(&mut himmelblau);
    for (name, setup) in [("first", first), ("noisy", noisy), ("himmelblau", himmelblau)] {
        let state = RaceState::new(setup);
        // In Keras 1 − beta_2 is taken of another number, by 1.3e-5 of it, and every step builds on the last.
        check_within(
            5e-5,
            &format!("optimizers_{name}"),
            &optimizers::to_python(&state),
            &[("paths", state.places())],
        );
    }
}

/// The programs print Keras's own words; there is nothing to compare.
#[test]
fn what_keras_refuses_is_written_to_ask_it() {
    let both = LayerSetup { strides: [2, 2], dilation_rate: [2, 2], ..LayerSetup::default() };
    let wide = LayerSetup { kernel_size: [9, 9], ..LayerSetup::default() };
    let groups = LayerSetup { groups: 2, filters: 2, ..LayerSetup::default() };
    for (name, shape, layer) in
        [("both", [9, 9, 1], both), ("wide", [6, 6, 1], wide), ("groups", [6, 6, 3], groups)]
    {
        let computed = convolution_of(shape, layer, false);
        check(&format!("convolution_refused_{name}"), &convolution::to_python(&computed), &[]);
    }
}

#[test]
fn losses_and_penalties_are_those_of_keras() {
    let mut smoothed = LossSetup::default();
    smoothed.p.give(0, 6_000);
    smoothed.smoothing = 0.1;
    let mut cases = vec![("entropy_first", LossSetup::default()), ("entropy_smoothed", smoothed)];
    let binary = LossSetup {
        view: losses::View::Binary,
        binary_smoothing: 0.2,
        prediction: 0.5,
        logit: 0.0,
        ..LossSetup::default()
    };
    cases.push(("binary_logit", LossSetup { from_logits: true, ..binary.clone() }));
    cases.push(("binary_probability", LossSetup { target: 0.25, ..binary }));
    for (name, regularizer) in [
        ("penalty_l1", Regularizer::L1),
        ("penalty_l2", Regularizer::L2),
        ("penalty_both", Regularizer::L1L2),
        ("penalty_none", Regularizer::None),
    ] {
        let view = losses::View::Penalty;
        cases.push((name, LossSetup { view, regularizer, steps: 7, ..LossSetup::default() }));
    }
    for (name, setup) in cases {
        let (values, gradient) = match setup.view {
            losses::View::Entropy => {
                let state = EntropyState::new(&setup);
                (vec![state.keras_cross_entropy, state.keras_divergence], state.gradient)
            }
            losses::View::Binary => {
                let point = BinaryState::new(&setup).point;
                (vec![point.loss, point.squared], vec![point.of_logit, point.squared_of_logit])
            }
            losses::View::Penalty => {
                let path = PenaltyState::new(&setup).path;
                let weights = path.iter().map(|place| place.weight).collect();
                (weights, path.iter().map(losses::Place::gradient).collect())
            }
        };
        let arrays = [("keras_losses", values), ("gradient", gradient)];
        check(&format!("losses_{name}"), &losses::to_python(&setup), &arrays);
    }
}

#[test]
fn a_neuron_and_three_layers_are_a_keras_model() {
    let mut by_hand = NeuronSetup::default();
    by_hand.take(Example::XorByHand);
    // Numbers that no symmetry hides, three outputs.
    let several = NeuronSetup {
        view: neuron::View::Network,
        points: neuron::Points::And,
        batch: neuron::BatchKind::All,
        units: [2, 2, 3],
        activations: [Activation::Tanh, Activation::Gelu, Activation::Softmax],
        params: Some((0..21u8).map(|idx| f32::from(idx) * 0.125 - 1.0).collect()),
        ..NeuronSetup::default()
    };
    let squared = NeuronSetup {
        activation: Activation::Tanh,
        loss: neuron::LossKind::Squared,
        learning_rate: 0.25,
        ..NeuronSetup::default()
    };
    for (name, setup) in [
        ("first", NeuronSetup::default()),
        ("squared", squared),
        ("xor_by_hand", by_hand),
        ("several", several),
    ] {
        let state = NeuronState::new(&setup);
        let points: Vec<[f32; 2]> = setup.batch().iter().map(|sample| sample.x).collect();
        let output = state.net.predict(&state.params, &points);
        let arrays =
            [("output", output), ("gradient", state.gradient.clone()), ("stepped", state.stepped.clone())];
        check(&format!("neuron_{name}"), &neuron::to_python(&setup), &arrays);
    }
}
