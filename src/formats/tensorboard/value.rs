//! What a value of TensorBoard's is called and made of.

use super::message::{Dim, Event, Metadata, PluginData, Shape, Summary, Tensor, Value};
use super::picture::png;
use crate::engine::callbacks::{SummaryEvent, SummaryValue};

/// Numbers of the elements' kinds.
const FLOAT: i32 = 1;
const DOUBLE: i32 = 2;
const STRING: i32 = 7;
/// What shows Keras's models, and the version of what it reads.
const MODEL_PLUGIN: &str = "graph_keras_model";
const MODEL_VERSION: &[u8] = b"1";

/// What a value needs that is not in it.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Seconds since 1970.
    pub wall_time: f64,
    /// How long the steps took, in seconds.
    pub spent: f64,
    /// The model as Keras's JSON.
    pub model: Option<&'a str>,
}

/// The event of a value; `None` for what TensorBoard does not get from here.
pub fn event(summary: &SummaryEvent, moment: Moment) -> Option<Event> {
    let (tensor, plugin) = match &summary.value {
        SummaryValue::Scalar(value) => scalar(*value),
        // A clock that stood still has measured nothing, which is no reason for infinity.
        SummaryValue::StepsPerSecond { steps } => scalar(*steps as f64 / moment.spent.max(1e-6)),
        SummaryValue::Histogram(buckets) => histogram(buckets),
        SummaryValue::Images { height, width, channels, pixels } => {
            images([*height, *width, *channels], pixels)?
        }
        SummaryValue::Model => (strings(&[], vec![moment.model?.as_bytes().to_vec()]), MODEL_PLUGIN),
        SummaryValue::Trace => return None,
    };
    let content = if plugin == MODEL_PLUGIN { MODEL_VERSION } else { &[] };
    let plugin_data = Some(PluginData { plugin_name: plugin.to_owned(), content: content.to_vec() });
    let metadata = Some(Metadata { plugin_data });
    let value = vec![Value { tag: summary.tag.clone(), tensor: Some(tensor), metadata }];
    let step = i64::try_from(summary.step).unwrap_or(i64::MAX);
    Some(Event { wall_time: moment.wall_time, step, summary: Some(Summary { value }), ..Event::default() })
}

/// A tensor and its plugin.
type Parts = (Tensor, &'static str);

fn scalar(value: f64) -> Parts {
    let content = (value as f32).to_le_bytes().to_vec();
    (numbers(FLOAT, &[], content), "scalars")
}

fn histogram(buckets: &[[f64; 3]]) -> Parts {
    let content = buckets.iter().flatten().flat_map(|edge| edge.to_le_bytes()).collect();
    (numbers(DOUBLE, &[buckets.len(), 3], content), "histograms")
}

/// Width and height as text, and then every picture.
fn images([height, width, channels]: [usize; 3], pixels: &[Vec<u8>]) -> Option<Parts> {
    let mut parts = vec![width.to_string().into_bytes(), height.to_string().into_bytes()];
    for picture in pixels {
        parts.push(png(width, height, channels, picture)?);
    }
    Some((strings(&[parts.len()], parts), "images"))
}

fn numbers(dtype: i32, extents: &[usize], content: Vec<u8>) -> Tensor {
    Tensor { dtype, shape: Some(shape(extents)), content, string_val: Vec::new() }
}

fn strings(extents: &[usize], string_val: Vec<Vec<u8>>) -> Tensor {
    Tensor { dtype: STRING, shape: Some(shape(extents)), content: Vec::new(), string_val }
}

fn shape(extents: &[usize]) -> Shape {
    Shape { dim: extents.iter().map(|extent| Dim { size: *extent as i64 }).collect() }
}
