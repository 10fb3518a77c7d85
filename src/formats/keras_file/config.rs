//! A model and its training as Keras saves them: `config.json` of a `.keras` file, and `model_config` and
//! `training_config` of a `.h5` file.

use serde_json::{Map, Value, json};

use super::kinds::{Kinds, object, saved};
use crate::engine::layers::LayerSpec;
use crate::engine::losses::LossSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::spec::{CompileSpec, ModelSpec};
use crate::formats::run_json::Family;
use crate::formats::{FormatError, ModelFormat, Unsupported};
use crate::tensor::Shape;

/// Writes what files of one kind say.
#[derive(Debug, Clone, Copy)]
pub struct ConfigWriter {
    format: ModelFormat,
}

impl ConfigWriter {
    /// For `.keras` or `.h5`.
    pub fn new(format: ModelFormat) -> Self {
        Self { format }
    }

    fn kinds(self) -> Kinds {
        Kinds { format: self.format }
    }

    /// `config.json`: the model, and its training if there is one.
    ///
    /// # Errors
    /// If the model is not valid, or Keras cannot say a part of it.
    pub fn whole(
        self,
        model: &ModelSpec,
        compile: Option<&CompileSpec>,
        learning_rate: Option<f32>,
    ) -> Result<Value, FormatError> {
        let mut whole = object("keras", "Sequential", self.sequential(model)?);
        whole["build_config"] = json!({ "input_shape": batch_shape(&model.input_shape) });
        if let Some(compile) = compile {
            whole["compile_config"] = self.compile(model, compile, learning_rate)?;
        }
        Ok(whole)
    }

    /// A `Sequential` of some layers, whether they can follow each other or not.
    ///
    /// # Errors
    /// If Keras cannot say a part of one.
    pub fn some_layers(self, layers: &[LayerSpec]) -> Result<Value, FormatError> {
        let mut words = vec![self.input_layer(&Shape::from([1]))];
        for layer in layers {
            words.push(self.layer(layer, "")?);
        }
        Ok(object("keras", "Sequential", Map::from_iter([("layers".to_owned(), Value::Array(words))])))
    }

    /// What was given to `compile`, as a `.keras` file has it.
    ///
    /// # Errors
    /// If Keras cannot say a part of it.
    pub fn compile(
        self,
        model: &ModelSpec,
        compile: &CompileSpec,
        learning_rate: Option<f32>,
    ) -> Result<Value, FormatError> {
        let mut config = self.measures(model, compile)?;
        config.insert("optimizer".to_owned(), self.optimizer(&compile.optimizer, learning_rate)?);
        Ok(Value::Object(config))
    }

    /// The arguments of `Sequential`, with its layers.
    ///
    /// # Errors
    /// If the model is not valid, or Keras cannot say a part of it.
    pub fn sequential(self, model: &ModelSpec) -> Result<Map<String, Value>, FormatError> {
        model.validate()?;
        let mut layers = vec![self.input_layer(&model.input_shape)];
        for (layer, name) in model.layers.iter().zip(model.layer_names()) {
            layers.push(self.layer(layer, &name)?);
        }
        let mut config = Map::new();
        config.insert("name".to_owned(), json!(model_name(model)));
        config.insert("trainable".to_owned(), json!(true));
        config.insert("layers".to_owned(), Value::Array(layers));
        config.insert("build_input_shape".to_owned(), batch_shape(&model.input_shape));
        Ok(config)
    }

    /// Keras 2 has another name for the shape, which Keras 3 understands in `.h5` files, but only without the
    /// module.
    fn input_layer(self, shape: &Shape) -> Value {
        let shape = batch_shape(shape);
        match self.format {
            ModelFormat::KerasH5 => json!({
                "class_name": "InputLayer",
                "config": { "batch_input_shape": shape, "dtype": "float32", "name": "input_layer" },
            }),
            _ => json!({
                "module": "keras.layers",
                "class_name": "InputLayer",
                "config": { "batch_shape": shape, "dtype": "float32", "name": "input_layer" },
                "registered_name": null,
            }),
        }
    }

