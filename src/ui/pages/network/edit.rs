//! [`Edit`]: what can be done to the layers.

use crate::engine::layers::LayerSpec;
use crate::engine::spec::ModelSpec;
pub use crate::ui::pages::training::MAX_LAYERS;
use crate::ui::pages::training::model_named;

/// One change of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new layer at this place.
    Insert {
        /// From 0; what stood there comes after it.
        at: usize,
        /// Which one.
        layer: LayerSpec,
    },
    /// A layer goes.
    Remove(usize),
    /// A layer comes once more, right behind itself.
    Duplicate(usize),
    /// A layer goes to another place.
    Move {
        /// Where it is.
        from: usize,
        /// Where it will be.
        to: usize,
    },
    /// A layer has other arguments.
    Replace {
        /// Which one.
        at: usize,
        /// What it becomes.
        layer: LayerSpec,
    },
    /// Another model altogether.
    Take(ModelSpec),
}

impl Edit {
    /// The changed model; nothing if this cannot be done or changes nothing.
    pub fn apply(&self, model: &ModelSpec) -> Option<ModelSpec> {
        let mut layers = model.layers.clone();
        let len = layers.len();
        match self {
            Edit::Insert { at, layer } if *at <= len && len < MAX_LAYERS => layers.insert(*at, layer.clone()),
            Edit::Remove(at) if *at < len => drop(layers.remove(*at)),
            Edit::Duplicate(at) if *at < len && len < MAX_LAYERS => {
                layers.insert(at + 1, layers[*at].clone());
            }
            Edit::Move { from, to } if *from < len && *to < len => {
                let layer = layers.remove(*from);
                layers.insert(*to, layer);
            }
            Edit::Replace { at, layer } if *at < len => layers[*at] = layer.clone(),
            Edit::Take(other) if other.layers.len() <= MAX_LAYERS => {
                return (other != model).then(|| other.clone());
            }
            _ => return None,
        }
        let changed = model_named(model.input_shape.clone(), layers);
        (changed != *model).then_some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{DropoutSpec, LayerDef};
    use crate::engine::presets::Preset;

    fn classes(model: &ModelSpec) -> Vec<&'static str> {
        model.layers.iter().map(LayerDef::class_name).collect()
    }

    #[test]
    fn layers_come_go_and_move() {
        let mlp = Preset::Mlp.spec();
        let dropout = || LayerSpec::from(DropoutSpec::default());
        let with = Edit::Insert { at: 2, layer: dropout() }.apply(&mlp).unwrap();
        assert_eq!(classes(&with), ["Flatten", "Dense", "Dropout", "Dense"]);
        let moved = Edit::Move { from: 2, to: 0 }.apply(&with).unwrap();
        assert_eq!(classes(&moved), ["Dropout", "Flatten", "Dense", "Dense"]);
        let twice = Edit::Duplicate(0).apply(&moved).unwrap();
        assert_eq!(classes(&twice), ["Dropout", "Dropout", "Flatten", "Dense", "Dense"]);
        let mut back = Edit::Remove(0).apply(&twice).unwrap();
        back = Edit::Remove(0).apply(&back).unwrap();
        // What equals a preset is that preset again.
        assert_eq!(back, mlp);
        assert_ne!(with.name, mlp.name);
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        let mlp = Preset::Mlp.spec();
        let layer = mlp.layers[0].clone();
        for edit in [
            Edit::Remove(3),
            Edit::Duplicate(9),
            Edit::Move { from: 0, to: 3 },
            Edit::Move { from: 1, to: 1 },
            Edit::Insert { at: 4, layer: layer.clone() },
            Edit::Replace { at: 0, layer: layer.clone() },
            Edit::Take(mlp.clone()),
        ] {
            assert_eq!(edit.apply(&mlp), None, "{edit:?}");
        }
        let full = ModelSpec { layers: vec![layer.clone(); MAX_LAYERS], ..mlp };
        assert_eq!(Edit::Insert { at: 0, layer }.apply(&full), None);
        assert_eq!(Edit::Duplicate(0).apply(&full), None);
        // The address holds no more.
        let mut more = full.clone();
        more.layers.extend(full.layers.first().cloned());
        assert_eq!(Edit::Take(more).apply(&full), None);
    }
}
