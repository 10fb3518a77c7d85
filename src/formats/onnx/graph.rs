//! [`Graph`]: nodes and initializers as they come, the value that the next layer takes, and how it lies in
//! memory.

use std::collections::BTreeSet;

use super::proto::{
    AttributeProto, DimensionProto, FLOAT, GraphProto, INT64, NodeProto, OF_FLOAT, OF_INT, OF_INTS,
    TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use crate::engine::layers::DataFormat;
use crate::tensor::Shape;

const INPUT: &str = "input";
const OUTPUT: &str = "output";
/// The name of the extent that is not fixed.
const BATCH: &str = "batch";

/// How a value lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As Keras has it.
    Kept,
    /// `[n, h, w, c]` in Keras, but `[n, c, h, w]` in the graph, where ONNX's operators want it.
    ChannelsFirst,
}

/// A graph that grows at its end.
pub struct Graph {
    nodes: Vec<NodeProto>,
    initializers: Vec<TensorProto>,
    names: BTreeSet<String>,
    /// The layer whose nodes are added.
    layer: String,
    /// What the layers up to now give.
    pub value: String,
    pub layout: Layout,
}

impl Graph {
    pub fn new() -> Self {
        Self {
            nodes: Vec::new(),
            initializers: Vec::new(),
            names: BTreeSet::new(),
            layer: String::new(),
            value: INPUT.to_owned(),
            layout: Layout::Kept,
        }
    }

    /// What is added from now on belongs to this layer.
    pub fn enter(&mut self, layer: &str) {
        layer.clone_into(&mut self.layer);
    }

    /// Adds a node with one output, whose name is given back.
    pub fn op(&mut self, op_type: &str, inputs: &[&str], attributes: Vec<AttributeProto>) -> String {
        let name = self.fresh(op_type);
        self.nodes.push(NodeProto {
            input: inputs.iter().map(|input| (*input).to_owned()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: op_type.to_owned(),
            attribute: attributes,
        });
        name
    }

    /// Puts a node at the end: its first input is the value up to now.
    pub fn then(&mut self, op_type: &str, inputs: &[&str], attributes: Vec<AttributeProto>) {
        let value = self.value.clone();
        let inputs: Vec<&str> = std::iter::once(&*value).chain(inputs.iter().copied()).collect();
        self.value = self.op(op_type, &inputs, attributes);
    }

    /// A name below the layer's that nothing has yet.
    fn fresh(&mut self, word: &str) -> String {
        let name = format!("{}/{word}", self.layer);
        let numbered = |idx: usize| if idx == 0 { name.clone() } else { format!("{name}_{idx}") };
        // One of so many is not among them.
        let mut tried = (0..=self.names.len()).map(numbered);
        let name = tried.find(|name| !self.names.contains(name)).unwrap_or_default();
        self.names.insert(name.clone());
        name
    }

    /// Adds constant floats of this layer.
    pub fn floats(&mut self, word: &str, extents: &[usize], values: &[f32]) -> String {
        let raw = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let name = self.fresh(word);
        self.constant(name, extents, FLOAT, raw)
    }

    /// Adds constant integers of this layer.
    pub fn ints(&mut self, word: &str, values: &[i64]) -> String {
        let raw = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let name = self.fresh(word);
        self.constant(name, &[values.len()], INT64, raw)
    }

    /// One number, which all layers share.
    pub fn number(&mut self, value: f32) -> String {
        let name = format!("number/{value}");
        if !self.names.insert(name.clone()) {
            return name;
        }
        self.constant(name, &[], FLOAT, value.to_le_bytes().to_vec())
    }

    fn constant(&mut self, name: String, extents: &[usize], data_type: i32, raw_data: Vec<u8>) -> String {
        let dims = extents.iter().map(|extent| *extent as i64).collect();
        self.initializers.push(TensorProto { dims, data_type, name: name.clone(), raw_data });
        name
    }

    /// Brings the value into Keras's layout.
    pub fn keep(&mut self) {
        if self.layout == Layout::ChannelsFirst {
            self.then("Transpose", &[], vec![ints("perm", &[0, 2, 3, 1])]);
            self.layout = Layout::Kept;
        }
    }

    /// Brings an image, which Keras has in this format, to `[n, c, h, w]`.
    pub fn channels_first(&mut self, format: DataFormat) {
        match format {
            DataFormat::ChannelsFirst => self.keep(),
            DataFormat::ChannelsLast if self.layout == Layout::Kept => {
                self.then("Transpose", &[], vec![ints("perm", &[0, 3, 1, 2])]);
                self.layout = Layout::ChannelsFirst;
            }
            DataFormat::ChannelsLast => {}
        }
    }

    /// Where an axis of a sample in Keras lies, the batch being 0.
    pub fn axis(&self, sample_axis: usize) -> i64 {
        match self.layout {
            Layout::Kept => sample_axis as i64 + 1,
            Layout::ChannelsFirst => [2, 3, 1][sample_axis.min(2)],
        }
    }

    /// The graph, whose output is the value up to now.
    pub fn finish(mut self, name: &str, input: &Shape, output: &Shape) -> GraphProto {
        self.keep();
        if self.value == INPUT {
            self.then("Identity", &[], Vec::new());
        }
        let last = std::mem::take(&mut self.value);
        for node in &mut self.nodes {
            node.output.iter_mut().filter(|value| **value == last).for_each(|value| OUTPUT.clone_into(value));
        }
        GraphProto {
            node: self.nodes,
            name: name.to_owned(),
            initializer: self.initializers,
            input: vec![described(INPUT, input)],
            output: vec![described(OUTPUT, output)],
        }
    }
}

fn described(name: &str, sample: &Shape) -> ValueInfoProto {
    let batch = DimensionProto { dim_value: None, dim_param: Some(BATCH.to_owned()) };
    let fixed = |extent: &usize| DimensionProto { dim_value: Some(*extent as i64), dim_param: None };
    let dim = std::iter::once(batch).chain(sample.0.iter().map(fixed)).collect();
    let tensor_type = Some(TensorTypeProto { elem_type: FLOAT, shape: Some(TensorShapeProto { dim }) });
    ValueInfoProto { name: name.to_owned(), r#type: Some(TypeProto { tensor_type }) }
}

/// An attribute.
pub fn float(name: &str, value: f32) -> AttributeProto {
    AttributeProto { name: name.to_owned(), f: Some(value), r#type: OF_FLOAT, ..AttributeProto::default() }
}

/// An attribute.
pub fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto { name: name.to_owned(), i: Some(value), r#type: OF_INT, ..AttributeProto::default() }
}

/// An attribute.
pub fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        ints: values.to_vec(),
        r#type: OF_INTS,
        ..AttributeProto::default()
    }
}

/// An attribute.
pub fn counts(name: &str, values: &[usize]) -> AttributeProto {
    ints(name, &values.iter().map(|value| *value as i64).collect::<Vec<_>>())
}
