//! What a program made, as `run.json` has it, so that names, arguments and values are checked where those
//! of files are; and where each value stands in the program, to say where one is wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::data::{Chosen, Given, choose};
use super::error::{KerasCodeError, KerasCodeProblem};
use super::interpret::{Call, Draft, Interpreter};
use super::models::described;
use super::note::KerasCodeRemark;
use super::schedule;
use super::signatures;
use super::tokens::Position;
use super::value::{Ledger, Object, Placed, Value};
use super::{KerasCodeNote, KerasProgram};
use crate::engine::spec::{RunSpec, SpecError};
use crate::formats::json_tree::{TooMuch, entry_bytes, text_bytes};
use crate::formats::run_json::{self, Family, RunJsonError};

/// Values of a run.
const MAX_NODES: usize = 100_000;

/// Arguments of `fit` that are data.
const DATA: [&str; 4] = ["x", "y", "validation_data", "sample_weight"];

/// Where the values of a run stand in the program.
pub struct Assembly {
    positions: BTreeMap<String, Position>,
    nodes: usize,
    ledger: Ledger,
}

/// The one model of a program that is read: the last that is trained, or compiled, or made.
///
/// # Errors
/// If there is none, or it cannot be used.
pub fn assemble(mut interpreter: Interpreter) -> Result<KerasProgram, KerasCodeError> {
    let drafts = std::mem::take(&mut interpreter.drafts);
    let last = |holds: &dyn Fn(&Draft) -> bool| drafts.iter().rposition(holds);
    let chosen = last(&|draft| draft.fit.is_some())
        .or_else(|| last(&|draft| draft.compile.is_some()))
        .or_else(|| last(&|draft| !draft.is_inner));
    let Some(chosen) = chosen else {
        let start = Position { line: 1, column: 1 };
        return Err(interpreter.subclassed.take().unwrap_or_else(|| KerasCodeProblem::NoModel.at(start)));
    };
    for (idx, draft) in drafts.iter().enumerate() {
        if let Some(position) = draft.position.filter(|_| idx != chosen && !draft.is_inner) {
            let name = if draft.variable.is_empty() { "keras.Sequential" } else { &draft.variable };
            interpreter.note(position, KerasCodeRemark::OtherModel { name: name.to_owned() })?;
        }
    }
    let ledger = interpreter.ledger.clone();
    let mut assembly = Assembly { positions: BTreeMap::new(), nodes: 0, ledger };
    assembly.program(&mut interpreter, &drafts[chosen])
}

impl Assembly {
    fn program(
        &mut self,
        interpreter: &mut Interpreter,
        draft: &Draft,
    ) -> Result<KerasProgram, KerasCodeError> {
        let start = draft.position.unwrap_or(Position { line: 1, column: 1 });
        self.place(String::new(), start)?;
        let mut run = json!({ "model": self.model(interpreter, draft)? });
        if let Some(compile) = &draft.compile {
            run["compile"] = self.section(interpreter, compile, "compile")?;
        }
        if let Some(fit) = &draft.fit {
            run["fit"] = self.section(interpreter, fit, "fit")?;
        }
        let file = self.ledger.with(|budget| run_json::read_value(run, budget));
        let file = file.map_err(|error| self.located(error))?;
        self.take(3 * file.notes.len() * size_of::<KerasCodeNote>(), start)?;
        let mut notes: Vec<KerasCodeNote> = std::mem::take(&mut interpreter.notes);
        notes.extend(file.notes.into_iter().map(|note| {
            let position = self.position(&note.path);
            KerasCodeNote { position, remark: KerasCodeRemark::Argument(note) }
        }));
        self.check(&file.run, draft)?;
        let fit = draft.fit.is_some().then_some(file.run.fit);
        let data = match choose(&given(draft), fit.as_ref()) {
            Chosen::Exactly(data) => Some(data),
            Chosen::WithoutTest(data) => {
                let position = draft.fit.as_ref().map_or(start, |fit| fit.position);
                let samples = data.validation_samples;
                if samples > 0 {
                    notes.push(KerasCodeNote {
                        position,
                        remark: KerasCodeRemark::ValidationOnTest { samples },
                    });
                }
                Some(data)
            }
            Chosen::Unknown(position, got) => {
                notes.push(KerasCodeNote { position, remark: KerasCodeRemark::OtherData { got } });
                None
            }
            Chosen::Nothing => None,
        };
        notes.sort_by_key(|note| note.position);
        Ok(KerasProgram {
            model: file.run.model,
            compile: draft.compile.is_some().then_some(file.run.compile),
            fit,
            data,
            seed: interpreter.seed,
            layer_positions: draft.layers.iter().map(|layer| layer.position).collect(),
            notes,
        })
    }

