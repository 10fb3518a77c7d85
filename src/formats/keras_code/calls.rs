//! Calls: of Keras's classes, of the program's own functions, of models, layers, data and lists.

use std::rc::Rc;

use super::data;
use super::error::{KerasCodeError, KerasCodeProblem};
use super::evaluate::ITEM;
use super::interpret::{Flow, Followed, Interpreter};
use super::names;
use super::signatures::{self, Parameter};
use super::tokens::Position;
use super::tree::{Argument, Expression, ExpressionKind, Function};
use super::value::{Ledger, Object, Placed, Value};
use crate::formats::json_tree::TooMuch;
use crate::formats::run_json::Family;
use crate::tensor::math::{exp_f64, pow_f64};

/// Functions that call each other.
const MAX_CALLS: usize = 8;

/// Arguments of a call, evaluated.
pub struct Given {
    /// What is called, as it is written.
    pub call: String,
    pub position: Position,
    pub positional: Vec<Placed>,
    pub named: Vec<(String, Placed)>,
}

impl Given {
    /// The arguments by name. Without `parameters` those without a name are left out: what is called
    /// does not exist, and that is said later.
    ///
    /// # Errors
    /// Too many arguments, or one of them twice.
    pub fn bind(self, parameters: Option<&[Parameter]>) -> Result<Vec<(String, Placed)>, KerasCodeError> {
        let mut bound: Vec<(String, Placed)> = Vec::with_capacity(self.positional.len() + self.named.len());
        if let Some(parameters) = parameters {
            let (max, got) = (parameters.len(), self.positional.len());
            if got > max {
                let position = self.positional[max].position;
                return Err(KerasCodeProblem::TooManyArguments { call: self.call, max, got }.at(position));
            }
            let places = parameters.iter().zip(self.positional);
            bound.extend(places.map(|(parameter, value)| (parameter.name.to_owned(), value)));
        }
        for (argument, value) in self.named {
            if bound.iter().any(|(name, _)| *name == argument) {
                let position = value.position;
                return Err(KerasCodeProblem::RepeatedArgument { call: self.call, argument }.at(position));
            }
            bound.push((argument, value));
        }
        Ok(bound)
    }

    /// The argument at a place without names, or of a name.
    pub fn get(&self, place: usize, name: &str) -> Option<&Placed> {
        let named = || self.named.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        self.positional.get(place).or_else(named)
    }

    fn has_tensor(&self) -> bool {
        let is_tensor = |placed: &Placed| match &placed.value {
            Value::Tensor(_) => true,
            Value::Sequence(sequence) => {
                sequence.items.iter().any(|item| matches!(item.value, Value::Tensor(_)))
            }
            _ => false,
        };
        self.positional.iter().any(is_tensor) || self.named.iter().any(|(_, value)| is_tensor(value))
    }
}

