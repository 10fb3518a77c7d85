//! [`Family`]: the classes of each kind of spec and their arguments, asked of the specs.

use std::fmt;
use std::sync::OnceLock;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::layers::{Activation, LayerSpec};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::engine::schedules::ScheduleSpec;

/// Specs that stand in one another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// What a model is made of.
    Layer,
    /// Functions of one number, or softmax; without arguments.
    Activation,
    /// How weights begin.
    Initializer,
    /// Penalties on weights.
    Regularizer,
    /// What weights are brought back to.
    Constraint,
    /// How gradients become steps.
    Optimizer,
    /// How the learning rate goes.
    Schedule,
    /// What is minimized.
    Loss,
    /// What is measured besides.
    Metric,
}

/// One class of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Keras's name.
    pub name: String,
    /// Its arguments in Keras's order, each with its default.
    pub arguments: Vec<(String, Value)>,
}

impl Class {
    /// A member with its default arguments.
    pub fn spec(&self) -> Value {
        let arguments: serde_json::Map<String, Value> = self.arguments.iter().cloned().collect();
        json!({ self.name.as_str(): arguments })
    }
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 9] = [
        Family::Layer,
        Family::Activation,
        Family::Initializer,
        Family::Regularizer,
        Family::Constraint,
        Family::Optimizer,
        Family::Schedule,
        Family::Loss,
        Family::Metric,
    ];

    /// Its classes.
    pub fn classes(self) -> &'static [Class] {
        static CLASSES: [OnceLock<Vec<Class>>; Family::ALL.len()] =
            [const { OnceLock::new() }; Family::ALL.len()];
        CLASSES[self as usize].get_or_init(|| match self {
            Family::Layer => classes(&LayerSpec::palette()),
            Family::Activation => {
                let class = |it: Activation| Class { name: it.name().to_owned(), arguments: Vec::new() };
                Activation::ALL.into_iter().map(class).collect()
            }
            Family::Initializer => classes(&InitializerSpec::palette()),
            Family::Regularizer => classes(&RegularizerSpec::palette()),
            Family::Constraint => classes(&ConstraintSpec::palette()),
            Family::Optimizer => classes(&OptimizerSpec::palette()),
            Family::Schedule => classes(&ScheduleSpec::palette()),
            Family::Loss => classes(&LossSpec::palette()),
            Family::Metric => classes(&MetricSpec::palette()),
        })
    }

    /// The class of that name.
    pub fn class(self, name: &str) -> Option<&'static Class> {
        self.classes().iter().find(|class| class.name == name)
    }

    /// The member of that name with its default arguments, as it is saved.
    pub fn member(self, name: &str) -> Option<Value> {
        let class = self.class(name)?;
        Some(if self == Family::Activation { name.into() } else { class.spec() })
    }

    /// Checks that a spec of this family can be read from `value`.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn reads(self, value: &Value) -> Result<(), serde_json::Error> {
        fn read<T: DeserializeOwned>(value: &Value) -> Result<(), serde_json::Error> {
            serde_json::from_value::<T>(value.clone()).map(drop)
        }
        match self {
            Family::Layer => read::<LayerSpec>(value),
            Family::Activation => read::<Activation>(value),
            Family::Initializer => read::<InitializerSpec>(value),
            Family::Regularizer => read::<RegularizerSpec>(value),
            Family::Constraint => read::<ConstraintSpec>(value),
            Family::Optimizer => read::<OptimizerSpec>(value),
            Family::Schedule => read::<ScheduleSpec>(value),
            Family::Loss => read::<LossSpec>(value),
            Family::Metric => read::<MetricSpec>(value),
        }
    }
}

/// The classes of a palette. Its text is read and not its tree: a tree sorts the arguments, and holds the
/// 64-bit neighbours of 32-bit decimals.
fn classes<T: Serialize>(palette: &[T]) -> Vec<Class> {
    let text = serde_json::to_string(palette).expect("specs hold nothing that JSON cannot say");
    let read: Vec<Ordered<Ordered<Value>>> =
        serde_json::from_str(&text).expect("a spec is its name and its arguments");
    let class = |(name, arguments): (String, Ordered<Value>)| Class { name, arguments: arguments.0 };
    read.into_iter().flat_map(|Ordered(only)| only).map(class).collect()
}

/// An object's members in their order.
struct Ordered<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Members(std::marker::PhantomData))
    }
}

struct Members<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Ordered<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<T>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Ordered(members))
    }
}
