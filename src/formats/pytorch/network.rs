//! [`Network`]: torch's modules as they come, their tensors, and how the value between them lies in memory.

use std::collections::BTreeSet;

use super::classes::Class;
use crate::engine::layers::DataFormat;
use crate::formats::keras_code::python::Python;

/// How a value lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As Keras has it.
    Kept,
    /// `[n, h, w, c]` in Keras, but `[n, c, h, w]` here.
    ChannelsFirst,
    /// A vector that Keras has cell by cell, but is channel by channel here.
    Flat { channels: usize, cells: usize },
}

/// One line of `nn.Sequential`, or what stands above it.
pub enum Line {
    Comment(String),
    Module(Python),
}

/// A tensor of the file.
pub struct Tensor {
    /// `0.weight`.
    pub name: String,
    pub extents: Vec<usize>,
    pub values: Vec<f32>,
}

/// A network that grows at its end.
pub struct Network {
    pub lines: Vec<Line>,
    pub tensors: Vec<Tensor>,
    /// Which of our own modules are used.
    pub classes: BTreeSet<Class>,
    pub order: Order,
    num_modules: usize,
}

impl Network {
    /// `order` is that of the input.
    pub fn new(order: Order) -> Self {
        let (lines, tensors) = (Vec::new(), Vec::new());
        Self { lines, tensors, classes: BTreeSet::new(), order, num_modules: 0 }
    }

    pub fn comment(&mut self, text: String) {
        self.lines.push(Line::Comment(text));
    }

    /// Whether nothing computes.
    pub fn is_empty(&self) -> bool {
        self.num_modules == 0
    }

    /// Puts a module at the end.
    pub fn push(&mut self, module: Python) {
        self.lines.push(Line::Module(module));
        self.num_modules += 1;
    }

    /// Puts a module of torch's at the end.
    pub fn nn(&mut self, class_name: &str, arguments: Vec<Argument>) {
        self.push(Python::Call(format!("nn.{class_name}"), arguments));
    }

    /// Puts a module of our own at the end.
    pub fn own(&mut self, class: Class, arguments: Vec<Argument>) {
        self.classes.insert(class);
        self.push(Python::Call(class.name().to_owned(), arguments));
    }

    /// Adds a tensor of the last module.
    pub fn tensor(&mut self, name: &str, extents: Vec<usize>, values: Vec<f32>) {
        let name = format!("{}.{name}", self.num_modules.saturating_sub(1));
        self.tensors.push(Tensor { name, extents, values });
    }

    fn permute(&mut self, axes: &[usize]) {
        self.own(Class::Permute, axes.iter().map(|axis| plain(count(*axis))).collect());
    }

    /// Brings the value into Keras's order.
    pub fn keep(&mut self) {
        match std::mem::replace(&mut self.order, Order::Kept) {
            Order::Kept => {}
            Order::ChannelsFirst => self.permute(&[0, 2, 3, 1]),
            Order::Flat { channels, cells } => {
                self.nn("Unflatten", vec![plain(count(1)), plain(tuple(&[channels, cells]))]);
                self.permute(&[0, 2, 1]);
                self.nn("Flatten", vec![]);
            }
        }
    }

    /// Brings an image, which Keras has in this format, to `[n, c, h, w]`.
    pub fn channels_first(&mut self, format: DataFormat) {
        match format {
            DataFormat::ChannelsFirst => self.keep(),
            DataFormat::ChannelsLast if self.order == Order::Kept => {
                self.permute(&[0, 3, 1, 2]);
                self.order = Order::ChannelsFirst;
            }
            DataFormat::ChannelsLast => {}
        }
    }

    /// Where an axis of a sample in Keras lies, the batch being 0.
    pub fn axis(&self, sample_axis: usize) -> usize {
        match self.order {
            Order::Kept | Order::Flat { .. } => sample_axis + 1,
            Order::ChannelsFirst => [2, 3, 1][sample_axis.min(2)],
        }
    }
}

/// An argument, with its name or without.
pub type Argument = (Option<String>, Python);

pub fn plain(value: Python) -> Argument {
    (None, value)
}

pub fn named(name: &str, value: Python) -> Argument {
    (Some(name.to_owned()), value)
}

pub fn count(value: usize) -> Python {
    Python::word(value.to_string())
}

pub fn tuple(values: &[usize]) -> Python {
    Python::Tuple(values.iter().map(|value| count(*value)).collect())
}

/// One number where both are the same.
pub fn pair(values: [usize; 2]) -> Python {
    if values[0] == values[1] { count(values[0]) } else { tuple(&values) }
}

/// The decimal that people write for a 32-bit number.
pub fn number(value: f32) -> Python {
    Python::float(value.to_string().parse().unwrap_or_else(|_| f64::from(value)))
}

pub fn flag(value: bool) -> Python {
    Python::word(if value { "True" } else { "False" })
}
