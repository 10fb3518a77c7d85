//! Models: `Sequential`, `Model` of one chain, `compile`, `fit` and what else is done with them.

use std::rc::Rc;

use super::calls::Given;
use super::error::{Got, KerasCodeProblem};
use super::interpret::{Call, Draft, Followed, Interpreter};
use super::note::KerasCodeRemark;
use super::signatures::{self, Parameter};
use super::tokens::Position;
use super::tree::Expression;
use super::value::{Input, Ledger, Object, Placed, Tensor, Value};
use crate::formats::run_json::Family;

/// A model, and a layer's place in its list, which grows to twice what it needs.
const DRAFT: usize = 3 * size_of::<Draft>();
const PLACE: usize = 3 * size_of::<Rc<Object>>();

/// Layers of a model.
pub const MAX_LAYERS: usize = 500;

/// Arguments of `Model`, which Keras's own signature does not name.
const MODEL: [Parameter; 2] =
    [Parameter { name: "inputs", default: None }, Parameter { name: "outputs", default: None }];

impl Interpreter<'_> {
    pub(super) fn new_sequential(&mut self, expression: &Expression, given: Given) -> Followed<Value> {
        let bound = given.bind(signatures::parameters("Sequential").as_deref())?;
        let argument = |name: &str| bound.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        let name = argument("name").filter(|name| !matches!(name.value, Value::None));
        self.take(DRAFT, expression.position)?;
        self.drafts.push(Draft { position: Some(expression.position), name, ..Draft::default() });
        let model = self.drafts.len() - 1;
        if let Some(layers) = argument("layers").filter(|layers| !matches!(layers.value, Value::None)) {
            let Some(items) = layers.value.items() else {
                let got = described(&layers.value);
                return Err(KerasCodeProblem::NotKnown { got }.at(layers.position));
            };
            for item in items {
                self.add(model, item)?;
            }
        }
        self.has_effect = true;
        Ok(Value::Model(model))
    }

    /// Puts a layer, an input or a model at the end of a model.
    fn add(&mut self, model: usize, item: &Placed) -> Followed<()> {
        let position = item.position;
        let count = match &item.value {
            Value::Model(inner) => self.drafts[*inner].layers.len(),
            _ => 1,
        };
        self.take(PLACE * count, position)?;
        let draft = &mut self.drafts[model];
        match &item.value {
            Value::Tensor(tensor) if tensor.layers.is_empty() => draft.input = Some(Rc::clone(&tensor.input)),
            Value::Object(object) if object.family == Family::Layer => {
                if matches!(object.name.as_str(), "InputLayer" | "Input") {
                    draft.input = Some(Rc::new(input_of(&object.arguments, object.position, &self.ledger)?));
                } else if draft.layers.is_empty() && is_rescaling(object) {
                    if let Some(shape) = object.argument("input_shape") {
                        draft.input = Some(Rc::new(Input { shape: shape.clone() }));
                    }
                    self.note(object.position, KerasCodeRemark::Rescaling)?;
                } else if draft.layers.iter().any(|other| Rc::ptr_eq(other, object)) {
                    return Err(KerasCodeProblem::NotAChain { got: object.name.as_str().into() }.at(position));
                } else {
                    draft.layers.push(Rc::clone(object));
                }
            }
            Value::Model(inner) if *inner != model => {
                let inner = &mut self.drafts[*inner];
                inner.is_inner = true;
                let (layers, input) = (inner.layers.clone(), inner.input.clone());
                let count = layers.len();
                let draft = &mut self.drafts[model];
                let is_there = |layer: &Rc<Object>| draft.layers.iter().any(|other| Rc::ptr_eq(other, layer));
                if let Some(again) = layers.iter().find(|layer| is_there(layer)) {
                    return Err(KerasCodeProblem::NotAChain { got: again.name.as_str().into() }.at(position));
                }
                if draft.layers.is_empty() && draft.input.is_none() {
                    draft.input = input;
                }
                draft.layers.extend(layers);
                self.note(position, KerasCodeRemark::Nested { layers: count })?;
            }
            Value::Unknown(got) => {
                return Err(KerasCodeProblem::NotKnown { got: Got::clone(got) }.at(position));
            }
            other => return Err(KerasCodeProblem::NotALayer { got: described(other) }.at(position)),
        }
        if self.drafts[model].layers.len() > MAX_LAYERS {
            return Err(KerasCodeProblem::TooManyLayers { max: MAX_LAYERS }.at(position));
        }
        Ok(())
    }

    pub(super) fn new_input(&mut self, given: Given) -> Followed<Value> {
        let position = given.position;
        let bound = given.bind(signatures::parameters("Input").as_deref())?;
        let input = Rc::new(input_of(&bound, position, &self.ledger)?);
        self.has_effect = true;
        self.tensor(input, Vec::new(), position)
    }

    /// `keras.Model(inputs, outputs)` of one chain.
    pub(super) fn new_model(&mut self, expression: &Expression, given: Given) -> Followed<Value> {
        let call = given.call.clone();
        let bound = given.bind(Some(&MODEL))?;
        let argument =
            |name: &str| bound.iter().find(|(own, _)| own == name || *own == name.trim_end_matches('s'));
        let missing = |name: &str| {
            let argument = name.to_owned();
            KerasCodeProblem::MissingArgument { call: call.clone(), argument }.at(expression.position)
        };
        let (_, inputs) = argument("inputs").ok_or_else(|| missing("inputs"))?;
        let (_, outputs) = argument("outputs").ok_or_else(|| missing("outputs"))?;
        let chain = |placed: &Placed| -> Followed<Rc<Tensor>> {
            match &placed.value {
                Value::Tensor(tensor) => Ok(Rc::clone(tensor)),
                Value::Sequence(sequence) if sequence.items.len() == 1 => match &sequence.items[0].value {
                    Value::Tensor(tensor) => Ok(Rc::clone(tensor)),
                    other => Err(KerasCodeProblem::NotAChain { got: described(other) }.at(placed.position)),
                },
                Value::Unknown(got) => {
                    Err(KerasCodeProblem::NotKnown { got: Got::clone(got) }.at(placed.position))
                }
                other => Err(KerasCodeProblem::NotAChain { got: described(other) }.at(placed.position)),
            }
        };
        let (inputs_chain, outputs_chain) = (chain(inputs)?, chain(outputs)?);
        if !inputs_chain.layers.is_empty() || !Rc::ptr_eq(&inputs_chain.input, &outputs_chain.input) {
            return Err(KerasCodeProblem::NotAChain { got: "inputs".into() }.at(inputs.position));
        }
        let name = bound.iter().find(|(own, _)| own == "name").map(|(_, value)| value.clone());
        let mut draft = Draft {
            position: Some(expression.position),
            name,
            input: Some(Rc::clone(&outputs_chain.input)),
            ..Draft::default()
        };
        for layer in &outputs_chain.layers {
            if draft.layers.is_empty() && is_rescaling(layer) {
                self.note(layer.position, KerasCodeRemark::Rescaling)?;
            } else {
                draft.layers.push(Rc::clone(layer));
            }
        }
        self.take(DRAFT + 2 * PLACE * draft.layers.len(), expression.position)?;
        self.drafts.push(draft);
        self.has_effect = true;
        Ok(Value::Model(self.drafts.len() - 1))
    }

    /// A layer applied to what another one gave.
    pub(super) fn apply_layer(
        &mut self,
        expression: &Expression,
        object: &Rc<Object>,
        given: &Given,
    ) -> Followed<Value> {
        self.apply(expression, vec![Rc::clone(object)], given)
    }

    /// A model applied as a layer.
    pub(super) fn apply_model(
        &mut self,
        expression: &Expression,
        model: usize,
        given: &Given,
    ) -> Followed<Value> {
        let layers = self.drafts[model].layers.clone();
        let count = layers.len();
        let value = self.apply(expression, layers, given)?;
        if matches!(value, Value::Tensor(_)) {
            self.drafts[model].is_inner = true;
            self.note(expression.position, KerasCodeRemark::Nested { layers: count })?;
        }
        Ok(value)
    }

    fn apply(&mut self, expression: &Expression, layers: Vec<Rc<Object>>, given: &Given) -> Followed<Value> {
        let position = expression.position;
        let tensor = match given.positional.first().map(|first| &first.value) {
            Some(Value::Tensor(tensor)) => tensor,
            Some(Value::Sequence(_)) => {
                let got = self.source(expression);
                return Err(KerasCodeProblem::NotAChain { got: got.into() }.at(position));
            }
            // Applied to data, or to nothing that is known.
            _ => return Ok(self.unknown(expression)),
        };
        let mut all = tensor.layers.clone();
        for layer in layers {
            if layer.family != Family::Layer {
                let got = layer.name.clone();
                return Err(KerasCodeProblem::NotALayer { got: got.into() }.at(position));
            }
            if all.iter().any(|other| Rc::ptr_eq(other, &layer)) {
                let got = self.source(expression);
                return Err(KerasCodeProblem::NotAChain { got: got.into() }.at(position));
            }
            all.push(layer);
        }
        if all.len() > MAX_LAYERS {
            return Err(KerasCodeProblem::TooManyLayers { max: MAX_LAYERS }.at(position));
        }
        self.has_effect = true;
        self.tensor(Rc::clone(&tensor.input), all, position)
    }

    fn tensor(&self, input: Rc<Input>, layers: Vec<Rc<Object>>, position: Position) -> Followed<Value> {
        let tensor = Tensor::new(input, layers, &self.ledger);
        let tensor = tensor.map_err(|error| KerasCodeProblem::from(error).at(position))?;
        Ok(Value::Tensor(Rc::new(tensor)))
    }

    /// `model.add(…)` and the other methods.
    pub(super) fn call_model(
        &mut self,
        expression: &Expression,
        model: usize,
        method: &str,
        given: Given,
    ) -> Followed<Value> {
        let position = expression.position;
        match method {
            "add" => {
                let Some(layer) = given.get(0, "layer") else {
                    let (call, argument) = (given.call, "layer".to_owned());
                    return Err(KerasCodeProblem::MissingArgument { call, argument }.at(position));
                };
                self.add(model, layer)?;
            }
            "pop" => drop(self.drafts[model].layers.pop()),
            "build" => {
                if let Some(shape) = given.get(0, "input_shape") {
                    let shape = without_batch(shape, &self.ledger)?;
                    self.drafts[model].input.get_or_insert_with(|| Rc::new(Input { shape }));
                }
            }
            "compile" => {
                let arguments = given.bind(signatures::parameters("compile").as_deref())?;
                let old = self.drafts[model].compile.replace(Call { arguments, position });
                self.replaced(old, method)?;
            }
            "fit" | "fit_generator" => {
                let arguments = given.bind(signatures::parameters("fit").as_deref())?;
                let old = self.drafts[model].fit.replace(Call { arguments, position });
                self.replaced(old, "fit")?;
            }
            "evaluate" => {
                let test = given.get(0, "x").map(|test| test.value.clone());
                self.drafts[model].test = test;
                return Ok(self.unknown(expression));
            }
            _ => return Ok(self.unknown(expression)),
        }
        self.has_effect = true;
        Ok(Value::unknown(self.source(expression)))
    }

    fn replaced(&mut self, old: Option<Call>, method: &str) -> Followed<()> {
        match old {
            Some(old) => self.note(old.position, KerasCodeRemark::Replaced { call: method.to_owned() }),
            None => Ok(()),
        }
    }
}

