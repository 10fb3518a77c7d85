//! The page where a filter slides over a digit.

use svertka::engine::layers::{Activation, Conv2dSpec, Padding};
use svertka::engine::model::Sequential;
use svertka::engine::spec::ModelSpec;
use svertka::tensor::{Shape, Tensor};
use svertka::ui::digits::{SIDE, digit};
use svertka::ui::locale::parse_number;
use svertka::ui::widgets::sliding_filter::Setup;

use crate::browser::{Lab, SOON};

/// Cells of the map computed so far, and all of them.
pub async fn cells(lab: &Lab) -> (usize, usize) {
    let script = "const s = document.querySelector('input[type=range]'); return [+s.value + 1, +s.max + 1]";
    lab.read(script, vec![]).await
}

/// The sum under the products, as shown.
pub async fn sum(lab: &Lab) -> f64 {
    let shown = lab.text(".products__sum strong").await;
    parse_number(&shown).unwrap_or_else(|| panic!("{shown:?} is no number"))
}

/// Takes one step and waits for the cell that it computes.
pub async fn step(lab: &Lab) -> usize {
    let (before, _) = cells(lab).await;
    lab.press("convolution.player.forward").await;
    lab.until_true("the next cell", SOON, async || cells(lab).await.0 == before + 1).await;
    before + 1
}

/// What the engine's own layer gives for the page's first setting, cell by cell.
pub fn map_of_the_engine() -> Vec<f32> {
    let setup = Setup::default();
    let conv = Conv2dSpec {
        filters: 1,
        kernel_size: [5, 5],
        padding: Padding::Valid,
        activation: Activation::Linear,
        use_bias: false,
        ..Conv2dSpec::default()
    };
    let input_shape = Shape::from([SIDE, SIDE, 1]);
    let spec =
        ModelSpec { name: "filter".into(), input_shape: input_shape.clone(), layers: vec![conv.into()] };
    let mut model = Sequential::with_params(&spec, setup.kernel.0.to_vec()).unwrap();
    model.predict(&Tensor::new(&input_shape.with_batch(1), digit(setup.class).clone())).into_values()
}