    fn model(&mut self, interpreter: &mut Interpreter, draft: &Draft) -> Result<Json, KerasCodeError> {
        let mut model = Map::new();
        if let Some(name) = &draft.name {
            model.insert("name".to_owned(), self.json(interpreter, name, "model.name")?);
        }
        if let Some(input) = &draft.input {
            let shape = self.json(interpreter, &input.shape, "model.input_shape")?;
            model.insert("input_shape".to_owned(), shape);
        }
        let mut layers = Vec::with_capacity(draft.layers.len());
        for (idx, layer) in draft.layers.iter().enumerate() {
            let path = format!("model.layers[{idx}]");
            layers.push(self.object(interpreter, layer, &path)?);
        }
        self.take(
            layers.capacity() * size_of::<Json>(),
            draft.position.unwrap_or(Position { line: 1, column: 1 }),
        )?;
        model.insert("layers".to_owned(), Json::Array(layers));
        Ok(Json::Object(model))
    }

    /// The arguments of `compile` or `fit`.
    fn section(
        &mut self,
        interpreter: &mut Interpreter,
        call: &Call,
        section: &str,
    ) -> Result<Json, KerasCodeError> {
        self.place(section.to_owned(), call.position)?;
        let mut arguments = Map::new();
        for (name, value) in &call.arguments {
            let path = format!("{section}.{name}");
            if section == "fit" && DATA.contains(&name.as_str()) {
                if name == "sample_weight" && !matches!(value.value, Value::None) {
                    let got = described(&value.value);
                    interpreter.note(value.position, KerasCodeRemark::OtherData { got })?;
                }
                continue;
            }
            let mut json = self.json(interpreter, value, &path)?;
            if matches!(name.as_str(), "metrics" | "weighted_metrics") {
                // A name becomes an object.
                let names = json.as_array().map_or(0, Vec::len);
                self.take(names * (entry_bytes(1) + size_of::<Json>()), value.position)?;
                json = named_metrics(json);
            }
            arguments.insert(name.clone(), counted(name, json));
        }
        Ok(Json::Object(arguments))
    }