impl Interpreter<'_> {
    pub(super) fn call(
        &mut self,
        expression: &Expression,
        callee: &Expression,
        arguments: &[Argument],
    ) -> Followed<Value> {
        let target = self.evaluate(callee)?;
        let mut given = Given {
            call: self.source(callee),
            position: expression.position,
            positional: Vec::new(),
            named: Vec::new(),
        };
        let taken = arguments.len() * (ITEM + size_of::<String>());
        self.take(taken, expression.position)?;
        for argument in arguments {
            let mut value = self.placed(&argument.value)?;
            value.position = argument.position;
            match &argument.name {
                Some(name) => given.named.push((name.to_string(), value)),
                None => given.positional.push(value),
            }
        }
        let value = match &target {
            Value::Path(path) => self.call_path(expression, path, given),
            Value::Function(function) => self.call_function(expression, function, &given),
            Value::Object(object) => self.apply_layer(expression, object, &given),
            Value::Model(model) => self.apply_model(expression, *model, &given),
            Value::Bound(bound) => {
                let (owner, method) = &**bound;
                match &owner.value {
                    Value::Model(model) => self.call_model(expression, *model, method, given),
                    Value::Data(data) => Ok(self.call_data(expression, data, method, &given)),
                    Value::Sequence(_) => self.call_list(expression, callee, method, &given),
                    _ => Ok(self.unknown(expression)),
                }
            }
            _ => Ok(self.unknown(expression)),
        }?;
        self.ledger.give_back(taken);
        Ok(value)
    }

    fn call_path(&mut self, expression: &Expression, path: &str, given: Given) -> Followed<Value> {
        let position = expression.position;
        let too_much = |error: TooMuch| KerasCodeProblem::from(error).at(position);
        match path {
            "keras.Sequential" => return self.new_sequential(expression, given),
            "keras.Model" => return self.new_model(expression, given),
            "keras.Input" => return self.new_input(given),
            "keras.utils.set_random_seed" | "tensorflow.random.set_seed" => {
                let seed = given.get(0, "seed").and_then(|seed| u64::try_from(seed.value.int()?).ok());
                self.seed = seed.or(self.seed);
                self.has_effect |= seed.is_some();
                return Ok(Value::None);
            }
            "keras.backend.image_data_format" => return Ok(Value::text("channels_last")),
            _ => {}
        }
        if let Some(name) =
            path.strip_prefix("keras.datasets.").and_then(|path| path.strip_suffix(".load_data"))
        {
            let loaded = data::load(name, position, &self.ledger).map_err(too_much)?;
            self.has_effect |= loaded.is_some();
            return Ok(loaded.unwrap_or_else(|| self.unknown(expression)));
        }
        if let Some((family, name)) = names::family(path) {
            return self.new_object(expression, path, family, name, given);
        }
        if let Some(name) = path.strip_prefix("builtins.") {
            let value = builtin(name, &given, &self.ledger).transpose().map_err(too_much)?;
            return Ok(value.unwrap_or_else(|| self.unknown(expression)));
        }
        if given.has_tensor() && (path.starts_with("keras.") || path.starts_with("tensorflow.")) {
            let got = self.source(expression);
            return Err(KerasCodeProblem::NotAChain { got: got.into() }.at(position));
        }
        if path.starts_with("keras.") && path.rsplit('.').next() == Some("get") {
            return Ok(given.get(0, "identifier").map_or(Value::None, |given| given.value.clone()));
        }
        Ok(function_of(path, &given).unwrap_or_else(|| self.unknown(expression)))
    }

    fn new_object(
        &mut self,
        expression: &Expression,
        path: &str,
        family: Family,
        name: &str,
        given: Given,
    ) -> Followed<Value> {
        let position = expression.position;
        if given.has_tensor() {
            let got = self.source(expression);
            return Err(KerasCodeProblem::NotAChain { got: got.into() }.at(position));
        }
        let is_function = name.starts_with(|first: char| first.is_ascii_lowercase());
        if is_function && matches!(family, Family::Loss | Family::Metric) {
            // A loss or metric computed of values.
            return Ok(self.unknown(expression));
        }
        let class_name = family.resolve(name).unwrap_or(name);
        let parameters = signatures::of_kind(family, class_name);
        let mut arguments = given.bind(parameters.as_deref())?;
        if path.contains(super::centralized::MARK) {
            let value = Placed { value: Value::Bool(true), position };
            arguments.push(("gradient_centralization".to_owned(), value));
        }
        let depth = 1 + arguments.iter().map(|(_, value)| value.value.depth()).max().unwrap_or(0);
        if depth > super::value::MAX_DEPTH {
            return Err(KerasCodeProblem::TooDeep { max: super::value::MAX_DEPTH }.at(position));
        }
        let each = |(name, value): &(String, Placed)| {
            size_of::<(String, Placed)>() + name.len() + value.value.bytes()
        };
        let taken = 2 * size_of::<Object>() + name.len() + arguments.iter().map(each).sum::<usize>();
        self.take(taken, position)?;
        self.has_effect = true;
        Ok(Value::Object(Rc::new(Object { family, name: name.to_owned(), arguments, position, depth })))
    }

    fn call_function(
        &mut self,
        expression: &Expression,
        function: &Rc<Function>,
        given: &Given,
    ) -> Followed<Value> {
        if self.calls == MAX_CALLS {
            return Err(KerasCodeProblem::TooDeep { max: MAX_CALLS }.at(expression.position));
        }
        let mut values = Vec::with_capacity(function.parameters.len());
        for (place, (name, default)) in function.parameters.iter().enumerate() {
            let value = match (given.get(place, name), default) {
                (Some(value), _) => value.value.clone(),
                (None, Some(default)) => self.evaluate(default)?,
                (None, None) => Value::unknown(name.as_str()),
            };
            values.push((name, value));
        }
        self.scope.enter();
        for (name, value) in values {
            self.bind(name, value, expression.position)?;
        }
        self.calls += 1;
        let flow = self.follow(&function.body);
        self.calls -= 1;
        let left = self.scope.leave();
        self.ledger.give_back(left);
        let value = match flow? {
            Flow::Return(value) => value,
            Flow::Through => Value::None,
        };
        self.has_effect |= value.concerns_model();
        Ok(value)
    }

    /// Methods that leave the samples what they are, or give them another shape.
    fn call_data(
        &self,
        expression: &Expression,
        data: &Rc<data::Data>,
        method: &str,
        given: &Given,
    ) -> Value {
        match method {
            "astype" | "copy" | "numpy" | "ravel" | "squeeze" => Value::Data(Rc::clone(data)),
            "reshape" => Value::Data(Rc::new(match extents(&given.positional) {
                Some(extents) => data.reshaped(&extents),
                None => data.with_shape(None),
            })),
            _ => self.unknown(expression),
        }
    }

    /// `append` and `extend`, which change the list that a name stands for.
    fn call_list(
        &mut self,
        expression: &Expression,
        callee: &Expression,
        method: &str,
        given: &Given,
    ) -> Followed<Value> {
        let ExpressionKind::Attribute(owner, _) = &callee.kind else { return Ok(self.unknown(expression)) };
        let ExpressionKind::Name(name) = &owner.kind else { return Ok(self.unknown(expression)) };
        let old = self.scope.get(name).and_then(Value::items).map(<[Placed]>::to_vec);
        let (Some(mut items), Some(added)) = (old, given.positional.first()) else {
            return Ok(self.unknown(expression));
        };
        match method {
            "append" => items.push(added.clone()),
            "extend" if added.value.items().is_some() => {
                items.extend(added.value.items().into_iter().flatten().cloned());
            }
            _ => {
                self.bind(name, Value::unknown(&**name), expression.position)?;
                return Ok(self.unknown(expression));
            }
        }
        self.has_effect = true;
        let changed = self.sequence(items, false, expression.position)?;
        self.bind(name, changed, expression.position)?;
        Ok(Value::None)
    }
}

