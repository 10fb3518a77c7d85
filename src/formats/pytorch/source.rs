//! The program: imports, modules of its own, the network, and what loads it.

use std::fmt::Write;

use super::classes::Class;
use super::network::{Line, Network, Order, tuple};
use crate::formats::keras_code::python::Python;
use crate::tensor::Shape;

/// Columns before a module of the network.
const INDENT: usize = 12;

/// What the text has to know besides the network.
pub struct Frame<'a> {
    /// `mnist-cnn.safetensors`.
    pub weights: &'a str,
    /// How the input lies.
    pub order: Order,
    /// One sample in Keras.
    pub input: &'a Shape,
    /// One sample in Keras.
    pub output: &'a Shape,
}

/// The whole text.
pub fn source(network: &Network, frame: &Frame) -> String {
    let takes = extents(frame.input, frame.order);
    let gives = extents(frame.output, network.order);
    let mut text = head(network, frame);
    for class in &network.classes {
        let _ = write!(text, "\n\n{}", class.source());
    }
    text.push_str("\n\nclass Network(nn.Sequential):\n    def __init__(self):\n        super().__init__(\n");
    for line in &network.lines {
        let _ = match line {
            Line::Comment(comment) => writeln!(text, "{:INDENT$}# {comment}", ""),
            Line::Module(module) => writeln!(text, "{:INDENT$}{},", "", module.render(INDENT, INDENT, 1)),
        };
    }
    let _ = write!(
        text,
        "        )\n\n    def forward(self, x):\n        \"\"\"Takes {}, gives {}.\"\"\"\n        return super().forward(x)\n",
        described(&takes),
        described(&gives),
    );
    text.push_str(&ways(frame.order, network.order));
    let _ = write!(text, "{LOAD}{}", main(&takes));
    text
}

fn head(network: &Network, frame: &Frame) -> String {
    let order = match frame.order {
        Order::ChannelsFirst => {
            "\nImages are [n, channels, height, width] here; Keras and Svertka have [n, height, width, channels].\n"
        }
        Order::Kept | Order::Flat { .. } => "",
    };
    let needs_functional =
        [Class::AveragePooling, Class::Dropout].iter().any(|c| network.classes.contains(c));
    let functional = if needs_functional { "from torch.nn import functional as F\n" } else { "" };
    format!(
        "\"\"\"A network that Svertka wrote for PyTorch; its weights are in the file named below.\n{order}\"\"\"\n\n\
         from pathlib import Path\n\nimport torch\nfrom safetensors.torch import load_file\nfrom torch import nn\n\
         {functional}\nWEIGHTS = Path(__file__).with_name({})\n",
        Python::text(frame.weights).flat()
    )
}

/// The extents of a batch's samples as they lie.
fn extents(sample: &Shape, order: Order) -> Vec<usize> {
    let mut extents = sample.0.clone();
    if order == Order::ChannelsFirst && !extents.is_empty() {
        extents.rotate_right(1);
    }
    extents
}

/// `[n, 1, 28, 28]`
fn described(extents: &[usize]) -> String {
    let all: Vec<String> =
        std::iter::once("n".to_owned()).chain(extents.iter().map(usize::to_string)).collect();
    format!("[{}]", all.join(", "))
}

/// What turns Keras's batches into those of the network, and back.
fn ways(input: Order, output: Order) -> String {
    let mut text = String::new();
    if input == Order::ChannelsFirst {
        text.push_str(FROM_KERAS);
    }
    if output == Order::ChannelsFirst {
        text.push_str(TO_KERAS);
    }
    text
}

fn main(takes: &[usize]) -> String {
    let sample = std::iter::once(1).chain(takes.iter().copied()).collect::<Vec<_>>();
    let rand = Python::Call("torch.rand".to_owned(), vec![(None, tuple(&sample))]).flat();
    format!(
        "\n\nif __name__ == \"__main__\":\n    network = load()\n    with torch.no_grad():\n        print(network({rand}))\n"
    )
}

const FROM_KERAS: &str = r#"

def from_keras(x):
    """Turns images [n, height, width, channels] into what the network takes."""
    return x.permute(0, 3, 1, 2)
"#;

const TO_KERAS: &str = r#"

def to_keras(y):
    """Turns what the network gives into images [n, height, width, channels]."""
    return y.permute(0, 2, 3, 1)
"#;

const LOAD: &str = r#"

def load(path=WEIGHTS):
    """The network with its weights, ready to predict."""
    network = Network()
    network.load_state_dict(load_file(path))
    return network.eval()
"#;
