//! The convolution page's numbers against Keras: sizes, padding on each side, every value.

use std::sync::Arc;

use serde::Deserialize;
use svertka::engine::layers::Activation;
use svertka::ui::convolution::{Computed, Filter, LayerSetup, PadChoice, Picture, Setup, Source};

use super::case::{Allowed, Comparison};

/// Many settings in one file.
#[derive(Deserialize)]
pub struct ConvolutionsCase {
    pub cases: Vec<ConvolutionCase>,
}

/// One convolution on whole numbers.
#[derive(Deserialize)]
pub struct ConvolutionCase {
    pub setting: Setting,
    pub shape: [usize; 3],
    pub image: Vec<f32>,
    /// Kernel and bias as Keras lays them out.
    pub params: Vec<f32>,
    /// Zeros before and after that windows read, rows then columns.
    pub padding: [[usize; 2]; 2],
    pub output_shape: [usize; 3],
    pub output: Vec<f32>,
}

/// Keras's arguments; `filters` is `depth_multiplier` of a depthwise convolution.
#[derive(Deserialize)]
pub struct Setting {
    pub depthwise: bool,
    pub filters: usize,
    pub kernel_size: [usize; 2],
    pub strides: [usize; 2],
    pub padding: String,
    pub dilation_rate: [usize; 2],
    pub groups: usize,
    pub use_bias: bool,
    pub activation: Activation,
}

impl ConvolutionCase {
    fn setup(&self) -> Setup {
        let setting = &self.setting;
        let layer = LayerSetup {
            depthwise: setting.depthwise,
            filters: setting.filters,
            kernel_size: setting.kernel_size,
            strides: setting.strides,
            padding: PadChoice::from_name(&setting.padding).unwrap(),
            dilation_rate: setting.dilation_rate,
            groups: setting.groups,
            use_bias: setting.use_bias,
            activation: setting.activation,
        };
        let picture = Picture { shape: self.shape, values: self.image.clone() };
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.source = Source::Own(Arc::new(picture));
            setup.shape = self.shape;
            setup.layer = layer;
        });
        let outputs = setup.outputs();
        let (kernel, bias) = self.params.split_at(self.params.len() - outputs * usize::from(layer.use_bias));
        for (output, filter) in setup.filters.iter_mut().enumerate() {
            let weights = kernel.iter().skip(output).step_by(outputs).copied().collect();
            *filter = Filter::own(filter.size, filter.depth, weights);
        }
        if layer.use_bias {
            setup.bias = bias.to_vec();
        }
        assert_eq!(setup.params(), self.params, "the parameters in Keras's order");
        setup
    }
}

/// Every number of every setting, exactly: they are whole.
pub fn convolutions(case: &ConvolutionsCase) -> Vec<Comparison> {
    let exact = Allowed::Absolute(0.0);
    let mut found = Vec::new();
    for (idx, case) in case.cases.iter().enumerate() {
        let computed = Computed::new(Arc::new(case.setup()), None);
        let what = |what: &str| format!("setting {idx}, {what}");
        let wide = |values: &[usize]| values.iter().map(|value| *value as f64).collect::<Vec<_>>();
        let [rows, cols] = computed.output();
        let shape = [rows, cols, computed.outputs()];
        let read = computed.axes.map(|axis| [axis.before(), axis.after().saturating_sub(axis.remainder())]);
        let pads = (wide(read.as_flattened()), wide(case.padding.as_flattened()));
        found.push(Comparison::new(what("shape"), wide(&shape), wide(&case.output_shape), exact));
        found.push(Comparison::new(what("padding"), pads.0, pads.1, exact));
        let values = computed.maps.map(|maps| maps.values).unwrap_or_default();
        found.push(Comparison::of_arrays(what("values"), &values, &case.output, exact));
    }
    found
}

#[test]
fn there_are_five_hundred_settings_of_every_kind() {
    let super::case::Case::Convolutions(case) = super::case::Case::read("convolutions") else {
        panic!("another kind of case")
    };
    assert_eq!(case.cases.len(), 500);
    let count = |is: fn(&Setting) -> bool| case.cases.iter().filter(|case| is(&case.setting)).count();
    let kinds = [
        count(|setting| setting.depthwise),
        count(|setting| setting.groups > 1),
        count(|setting| setting.strides[0] != setting.strides[1]),
        count(|setting| setting.kernel_size[0] != setting.kernel_size[1]),
        count(|setting| setting.dilation_rate != [1, 1]),
        count(|setting| setting.padding == "valid"),
        count(|setting| setting.padding == "same"),
        count(|setting| setting.padding.parse::<usize>().is_ok()),
    ];
    assert!(kinds.iter().all(|number| *number > 50), "{kinds:?}");
}