/// Whole numbers, given one by one or as a tuple.
fn extents(given: &[Placed]) -> Option<Vec<i64>> {
    let items = match given {
        [one] => one.value.items().unwrap_or(given),
        _ => given,
    };
    items.iter().map(|item| item.value.int()).collect()
}

/// Functions of NumPy, TensorFlow and Keras that are computed, or leave data what they are.
fn function_of(path: &str, given: &Given) -> Option<Value> {
    let (_, name) = path.rsplit_once('.')?;
    let first = &given.positional.first()?.value;
    if let Value::Data(data) = first {
        return Some(match name {
            "expand_dims" => {
                let axis = given.get(1, "axis").and_then(|axis| axis.value.int());
                Value::Data(Rc::new(axis.map_or_else(|| data.with_shape(None), |axis| data.expanded(axis))))
            }
            "reshape" => {
                let shape = given.get(1, "shape").or(given.get(1, "newshape"));
                let shape = shape.and_then(|shape| extents(std::slice::from_ref(shape)));
                Value::Data(Rc::new(
                    shape.map_or_else(|| data.with_shape(None), |shape| data.reshaped(&shape)),
                ))
            }
            "to_categorical" | "array" | "asarray" | "cast" | "convert_to_tensor" | "constant"
            | "float32" | "normalize" | "squeeze" => Value::Data(Rc::clone(data)),
            "len" => Value::Int(i64::try_from(data.len()).ok()?),
            _ => return None,
        });
    }
    match name {
        "exp" => Some(Value::Float(exp_f64(first.float()?))),
        "pow" => Some(Value::Float(pow_f64(first.float()?, given.get(1, "y")?.value.float()?))),
        "sqrt" => Some(Value::Float(first.float()?.sqrt())),
        _ => None,
    }
}

/// Python's own functions of values that are known; lists may be too much.
fn builtin(name: &str, given: &Given, ledger: &Ledger) -> Option<Result<Value, TooMuch>> {
    const MAX_RANGE: i64 = 1_000;
    let numbers = || given.positional.iter().map(|value| value.value.int()).collect::<Option<Vec<i64>>>();
    let placed = |value| Placed { value: Value::Int(value), position: given.position };
    Some(match (name, given.positional.first().map(|first| &first.value)) {
        ("range", _) => {
            let (from, to, step) = match numbers()?[..] {
                [to] => (0, to, 1),
                [from, to] => (from, to, 1),
                [from, to, step] if step > 0 => (from, to, step),
                _ => return None,
            };
            if to.checked_sub(from)? > MAX_RANGE {
                return None;
            }
            let step = usize::try_from(step).ok()?;
            Value::sequence((from..to).step_by(step).map(placed).collect(), false, ledger)
        }
        ("list" | "tuple", Some(value)) => Value::sequence(value.items()?.to_vec(), name == "tuple", ledger),
        (_, first) => Ok(number(name, first, given)?),
    })
}

/// Those that give one number.
fn number(name: &str, first: Option<&Value>, given: &Given) -> Option<Value> {
    let numbers = || given.positional.iter().map(|value| value.value.int());
    Some(match (name, first) {
        ("len", Some(Value::Data(data))) => Value::Int(i64::try_from(data.len()).ok()?),
        ("len", Some(value)) => Value::Int(i64::try_from(value.items()?.len()).ok()?),
        ("float", Some(Value::Text(text))) => Value::Float(text.parse().ok()?),
        ("float", Some(value)) => Value::Float(value.float()?),
        ("int", Some(value)) => match value {
            Value::Float(value) if value.abs() < 1e15 => Value::Int(value.trunc() as i64),
            value => Value::Int(value.int()?),
        },
        ("abs", Some(Value::Float(value))) => Value::Float(value.abs()),
        ("abs", Some(value)) => Value::Int(value.int()?.checked_abs()?),
        ("min", _) => Value::Int(numbers().collect::<Option<Vec<i64>>>()?.into_iter().min()?),
        ("max", _) => Value::Int(numbers().collect::<Option<Vec<i64>>>()?.into_iter().max()?),
        _ => return None,
    })
}