    /// A value as JSON has it; `path` is where it will stand in the run.
    pub(super) fn json(
        &mut self,
        interpreter: &mut Interpreter,
        placed: &Placed,
        path: &str,
    ) -> Result<Json, KerasCodeError> {
        let position = placed.position;
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(KerasCodeProblem::TooManySteps { max: MAX_NODES }.at(position));
        }
        self.place(path.to_owned(), position)?;
        let not_known = || KerasCodeProblem::NotKnown { got: described(&placed.value) }.at(position);
        Ok(match &placed.value {
            Value::None => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => json!(value),
            Value::Float(value) => {
                let number = serde_json::Number::from_f64(*value);
                let not_finite = || KerasCodeProblem::NotFinite { got: value.to_string() }.at(position);
                Json::Number(number.ok_or_else(not_finite)?)
            }
            Value::Text(text) => {
                // Here, and in the spec.
                self.take(2 * text_bytes(text.len()), position)?;
                json!(**text)
            }
            Value::Sequence(sequence) => {
                // In the spec a number is in a list that grows by doubling.
                let each = size_of::<Json>() + 3 * size_of::<f64>();
                self.take(sequence.items.len() * each, position)?;
                let mut items = Vec::with_capacity(sequence.items.len());
                for (idx, item) in sequence.items.iter().enumerate() {
                    items.push(self.json(interpreter, item, &format!("{path}[{idx}]"))?);
                }
                Json::Array(items)
            }
            Value::Dict(pairs) => {
                let mut members = Map::new();
                for (key, value) in pairs.iter() {
                    let key = match &key.value {
                        Value::Text(text) => text.to_string(),
                        Value::Int(number) => number.to_string(),
                        _ => return Err(not_known()),
                    };
                    let json = self.json(interpreter, value, &format!("{path}.{key}"))?;
                    self.take(entry_bytes(members.len() + 1) + text_bytes(key.len()), position)?;
                    members.insert(key, json);
                }
                Json::Object(members)
            }
            Value::Path(name) if name.starts_with("keras.") || name.starts_with("tensorflow.") => {
                // A function or class goes by its name: `keras.activations.relu`.
                json!(name.rsplit('.').next().unwrap_or(name))
            }
            Value::Object(object) => self.object(interpreter, object, path)?,
            _ => return Err(not_known()),
        })
    }

    fn object(
        &mut self,
        interpreter: &mut Interpreter,
        object: &Object,
        path: &str,
    ) -> Result<Json, KerasCodeError> {
        let name = object.family.resolve(&object.name).unwrap_or(&object.name);
        self.place(path.to_owned(), object.position)?;
        if object.family == Family::Metric && name == "Accuracy" {
            return Err(KerasCodeProblem::ExactAccuracy.at(object.position));
        }
        let necessary = signatures::of_kind(object.family, name).unwrap_or_default();
        let missing =
            necessary.iter().find(|one| one.default.is_none() && object.argument(one.name).is_none());
        if let Some(missing) = missing {
            let (call, argument) = (object.name.clone(), missing.name.to_owned());
            return Err(KerasCodeProblem::MissingArgument { call, argument }.at(object.position));
        }
        let mut arguments = Map::new();
        for (argument, value) in &object.arguments {
            let path = format!("{path}.{name}.{argument}");
            let json = if name == "LearningRateScheduler" && argument == "schedule" {
                self.place(path.clone(), value.position)?;
                schedule::read(interpreter, self, value, &path)?
            } else {
                self.json(interpreter, value, &path)?
            };
            self.take(entry_bytes(arguments.len() + 1) + text_bytes(argument.len()), value.position)?;
            arguments.insert(argument.clone(), counted(argument, json));
        }
        self.take(entry_bytes(1) + text_bytes(name.len()), object.position)?;
        Ok(Json::Object(Map::from_iter([(name.to_owned(), Json::Object(arguments))])))
    }

    /// Before something takes memory.
    fn take(&self, bytes: usize, position: Position) -> Result<(), KerasCodeError> {
        self.ledger.take(bytes).map_err(|error| KerasCodeProblem::from(error).at(position))
    }

    /// Remembers where the value at `path` stands.
    fn place(&mut self, path: String, position: Position) -> Result<(), KerasCodeError> {
        // In a node of a B-tree that is half full.
        const PLACE: usize = 3 * size_of::<(String, Position)>();
        self.take(PLACE + path.capacity(), position)?;
        self.positions.insert(path, position);
        Ok(())
    }

    /// Where the value at `path` stands, or what it is a part of.
    fn position(&self, path: &str) -> Position {
        let mut path = path;
        loop {
            if let Some(position) = self.positions.get(path) {
                return *position;
            }
            path = path.rfind(['.', '[']).map_or("", |end| &path[..end]);
        }
    }

    fn located(&self, error: RunJsonError) -> KerasCodeError {
        if let RunJsonError::Missing { path, key } = &error
            && path == "model"
            && key == "input_shape"
        {
            return KerasCodeProblem::NoInputShape.at(self.position(""));
        }
        if let RunJsonError::TooLong { max, got } = error {
            return KerasCodeProblem::from(TooMuch { max, got }).at(self.position(""));
        }
        let path = match &error {
            RunJsonError::UnknownKeys { keys } => keys.first().map_or("", |key| key.path.as_str()),
            RunJsonError::UnknownName { path, .. }
            | RunJsonError::Missing { path, .. }
            | RunJsonError::WrongType { path, .. }
            | RunJsonError::Refused { path, .. } => path,
            RunJsonError::TooLong { .. } | RunJsonError::Json { .. } | RunJsonError::OtherVersion { .. } => {
                ""
            }
        };
        let position = self.position(path);
        KerasCodeProblem::Value(Box::new(error)).at(position)
    }

    /// Checks that the model can be built and trained as far as the program says how.
    fn check(&self, run: &RunSpec, draft: &Draft) -> Result<(), KerasCodeError> {
        let located = |error: SpecError, section: &str| {
            let path = match &error {
                SpecError::Layer { layer, .. }
                | SpecError::TooLarge { layer, .. }
                | SpecError::TooManyParams { layer, .. } => {
                    format!("model.layers[{layer}]")
                }
                SpecError::Callback { callback, .. } => format!("fit.callbacks[{callback}]"),
                SpecError::EmptyInput { .. } => "model.input_shape".to_owned(),
                _ => section.to_owned(),
            };
            let position = self.position(&path);
            KerasCodeProblem::Spec(Box::new(error)).at(position)
        };
        run.model.validate().map_err(|error| located(error, ""))?;
        if draft.compile.is_some() {
            run.compile.validate().map_err(|error| located(error, "compile"))?;
        }
        if draft.fit.is_some() {
            run.fit.validate().map_err(|error| located(error, "fit"))?;
        }
        if draft.compile.is_some() && draft.fit.is_some() {
            run.validate_training().map_err(|error| located(error, "fit"))?;
        }
        Ok(())
    }
}

/// `True` where a number says how much is printed.
fn counted(argument: &str, json: Json) -> Json {
    match json {
        Json::Bool(value) if argument == "verbose" => json!(u8::from(value)),
        other => other,
    }
}

/// "accuracy" is the name it has anyway.
fn named_metrics(metrics: Json) -> Json {
    let one = |metric: Json| if metric == "accuracy" { json!({ "Accuracy": {} }) } else { metric };
    match metrics {
        Json::Array(all) => all.into_iter().map(one).collect(),
        other => other,
    }
}

fn given(draft: &Draft) -> Given {
    let argument = |name: &str| {
        let arguments = draft.fit.iter().flat_map(|fit| &fit.arguments);
        arguments.into_iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    };
    let test = match &draft.test {
        Some(Value::Data(data)) => Some((**data).clone()),
        _ => None,
    };
    let validation = argument("validation_data").filter(|value| !matches!(value.value, Value::None));
    Given { train: argument("x"), validation, test }
}
