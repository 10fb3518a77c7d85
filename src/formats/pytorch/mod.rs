//! PyTorch: a module in Python, and its weights in torch's layout as safetensors.
//!
//! The network is one `nn.Sequential`, so that a weight is `<position>.weight`, as torch names it. Images are
//! channels first, as torch's modules want them; a value stays so until a layer asks for its axes in order.
//! What Keras has and torch lacks is a small class in the program.

mod classes;
mod functions;
mod layers;
mod network;
mod normalization;
mod source;
#[cfg(test)]
mod tests;
mod windows;

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, TensorView};

use self::network::{Network, Order, Tensor};
use self::source::Frame;
use super::placed_layer::placed_layers;
use super::{FormatError, NamedFile, SavedModel, Wrapping};
use crate::engine::layers::DataFormat;

/// `<stem>.safetensors` and `<stem>.py`.
///
/// # Errors
/// If the model is not valid, or has another number of parameters. Every layer can be said.
pub fn write(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let layers = placed_layers(saved)?;
    let shapes = saved.model.shapes()?;
    let (input, output) = (&shapes[0], &shapes[shapes.len() - 1]);
    let is_image = input.rank() == 3 && layers::first_format(&layers) != Some(DataFormat::ChannelsFirst);
    let order = if is_image { Order::ChannelsFirst } else { Order::Kept };
    let mut network = Network::new(order);
    for layer in &layers {
        layers::add(&mut network, layer);
    }
    // A vector is given as Keras gives it; an image stays as torch has images.
    if matches!(network.order, Order::Flat { .. }) {
        network.keep();
    }
    if network.is_empty() {
        network.nn("Identity", vec![]);
    }
    let weights = format!("{}.safetensors", wrapping.stem);
    let text = source::source(&network, &Frame { weights: &weights, order, input, output });
    let bytes = serialized(&network.tensors)?;
    let program = NamedFile { name: format!("{}.py", wrapping.stem), bytes: text.into_bytes() };
    Ok(vec![NamedFile { name: weights, bytes }, program])
}

fn serialized(tensors: &[Tensor]) -> Result<Vec<u8>, FormatError> {
    let failed = |error: safetensors::SafeTensorError| FormatError::Safetensors { detail: error.to_string() };
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|tensor| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let mut views = BTreeMap::new();
    for (tensor, bytes) in tensors.iter().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, tensor.extents.clone(), bytes).map_err(failed)?;
        views.insert(tensor.name.as_str(), view);
    }
    // What torch's own writer says of its files.
    let metadata = std::iter::once(("format".to_owned(), "pt".to_owned())).collect();
    safetensors::serialize(views, Some(metadata)).map_err(failed)
}
