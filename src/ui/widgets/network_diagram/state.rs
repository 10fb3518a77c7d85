//! What the diagram shows: the values between layers, and the layers that lead from one to the next.

use crate::engine::layers::LayerDef;
use crate::engine::spec::{ModelSpec, SpecError};
use crate::tensor::Shape;

/// How values stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Rows, columns and channels.
    Volume([usize; 3]),
    /// One after another.
    Nodes(usize),
    /// In some other shape.
    Other(Shape),
    /// Nobody knows: the last layer does not fit.
    Unknown,
}

/// The values at one place of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The layers that lead here from the part before: the one that changed the shape comes first.
    pub layers: Vec<String>,
    /// How the values stand.
    pub body: Body,
}

impl Part {
    /// The shape in words: `28 × 28 × 6`.
    pub fn shape(&self) -> String {
        let extents =
            |extents: &[usize]| extents.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ");
        match &self.body {
            Body::Volume(shape) => extents(shape),
            Body::Nodes(count) => count.to_string(),
            Body::Other(shape) => extents(&shape.0),
            Body::Unknown => "?".to_owned(),
        }
    }
}

/// A network's parts, the input first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NetworkDiagramState {
    /// At least the input, unless this is the default.
    pub parts: Vec<Part>,
}

impl NetworkDiagramState {
    /// The parts of a model up to its first mistake.
    pub fn of(model: &ModelSpec) -> NetworkDiagramState {
        let (shapes, broken) = match model.shapes() {
            Ok(shapes) => (shapes, None),
            Err(
                SpecError::Layer { layer, .. }
                | SpecError::TooLarge { layer, .. }
                | SpecError::TooManyParams { layer, .. },
            ) => {
                let before = ModelSpec { layers: model.layers[..layer].to_vec(), ..model.clone() };
                let shapes = before.shapes().unwrap_or_else(|_| vec![model.input_shape.clone()]);
                (shapes, model.layers.get(layer))
            }
            Err(_) => (vec![model.input_shape.clone()], None),
        };
        let mut parts = vec![Part { layers: Vec::new(), body: body(&shapes[0]) }];
        for (layer, pair) in model.layers.iter().zip(shapes.windows(2)) {
            let name = layer.class_name().to_owned();
            // What keeps the shape is written beside the values it changes. The input stays as it is.
            match parts.last_mut() {
                Some(last) if pair[0] == pair[1] && !last.layers.is_empty() => last.layers.push(name),
                _ => parts.push(Part { layers: vec![name], body: body(&pair[1]) }),
            }
        }
        if let Some(layer) = broken {
            parts.push(Part { layers: vec![layer.class_name().to_owned()], body: Body::Unknown });
        }
        NetworkDiagramState { parts }
    }

    /// The same for those who do not see it, in no language: `28 × 28 × 1 → Conv2D → 24 × 24 × 6`.
    pub fn sentence(&self) -> String {
        let one = |part: &Part| {
            let mut words = part.layers.clone();
            words.push(part.shape());
            words.join(" → ")
        };
        self.parts.iter().map(one).collect::<Vec<_>>().join(" → ")
    }
}

fn body(shape: &Shape) -> Body {
    match shape.0[..] {
        [height, width, channels] => Body::Volume([height, width, channels]),
        [count] => Body::Nodes(count),
        _ => Body::Other(shape.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{Conv2dSpec, DropoutSpec};
    use crate::engine::presets::Preset;

    #[test]
    fn lenet_is_volumes_and_then_nodes() {
        let diagram = NetworkDiagramState::of(&Preset::Lenet5.spec());
        let bodies: Vec<&Body> = diagram.parts.iter().map(|part| &part.body).collect();
        assert_eq!(
            bodies[..3],
            [&Body::Volume([28, 28, 1]), &Body::Volume([28, 28, 6]), &Body::Volume([14, 14, 6])]
        );
        assert_eq!(bodies[5..], [&Body::Nodes(400), &Body::Nodes(120), &Body::Nodes(84), &Body::Nodes(10)]);
        assert!(
            diagram.sentence().starts_with("28 × 28 × 1 → Conv2D → 28 × 28 × 6 → MaxPooling2D → 14 × 14 × 6")
        );
    }

    #[test]
    fn layers_that_keep_the_shape_stand_with_the_one_before() {
        let diagram = NetworkDiagramState::of(&Preset::MnistCnn.spec());
        let layers: Vec<Vec<String>> = diagram.parts.into_iter().map(|part| part.layers).collect();
        assert_eq!(layers[0], Vec::<String>::new());
        assert_eq!(layers[1], ["RandomTranslation"]);
        assert_eq!(layers[2], ["Conv2D", "BatchNormalization", "Activation"]);
    }

    #[test]
    fn it_ends_at_the_mistake() {
        let mut model = Preset::Mlp.spec();
        model.layers.insert(1, Conv2dSpec::default().into());
        let diagram = NetworkDiagramState::of(&model);
        assert_eq!(diagram.parts.last().unwrap().body, Body::Unknown);
        assert_eq!(diagram.sentence(), "28 × 28 × 1 → Flatten → 784 → Conv2D → ?");
        model.layers.clear();
        assert_eq!(NetworkDiagramState::of(&model).sentence(), "28 × 28 × 1");
        model.layers = vec![DropoutSpec { rate: 2.0, ..DropoutSpec::default() }.into()];
        assert_eq!(NetworkDiagramState::of(&model).sentence(), "28 × 28 × 1 → Dropout → ?");
    }
}
