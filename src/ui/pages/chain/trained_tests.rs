//! The front of a network, and its way through an address: the same maps to the bit, or words instead.

use super::*;
use crate::engine::layers::{
    Activation, AveragePooling2dSpec, BatchNormalizationSpec, Conv2dSpec, DenseSpec, DepthwiseConv2dSpec,
    DropoutSpec, FlattenSpec, MaxPooling2dSpec, Padding, PreluSpec, ReluSpec, SeparableConv2dSpec,
    ZeroPadding2dSpec,
};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::regularizers::{L1L2Spec, RegularizerSpec};
use crate::ui::convolution::Source;
use crate::ui::pages::chain::{ChainLayer, ChainSetup, ChainState, Kernels, Look};
use crate::ui::routes::{Location, Route};

fn model(shape: [usize; 3], layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec { name: "net".into(), input_shape: Shape::from(shape), layers }
}

/// The front of a network with drawn weights.
fn drawn(spec: &ModelSpec, seed: u64) -> Arc<Trained> {
    let model = Sequential::new(spec, seed).unwrap();
    // Biases begin at 0: here every weight has bits of its own.
    let params: Vec<f32> =
        model.params().iter().enumerate().map(|(idx, weight)| weight + idx as f32 / 977.0 - 0.3).collect();
    Arc::new(Trained::of(spec, &params).unwrap())
}

fn setup(network: Carried) -> ChainSetup {
    ChainSetup { kernels: Kernels::Trained, network, ..ChainSetup::default() }
}

/// The settings after they went through a link, and what could not be read.
fn through(setup: &ChainSetup) -> (ChainSetup, Vec<&'static str>) {
    let query = setup.to_query(Look { level: 1, channel: 0, cell: 3 });
    let hash = Location { route: Some(Route::Chain), query }.to_hash();
    assert!(hash.len() < Carried::MAX_LETTERS + 500, "{}", hash.len());
    ChainSetup::from_query(&Location::parse(&hash).query)
}

fn bits(state: &ChainState) -> Vec<Vec<u32>> {
    state.maps.iter().map(|map| map.values.iter().map(|value| value.to_bits()).collect()).collect()
}

fn of_json(json: &str, weights: &[f32]) -> Option<Carried> {
    let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
    Carried::from_text(&format!("1.{}.{}", to_base64(json.as_bytes()), to_base64(&bytes)))
}

/// One convolution of a single weight over 4 × 4 pixels.
const SMALL: &str =
    r#"{"input_shape":[4,4,1],"layers":[{"Conv2D":{"filters":1,"kernel_size":1,"use_bias":false}}]}"#;

#[test]
fn the_front_of_a_trained_network_is_taken_up_to_where_places_are_lost() {
    let layers: Vec<LayerSpec> = vec![
        Conv2dSpec { filters: 2, ..Conv2dSpec::default() }.into(),
        ChainLayer::max().spec(),
        FlattenSpec::default().into(),
        DenseSpec::default().into(),
    ];
    let spec = model([28, 28, 1], layers);
    let built = Sequential::new(&spec, 5).unwrap();
    let trained = Arc::new(Trained::of(&spec, built.params()).unwrap());
    assert_eq!((trained.layers.len(), trained.params[0].len(), trained.params[1].len()), (2, 20, 0));
    assert_eq!(trained.params[0], built.params()[..20]);
    let state = ChainState::new(&setup(Carried::Nothing), Some(&trained)).unwrap();
    assert_eq!(state.shapes(), [[28, 28, 1], [26, 26, 2], [13, 13, 2]]);
    let dense = ModelSpec { layers: vec![FlattenSpec::default().into()], ..spec };
    assert_eq!(Trained::of(&dense, &[]), None);
}

#[test]
fn a_link_with_lenet_shows_the_same_maps_to_the_bit_in_a_browser_without_a_network() {
    let lenet = drawn(&Preset::Lenet5.spec(), 3);
    assert_eq!(lenet.num_params(), 2572);
    let own = setup(Carried::of(&lenet));
    assert!(matches!(own.network, Carried::Whole(_)));
    let (read, bad) = through(&own);
    assert_eq!((&read, bad), (&own, vec![]));
    let (here, there) = (ChainState::new(&own, Some(&lenet)).unwrap(), ChainState::new(&read, None).unwrap());
    assert_eq!(bits(&here), bits(&there));
    // A network that is there already does not take the place of the one in the link.
    let other = drawn(&Preset::Lenet5.spec(), 4);
    assert_eq!(bits(&ChainState::new(&read, Some(&other)).unwrap()), bits(&here));
    assert_eq!((read.is_linked(Some(&lenet)), read.is_linked(Some(&other))), (false, true));
}