/// The shape of one sample among the arguments of `Input` or `InputLayer`.
fn input_of(arguments: &[(String, Placed)], position: Position, ledger: &Ledger) -> Followed<Input> {
    let find = |names: &[&str]| {
        let found = arguments.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value)
    };
    let batched = || find(&["batch_shape", "batch_input_shape"]).map(|shape| without_batch(shape, ledger));
    let shape = find(&["shape", "input_shape"]).cloned().map(Ok).or_else(batched);
    match shape {
        Some(shape) => Ok(Input { shape: shape? }),
        None => Err(KerasCodeProblem::NoInputShape.at(position)),
    }
}

/// A shape whose first extent counts samples.
fn without_batch(shape: &Placed, ledger: &Ledger) -> Followed<Placed> {
    let position = shape.position;
    let too_much = |error| KerasCodeProblem::from(error).at(position);
    let rest = shape.value.items().and_then(|items| items.get(1..));
    let value = match rest {
        Some(rest) => Value::sequence(rest.to_vec(), true, ledger).map_err(too_much)?,
        None => shape.value.clone(),
    };
    Ok(Placed { value, position })
}

/// `Rescaling(1/255)`, which brings bytes to 0..1.
fn is_rescaling(object: &Object) -> bool {
    let number =
        |name: &str| object.arguments.iter().find(|(own, _)| own == name).and_then(|(_, v)| v.value.float());
    let scale = number("scale").is_some_and(|scale| (scale * 255.0 - 1.0).abs() < 1e-6);
    object.name == "Rescaling" && scale && number("offset").unwrap_or(0.0) == 0.0
}

/// A value, for errors.
pub fn described(value: &Value) -> Got {
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(value) => value.to_string().into(),
        Value::Float(value) => value.to_string().into(),
        Value::Text(text) => format!("\"{text}\"").into(),
        Value::Sequence(sequence) if sequence.is_tuple => Got::Tuple,
        Value::Sequence(_) => Got::List,
        Value::Dict(_) => Got::Dictionary,
        Value::Path(path) => (&**path).into(),
        Value::Unknown(got) => Got::clone(got),
        Value::Object(object) => object.name.as_str().into(),
        Value::Tensor(_) => Got::Output,
        Value::Model(_) => Got::Model,
        Value::Data(_) => Got::Data,
        Value::Function(function) => function.name.as_str().into(),
        Value::Lambda(_) => "lambda".into(),
        Value::Bound(bound) => bound.1.as_str().into(),
    }
}
