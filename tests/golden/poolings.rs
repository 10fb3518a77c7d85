//! The pooling page's numbers against Keras: sizes, every value, and where the gradient goes.

use serde::Deserialize;
use svertka::engine::layers::Padding;
use svertka::ui::pages::pooling::{PoolInput, PoolKind, PoolSetup, PoolState};
use svertka::ui::widgets::number_grid::NumberGrid;

use super::case::{Allowed, Comparison};

/// Many settings in one file.
#[derive(Deserialize)]
pub struct PoolingsCase {
    pub cases: Vec<PoolingCase>,
}

/// One pooling of whole numbers.
#[derive(Deserialize)]
pub struct PoolingCase {
    pub setting: Setting,
    pub shape: [usize; 2],
    pub values: Vec<f32>,
    pub output_shape: [usize; 2],
    pub output: Vec<f32>,
    /// Of the map, for a gradient of 1 for each cell of the output.
    pub gradient: Vec<f32>,
}

/// Keras's arguments.
#[derive(Deserialize)]
pub struct Setting {
    pub kind: String,
    pub pool_size: [usize; 2],
    pub strides: Option<[usize; 2]>,
    pub padding: Padding,
}

impl PoolingCase {
    fn setup(&self) -> PoolSetup {
        let kind = if self.setting.kind == "MaxPooling2D" { PoolKind::Max } else { PoolKind::Average };
        let Setting { pool_size, strides, padding, .. } = self.setting;
        let input = PoolInput::of(NumberGrid::new(self.shape[1], self.values.clone()));
        PoolSetup { kind, pool_size, strides, padding, input }
    }
}

/// Maxima exactly, since they are whole; means within what a division rounds.
pub fn poolings(case: &PoolingsCase) -> Vec<Comparison> {
    let mut found = Vec::new();
    for (idx, case) in case.cases.iter().enumerate() {
        let setup = case.setup();
        let allowed = Allowed::OfLargest(if setup.kind == PoolKind::Max { 0.0 } else { 3e-7 });
        let state = PoolState::new(&setup).unwrap();
        let what = |what: &str| format!("setting {idx}, {what}");
        let wide = |pair: [usize; 2]| pair.map(|value| value as f64).to_vec();
        let shapes = (wide(state.cells()), wide(case.output_shape));
        found.push(Comparison::new(what("shape"), shapes.0, shapes.1, Allowed::Absolute(0.0)));
        found.push(Comparison::of_arrays(what("values"), &state.output.values, &case.output, allowed));
        let gradient = state.gradient(case.output.len()).values;
        found.push(Comparison::of_arrays(what("gradient"), &gradient, &case.gradient, allowed));
    }
    found
}

#[test]
fn there_are_five_hundred_poolings_of_every_kind() {
    let super::case::Case::Poolings(case) = super::case::Case::read("poolings") else {
        panic!("another kind of case")
    };
    assert_eq!(case.cases.len(), 500);
    let count = |is: fn(&Setting) -> bool| case.cases.iter().filter(|case| is(&case.setting)).count();
    let kinds = [
        count(|setting| setting.kind == "MaxPooling2D"),
        count(|setting| setting.kind == "AveragePooling2D"),
        count(|setting| setting.padding == Padding::Same),
        count(|setting| setting.padding == Padding::Valid),
        count(|setting| setting.strides.is_none()),
        count(|setting| setting.pool_size[0] != setting.pool_size[1]),
        // Gaps between windows, and overlaps.
        count(|setting| setting.strides.is_some_and(|strides| strides[0] > setting.pool_size[0])),
        count(|setting| setting.strides.is_some_and(|strides| strides[1] < setting.pool_size[1])),
    ];
    assert!(kinds.iter().all(|number| *number > 50), "{kinds:?}");
}