#[test]
fn every_layer_that_sees_places_goes_through_a_link() {
    let penalty = || Some(RegularizerSpec::from(L1L2Spec { l1: 0.1, l2: 0.2 }));
    let conv = Conv2dSpec {
        filters: 6,
        kernel_size: [3, 2],
        padding: Padding::Same,
        dilation_rate: [2, 1],
        groups: 3,
        activation: Activation::HardSilu,
        kernel_regularizer: penalty(),
        trainable: false,
        ..Conv2dSpec::default()
    };
    let depthwise = DepthwiseConv2dSpec { depth_multiplier: 2, ..DepthwiseConv2dSpec::default() };
    let separable = SeparableConv2dSpec { filters: 5, use_bias: false, ..SeparableConv2dSpec::default() };
    let layers: Vec<LayerSpec> = vec![
        conv.into(),
        BatchNormalizationSpec { epsilon: 0.01, ..BatchNormalizationSpec::default() }.into(),
        ReluSpec { max_value: Some(2.5), negative_slope: 0.1, threshold: 0.0 }.into(),
        MaxPooling2dSpec { strides: Some([1, 2]), ..MaxPooling2dSpec::default() }.into(),
        DropoutSpec { seed: Some(u64::MAX), ..DropoutSpec::default() }.into(),
        depthwise.into(),
        PreluSpec::default().into(),
        AveragePooling2dSpec { pool_size: [2, 1], ..AveragePooling2dSpec::default() }.into(),
        separable.into(),
        // Here the chain ends.
        ZeroPadding2dSpec::default().into(),
    ];
    let trained = drawn(&model([12, 14, 3], layers), 8);
    assert_eq!(trained.layers.len(), 9);
    let own = ChainSetup { source: Source::Landscape, ..setup(Carried::of(&trained)) };
    assert!(matches!(own.network, Carried::Whole(_)), "{:?}", trained.num_params());
    let (read, bad) = through(&own);
    assert_eq!((&read, bad), (&own, vec![]));
    let maps = bits(&ChainState::new(&read, None).unwrap());
    assert_eq!(maps, bits(&ChainState::new(&own, Some(&trained)).unwrap()));
    assert_eq!(maps.len(), 10);
}

#[test]
fn a_network_too_large_for_a_link_leaves_its_mark_and_no_other_is_shown_for_it() {
    let large = drawn(&Preset::KerasCnn.spec(), 3);
    let own = setup(Carried::of(&large));
    assert_eq!(own.network, Carried::Mark(large.mark()));
    let (read, bad) = through(&own);
    assert_eq!((&read, bad), (&own, vec![]));
    // Where the same network was loaded from its file it is the same picture, anywhere else the stack.
    assert_eq!(read.shown(Some(&large)), Some(&large));
    let other = drawn(&Preset::KerasCnn.spec(), 4);
    for own in [None, Some(&other)] {
        assert_eq!(read.shown(own), None);
        assert!(read.is_linked(own));
        assert_eq!(ChainState::new(&read, own).unwrap().shapes(), ChainState::first().shapes());
    }
    assert!(!read.is_linked(Some(&large)));
}

#[test]
fn as_many_weights_fit_as_the_page_says() {
    let wide = |filters: usize| {
        let conv = Conv2dSpec { filters, kernel_size: [5, 4], use_bias: false, ..Conv2dSpec::default() };
        Carried::of(&drawn(&model([28, 28, 1], vec![conv.into(), ChainLayer::max().spec()]), 1))
    };
    assert!(matches!(wide(Carried::MOST_PARAMS / 20), Carried::Whole(_)));
    assert!(matches!(wide(Carried::MOST_PARAMS / 20 + 15), Carried::Mark(_)));
}

#[test]
fn the_kernels_follow_the_network_of_this_browser_but_never_leave_the_one_of_a_link() {
    let small = |seed| {
        let conv = Conv2dSpec { filters: 2, ..Conv2dSpec::default() };
        drawn(&model([28, 28, 1], vec![conv.into()]), seed)
    };
    let (first, second) = (small(1), small(2));
    let chosen = setup(Carried::Nothing);
    let with_first = chosen.following(None, &first).unwrap();
    assert_eq!(with_first.shown(None), Some(&first));
    assert_eq!(with_first.following(Some(&first), &first), None);
    // Trained on.
    assert_eq!(with_first.following(Some(&first), &second), Some(setup(Carried::of(&second))));
    // The same settings in another browser.
    assert_eq!(with_first.following(None, &second), None);
    let marked = setup(Carried::Mark(first.mark()));
    assert_eq!(marked.following(None, &second), None);
    assert_eq!(marked.following(Some(&first), &second), Some(setup(Carried::of(&second))));
    let presets = ChainSetup { kernels: Kernels::Presets, ..chosen };
    assert_eq!(presets.following(None, &first), None);
}