    fn layer(self, layer: &LayerSpec, name: &str) -> Result<Value, FormatError> {
        let mut written = self.kinds().write(Family::Layer, &saved(layer), name)?;
        if let Some(config) = written.get_mut("config").and_then(Value::as_object_mut) {
            config.insert("name".to_owned(), json!(name));
            // Whatever the user's policy is: the weights are of this one.
            config.insert("dtype".to_owned(), json!("float32"));
        }
        Ok(written)
    }

    /// The optimizer with its learning rate now, if it has changed since.
    ///
    /// # Errors
    /// If Keras cannot say a part of it.
    pub fn optimizer(
        self,
        optimizer: &OptimizerSpec,
        learning_rate: Option<f32>,
    ) -> Result<Value, FormatError> {
        let optimizer = match learning_rate {
            Some(now) if optimizer.learning_rate().number().is_some() => {
                optimizer.clone().with_learning_rate(now)
            }
            _ => optimizer.clone(),
        };
        self.kinds().write(Family::Optimizer, &saved(&optimizer), "optimizer")
    }

    /// Loss and metrics.
    ///
    /// # Errors
    /// If Keras cannot say a part of them.
    pub fn measures(
        self,
        model: &ModelSpec,
        compile: &CompileSpec,
    ) -> Result<Map<String, Value>, FormatError> {
        let outputs = model.shapes()?.last().and_then(|shape| shape.0.last().copied()).unwrap_or(1);
        let metrics = |metrics: &[MetricSpec]| -> Result<Value, FormatError> {
            if metrics.is_empty() {
                return Ok(Value::Null);
            }
            let each = metrics.iter().map(|metric| self.metric(metric, &compile.loss, outputs));
            each.collect::<Result<Vec<_>, _>>().map(Value::Array)
        };
        let mut config = Map::new();
        config.insert("loss".to_owned(), self.loss(&compile.loss)?);
        config.insert(
            "loss_weights".to_owned(),
            compile.loss_weights.0.map_or(Value::Null, |weight| saved(&weight)),
        );
        config.insert("metrics".to_owned(), metrics(&compile.metrics)?);
        config.insert("weighted_metrics".to_owned(), metrics(&compile.weighted_metrics)?);
        Ok(config)
    }

    fn loss(self, loss: &LossSpec) -> Result<Value, FormatError> {
        match loss {
            // Shapes choose what it is, so Keras has no class for it; and the word alone stops Keras 3 when it
            // reads a `.h5` file.
            LossSpec::Crossentropy(_) if self.format == ModelFormat::KerasH5 => {
                Err(FormatError::Unsupported {
                    format: self.format,
                    part: "loss".to_owned(),
                    reason: Unsupported::NoEquivalent { class_name: loss.class_name().to_owned() },
                })
            }
            LossSpec::Crossentropy(_) => Ok(json!("crossentropy")),
            loss => self.kinds().write(Family::Loss, &saved(loss), "loss"),
        }
    }

    /// `accuracy` is a word that Keras resolves; under another name it must be the class it resolves to.
    fn metric(self, metric: &MetricSpec, loss: &LossSpec, outputs: usize) -> Result<Value, FormatError> {
        let MetricSpec::Accuracy(spec) = metric else {
            return self.kinds().write(Family::Metric, &saved(metric), metric.name());
        };
        let name = spec.name.as_deref().unwrap_or("accuracy");
        if matches!(name, "accuracy" | "acc") {
            return Ok(json!(name));
        }
        let class = match loss {
            _ if outputs == 1 => "BinaryAccuracy",
            LossSpec::SparseCategoricalCrossentropy(_) | LossSpec::Crossentropy(_) => {
                "SparseCategoricalAccuracy"
            }
            _ => "CategoricalAccuracy",
        };
        Ok(object("keras.metrics", class, Map::from_iter([("name".to_owned(), json!(name))])))
    }
}

/// `[null, 28, 28, 1]`
fn batch_shape(shape: &Shape) -> Value {
    let extents = shape.0.iter().map(|extent| json!(extent));
    Value::Array(std::iter::once(Value::Null).chain(extents).collect())
}

/// The model's own name if Keras and TensorFlow take it, and Keras's automatic one otherwise.
pub fn model_name(model: &ModelSpec) -> &str {
    let is_legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let name = model.name.as_str();
    let takes = name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(is_legal);
    if takes { name } else { "sequential" }
}
