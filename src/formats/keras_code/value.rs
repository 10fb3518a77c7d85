//! What names of a program stand for while it is read.

use std::cell::RefCell;
use std::rc::Rc;

use super::data::Data;
use super::error::Got;
use super::tokens::Position;
use super::tree::{Expression, Function};
use crate::formats::json_tree::{Budget, TooMuch};
use crate::formats::run_json::Family;

/// The memory that the values of a program may take, all of them together.
#[derive(Debug, Clone)]
pub struct Ledger(Rc<RefCell<Budget>>);

impl Ledger {
    /// Of what is left.
    pub fn new(left: Budget) -> Self {
        Self(Rc::new(RefCell::new(left)))
    }

    /// Before something takes memory, which it keeps.
    pub fn take(&self, bytes: usize) -> Result<(), TooMuch> {
        self.0.borrow_mut().take(bytes)
    }

    /// After something gave its memory back.
    pub fn give_back(&self, bytes: usize) {
        self.0.borrow_mut().give_back(bytes);
    }

    /// Before something takes memory that goes with the share.
    pub fn share(&self, bytes: usize) -> Result<Share, TooMuch> {
        self.take(bytes)?;
        Ok(Share { ledger: self.clone(), bytes })
    }

    /// Lends what is left.
    pub fn with<T>(&self, lend: impl FnOnce(&mut Budget) -> T) -> T {
        lend(&mut self.0.borrow_mut())
    }
}

/// The memory of a value, given back when it goes.
#[derive(Debug)]
pub struct Share {
    ledger: Ledger,
    bytes: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.ledger.give_back(self.bytes);
    }
}

/// A value of the program.
#[derive(Debug, Clone)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    Sequence(Rc<Sequence>),
    Dict(Rc<Vec<(Placed, Placed)>>),
    /// A module, class or function by its whole name: `keras.layers.Dense`, `numpy.expand_dims`.
    Path(Rc<str>),
    /// `keras.layers.Dense(10)` and everything else Keras builds.
    Object(Rc<Object>),
    /// What the functional API hands from layer to layer.
    Tensor(Rc<Tensor>),
    /// A model, by its number.
    Model(usize),
    /// Images or labels of a dataset that is here too.
    Data(Rc<Data>),
    /// A function of the program's own.
    Function(Rc<Function>),
    /// `lambda`
    Lambda(Rc<(Vec<String>, Expression)>),
    /// A value's method or attribute.
    Bound(Rc<(Placed, String)>),
    /// Not known from the program, and what stands there.
    Unknown(Rc<Got>),
}

/// A value and where it is written.
#[derive(Debug, Clone)]
pub struct Placed {
    pub value: Value,
    pub position: Position,
}

/// A list or a tuple.
#[derive(Debug)]
pub struct Sequence {
    pub items: Vec<Placed>,
    pub is_tuple: bool,
    /// How many sequences are within each other.
    pub depth: usize,
    /// Whether any item is a part of a model or of its training.
    pub concerns_model: bool,
    _share: Share,
}

/// Something of Keras's with its arguments.
#[derive(Debug)]
pub struct Object {
    pub family: Family,
    /// As the program calls it: `Dense`, `l2`.
    pub name: String,
    pub arguments: Vec<(String, Placed)>,
    pub position: Position,
    /// How many objects are within each other.
    pub depth: usize,
}

/// A chain of layers from an input.
#[derive(Debug)]
pub struct Tensor {
    pub input: Rc<Input>,
    pub layers: Vec<Rc<Object>>,
    _share: Share,
}

impl Tensor {
    /// A chain.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn new(input: Rc<Input>, layers: Vec<Rc<Object>>, ledger: &Ledger) -> Result<Self, TooMuch> {
        let share = ledger.share(2 * size_of::<Self>() + layers.capacity() * size_of::<Rc<Object>>())?;
        Ok(Self { input, layers, _share: share })
    }
}

/// `keras.Input(shape=…)`
#[derive(Debug, Clone)]
pub struct Input {
    /// Of one sample.
    pub shape: Placed,
}

impl Value {
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn unknown(got: impl Into<Got>) -> Self {
        Self::Unknown(Rc::new(got.into()))
    }

    pub fn path(path: &str) -> Self {
        Self::Path(path.into())
    }

    /// A list or a tuple; what is too long or deep is not known.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn sequence(items: Vec<Placed>, is_tuple: bool, ledger: &Ledger) -> Result<Self, TooMuch> {
        const MAX_ITEMS: usize = 2_000;
        let depth = 1 + items.iter().map(|item| item.value.depth()).max().unwrap_or(0);
        if depth > MAX_DEPTH || items.len() > MAX_ITEMS {
            return Ok(Self::unknown(Got::LongList));
        }
        let concerns_model = items.iter().any(|item| item.value.concerns_model());
        let places = items.capacity() * size_of::<Placed>() + 2 * size_of::<Sequence>();
        let share = ledger.share(places + items.iter().map(|item| item.value.bytes()).sum::<usize>())?;
        Ok(Self::Sequence(Rc::new(Sequence { items, is_tuple, depth, concerns_model, _share: share })))
    }

    /// What the value takes beside its place, as far as it is not a part of the program and has no share.
    pub fn bytes(&self) -> usize {
        /// With two counts; data have a short shape.
        const SMALL: usize = 64;
        const DATA: usize = 2 * size_of::<Data>() + SMALL;
        match self {
            Self::Text(text) | Self::Path(text) => SMALL + text.len(),
            Self::Unknown(got) => match &**got {
                // It may have grown to twice its length.
                Got::Code(code) => 2 * SMALL + 2 * code.len(),
                _ => SMALL,
            },
            Self::Bound(bound) => 2 * SMALL + bound.1.len() + bound.0.value.bytes(),
            Self::Lambda(lambda) => {
                SMALL + lambda.0.iter().map(|name| size_of::<String>() + name.len()).sum::<usize>()
            }
            Self::Data(_) => DATA,
            _ => 0,
        }
    }

    /// How many values are within each other.
    pub fn depth(&self) -> usize {
        match self {
            Self::Sequence(sequence) => sequence.depth,
            Self::Object(object) => object.depth,
            Self::Dict(pairs) => {
                let deepest =
                    pairs.iter().flat_map(|(key, value)| [key, value]).map(|part| part.value.depth());
                1 + deepest.max().unwrap_or(0)
            }
            Self::Bound(bound) => 1 + bound.0.value.depth(),
            _ => 0,
        }
    }

    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    pub fn items(&self) -> Option<&[Placed]> {
        match self {
            Self::Sequence(sequence) => Some(&sequence.items),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    pub fn float(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            other => other.int().map(|value| value as f64),
        }
    }

    /// Whether it is a part of a model or of its training.
    pub fn concerns_model(&self) -> bool {
        match self {
            Self::Object(_) | Self::Tensor(_) | Self::Model(_) => true,
            Self::Path(path) => super::names::builds(path),
            Self::Sequence(sequence) => sequence.concerns_model,
            Self::Bound(bound) => bound.0.value.concerns_model(),
            _ => false,
        }
    }
}

/// Values within each other.
pub const MAX_DEPTH: usize = 30;

impl Object {
    pub fn argument(&self, name: &str) -> Option<&Placed> {
        self.arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}
