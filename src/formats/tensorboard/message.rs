//! The messages of an event file, as far as they are written here. Names and numbers are those of
//! TensorFlow's `event.proto`, `summary.proto` and `tensor.proto`.

use prost::Message;

/// One record.
#[derive(Clone, PartialEq, Message)]
pub struct Event {
    /// Seconds since 1970.
    #[prost(double, tag = "1")]
    pub wall_time: f64,
    /// An epoch, a batch or the optimizer's steps.
    #[prost(int64, tag = "2")]
    pub step: i64,
    /// In the first record alone.
    #[prost(string, optional, tag = "3")]
    pub file_version: Option<String>,
    /// In all others.
    #[prost(message, optional, tag = "5")]
    pub summary: Option<Summary>,
    /// In the first record alone.
    #[prost(message, optional, tag = "10")]
    pub source_metadata: Option<SourceMetadata>,
}

/// Who wrote the file.
#[derive(Clone, PartialEq, Message)]
pub struct SourceMetadata {
    /// A name that TensorBoard counts and does not show.
    #[prost(string, tag = "1")]
    pub writer: String,
}

/// Values of one moment; Keras writes one at a time.
#[derive(Clone, PartialEq, Message)]
pub struct Summary {
    /// They.
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Value>,
}

/// A value under a name.
#[derive(Clone, PartialEq, Message)]
pub struct Value {
    /// `epoch_loss`
    #[prost(string, tag = "1")]
    pub tag: String,
    /// What.
    #[prost(message, optional, tag = "8")]
    pub tensor: Option<Tensor>,
    /// For whom.
    #[prost(message, optional, tag = "9")]
    pub metadata: Option<Metadata>,
}

/// How a value is to be shown.
#[derive(Clone, PartialEq, Message)]
pub struct Metadata {
    /// By whom.
    #[prost(message, optional, tag = "1")]
    pub plugin_data: Option<PluginData>,
}

/// A part of TensorBoard.
#[derive(Clone, PartialEq, Message)]
pub struct PluginData {
    /// `scalars`
    #[prost(string, tag = "1")]
    pub plugin_name: String,
    /// Its own words.
    #[prost(bytes = "vec", tag = "2")]
    pub content: Vec<u8>,
}

/// An array.
#[derive(Clone, PartialEq, Message)]
pub struct Tensor {
    /// 1 32-bit floats, 2 64-bit floats, 7 byte strings.
    #[prost(int32, tag = "1")]
    pub dtype: i32,
    /// Of a scalar, one without axes.
    #[prost(message, optional, tag = "2")]
    pub shape: Option<Shape>,
    /// Numbers as they lie in memory.
    #[prost(bytes = "vec", tag = "4")]
    pub content: Vec<u8>,
    /// Byte strings.
    #[prost(bytes = "vec", repeated, tag = "8")]
    pub string_val: Vec<Vec<u8>>,
}

/// Its axes.
#[derive(Clone, PartialEq, Message)]
pub struct Shape {
    /// They.
    #[prost(message, repeated, tag = "2")]
    pub dim: Vec<Dim>,
}

/// An axis.
#[derive(Clone, PartialEq, Message)]
pub struct Dim {
    /// Its extent.
    #[prost(int64, tag = "1")]
    pub size: i64,
}