#[test]
fn truncated_and_changed_links_are_refused() {
    let lenet = drawn(&Preset::Lenet5.spec(), 3);
    let text = Carried::of(&lenet).to_text().unwrap();
    assert!(text.len() < 14_500, "{}", text.len());
    for cut in [0, 1, 2, 3, 40, text.find('.').unwrap(), text.len() / 2, text.len() - 4, text.len() - 1] {
        assert_eq!(Carried::from_text(&text[..cut]), None, "{cut} letters");
    }
    for changed in [
        text.replacen("1.", "2.", 1),
        text.replacen("1.", "", 1),
        format!("{text}A"),
        format!("{text}.AAAA"),
        text.replace('.', "!"),
        "A".repeat(1 << 20),
        format!("1.{}.", "A".repeat(1 << 20)),
        "mark-".into(),
        "mark-123".into(),
        "mark-+123456789abcdef".into(),
        "mark-00000000000000000".into(),
        "mark-ааааааааааааааaa".into(),
    ] {
        assert_eq!(Carried::from_text(&changed), None, "{}", changed.chars().take(60).collect::<String>());
    }
}

#[test]
fn hostile_networks_are_refused() {
    assert!(of_json(SMALL, &[0.5]).is_some());
    for weight in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(of_json(SMALL, &[weight]), None);
    }
    assert_eq!((of_json(SMALL, &[]), of_json(SMALL, &[0.5, 0.5])), (None, None));
    let conv = r#"{"Conv2D":{"filters":1,"kernel_size":1,"use_bias":false}}"#;
    let pooling =
        |size: usize| format!(r#"{{"MaxPooling2D":{{"pool_size":{size},"strides":1,"padding":"same"}}}}"#);
    let network = |shape: &str, layers: &str| format!(r#"{{"input_shape":{shape},"layers":[{layers}]}}"#);
    assert!(of_json(&network("[4,4,1]", &format!("{conv},{}", pooling(3))), &[0.5]).is_some());
    let many = [conv; 33].join(",");
    let nested = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for json in [
        "",
        "{}",
        "[]",
        "null",
        "{\"input_shape\":[4,4,1]}",
        &network("[4,4,1]", ""),
        &network("[4,4]", conv),
        &network("[0,4,1]", conv),
        &network("[4097,4,1]", conv),
        &network("[4096,4096,1]", conv),
        &network("[1,1,4096]", conv),
        &network("[4,4,1]", r#"{"Conv2D":{"filters":0,"kernel_size":1,"use_bias":false}}"#),
        &network("[4,4,1]", r#"{"Conv2D":{"filters":1,"kernel_size":0,"use_bias":false}}"#),
        &network("[4,4,1]", r#"{"Conv2D":{"filters":1,"kernel_size":18446744073709551615}}"#),
        &network("[4,4,1]", r#"{"Conv2D":{"filters":4096,"kernel_size":4096,"padding":"same"}}"#),
        &network("[4,4,1]", r#"{"Conv2D":{"filters":1e999}}"#),
        &network("[4,4,1]", r#"{"Conv3D":{}}"#),
        &network("[4,4,1]", r#"{"MaxPooling2D":{}}"#),
        &network("[4,4,1]", &format!(r#"{conv},{{"Flatten":{{}}}}"#)),
        &network("[512,512,1]", &format!("{conv},{}", pooling(4096))),
        &network("[4,4,1]", &many),
        &network(&nested, conv),
    ] {
        let got = of_json(json, &[0.5; 1]);
        assert_eq!(got, None, "{}", json.chars().take(150).collect::<String>());
    }
}

#[test]
fn a_network_that_cannot_be_read_leaves_the_stack_and_is_named() {
    let query = Location::parse("#/chain?kernels=trained&network=1.AAAA.AAAA").query;
    let (setup, bad) = ChainSetup::from_query(&query);
    assert_eq!((setup, bad), (ChainSetup::default(), vec!["network"]));
    // One that nothing shows is left out.
    let query = Location::parse("#/chain?kernels=random&network=mark-0123456789abcdef").query;
    let (setup, bad) = ChainSetup::from_query(&query);
    assert_eq!((setup.network, bad), (Carried::Nothing, vec![]));
}

/// Weights as large as they come lead to maps that are no numbers: they are drawn all the same.
#[test]
fn maps_beyond_all_numbers_are_drawn() {
    let json = r#"{"input_shape":[6,6,1],"layers":[{"Conv2D":{"filters":2,"kernel_size":2}},{"Conv2D":{"filters":1,"kernel_size":2}}]}"#;
    let weights = [[f32::MAX, -f32::MAX].repeat(5), [f32::MAX, -f32::MAX].repeat(4), vec![1.0]].concat();
    let network = of_json(json, &weights).unwrap();
    let state = ChainState::new(&setup(network), None).unwrap();
    assert!(state.maps[2].values.iter().any(|value| !value.is_finite()));
    for level in 0..3 {
        let look = Look { level: 2, channel: 0, cell: 0 };
        let language = crate::ui::locale::Language::Ru;
        assert!(crate::ui::pages::chain::map_scene(&state, level, look, language, 340.0).height > 0.0);
    }
}
