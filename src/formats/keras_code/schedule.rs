//! Functions of the epoch that `LearningRateScheduler` is given: read in a few forms.
//!
//! | here | Python |
//! | --- | --- |
//! | `Constant` | `lambda epoch: 0.01` |
//! | `StepDecay` | `lambda epoch: 0.01 * 0.5 ** (epoch // 10)` |
//! | `Multiply` | `lambda epoch, lr: lr if epoch < 10 else lr * 0.9` |
//! | `Exponential` | `lambda epoch: 0.01 * math.exp(-0.1 * epoch)` |
//! | `PerEpoch` | `lambda epoch: [0.01, 0.005][min(epoch, 1)]` |
//! | the optimizers' schedules | `lambda epoch: float(keras.optimizers.schedules.CosineDecay(0.01, 10)(epoch))` |
//!
//! A `def` that returns the same is read too.

use serde_json::{Value as Json, json};

use super::assemble::Assembly;
use super::error::{Got, KerasCodeError, KerasCodeProblem};
use super::interpret::Interpreter;
use super::models::described;
use super::tree::{Block, Expression, ExpressionKind, Function, Statement, StatementKind};
use super::value::{Placed, Value};
use crate::formats::run_json::Family;

type Read<T> = Result<T, KerasCodeError>;

/// The schedule that a function is, as it is saved.
///
/// # Errors
/// If it is none of the known forms.
pub fn read(
    interpreter: &mut Interpreter,
    assembly: &mut Assembly,
    schedule: &Placed,
    path: &str,
) -> Read<Json> {
    let refused = |got: Got| KerasCodeProblem::ScheduleFunction { got }.at(schedule.position);
    let (parameters, body, got) = match &schedule.value {
        Value::Lambda(lambda) => {
            let (parameters, body) = &**lambda;
            (parameters.clone(), Some(Body::of(body)), interpreter.source(body).into())
        }
        Value::Function(function) => {
            let parameters = function.parameters.iter().map(|(name, _)| name.clone()).collect();
            (parameters, body_of(function), format!("def {}", function.name).into())
        }
        other => return Err(refused(described(other))),
    };
    let (epoch, rate) = match &parameters[..] {
        [epoch] => (epoch.as_str(), None),
        [epoch, rate] => (epoch.as_str(), Some(rate.as_str())),
        _ => return Err(refused(got)),
    };
    let mut reader = Reader { interpreter, assembly, epoch, rate, path };
    let found = match body {
        Some(body) => reader.body(&body)?,
        None => None,
    };
    found.ok_or_else(|| refused(got))
}

/// What a function gives.
enum Body<'f> {
    Plain(&'f Expression),
    /// Condition, value if it holds, value if not.
    Either(&'f Expression, &'f Expression, &'f Expression),
}

impl<'f> Body<'f> {
    fn of(value: &'f Expression) -> Self {
        match &value.kind {
            ExpressionKind::Conditional(condition, yes, no) => Self::Either(condition, yes, no),
            _ => Self::Plain(value),
        }
    }
}

/// `return a`, or `if …: return a` with `return b` behind it or under `else`.
fn body_of(function: &Function) -> Option<Body<'_>> {
    let is_comment = |kind: &StatementKind| matches!(kind, StatementKind::Expression(text) if matches!(&text.kind, ExpressionKind::Text(_)));
    let statements: Vec<&StatementKind> =
        function.body.iter().map(|statement| &statement.kind).filter(|kind| !is_comment(kind)).collect();
    match statements[..] {
        [StatementKind::Return(Some(value))] => Some(Body::of(value)),
        [StatementKind::If(branches)] => match &branches[..] {
            [(Some(condition), yes), (None, no)] => {
                Some(Body::Either(condition, returned(yes)?, returned(no)?))
            }
            _ => None,
        },
        [StatementKind::If(branches), StatementKind::Return(Some(no))] => match &branches[..] {
            [(Some(condition), yes)] => Some(Body::Either(condition, returned(yes)?, no)),
            _ => None,
        },
        _ => None,
    }
}

fn returned(block: &Block) -> Option<&Expression> {
    match &block[..] {
        [Statement { kind: StatementKind::Return(Some(value)), .. }] => Some(value),
        _ => None,
    }
}

struct Reader<'r, 'i, 'p> {
    interpreter: &'r mut Interpreter<'i>,
    assembly: &'r mut Assembly,
    epoch: &'p str,
    rate: Option<&'p str>,
    path: &'p str,
}

impl Reader<'_, '_, '_> {
    fn body(&mut self, body: &Body) -> Read<Option<Json>> {
        match body {
            Body::Plain(value) => self.plain(value),
            Body::Either(condition, yes, no) => self.either(condition, yes, no),
        }
    }

    fn is_epoch(&self, value: &Expression) -> bool {
        matches!(&value.kind, ExpressionKind::Name(name) if **name == *self.epoch)
    }

    fn is_rate(&self, value: &Expression) -> bool {
        matches!(&value.kind, ExpressionKind::Name(name) if Some(&**name) == self.rate)
    }

    /// A number that is the same in every epoch.
    fn constant(&mut self, value: &Expression) -> Read<Option<f64>> {
        if value.mentions(self.epoch) || self.rate.is_some_and(|rate| value.mentions(rate)) {
            return Ok(None);
        }
        Ok(self.interpreter.evaluate(value)?.float().filter(|number| number.is_finite()))
    }

    fn count(&mut self, value: &Expression) -> Read<Option<i64>> {
        Ok(self
            .constant(value)?
            .filter(|number| number.fract() == 0.0 && number.abs() < 1e9)
            .map(|n| n as i64))
    }

    fn plain(&mut self, value: &Expression) -> Read<Option<Json>> {
        if let Some(learning_rate) = self.constant(value)? {
            return Ok(Some(json!({ "Constant": { "learning_rate": learning_rate } })));
        }
        match &value.kind {
            ExpressionKind::Binary("*", left, right) => {
                if let Some(factor) = self.multiplied(value)? {
                    return Ok(Some(json!({ "Multiply": { "factor": factor, "from_epoch": 0 } })));
                }
                let Some(initial) = self.constant(left)? else { return Ok(None) };
                if let ExpressionKind::Binary("**", drop, exponent) = &right.kind
                    && let ExpressionKind::Binary("//", epoch, every) = &exponent.kind
                    && self.is_epoch(epoch)
                {
                    let (drop, every) = (self.constant(drop)?, self.count(every)?);
                    return Ok(drop.zip(every).map(|(drop, every)| {
                        json!({ "StepDecay": {
                            "initial_learning_rate": initial, "drop": drop, "epochs_drop": every,
                        } })
                    }));
                }
                let decay = self.decay(right)?;
                Ok(decay.map(
                    |decay| json!({ "Exponential": { "initial_learning_rate": initial, "decay": decay } }),
                ))
            }
            ExpressionKind::Subscript(rates, index) => self.per_epoch(rates, index),
            ExpressionKind::Call(callee, arguments) => {
                let ([argument], ExpressionKind::Name(name)) = (&arguments[..], &callee.kind) else {
                    return Ok(None);
                };
                if &**name == "float" { self.of_optimizers(&argument.value) } else { Ok(None) }
            }
            _ => Ok(None),
        }
    }

    /// `k` in `math.exp(-k * epoch)`.
    fn decay(&mut self, value: &Expression) -> Read<Option<f64>> {
        let ExpressionKind::Call(callee, arguments) = &value.kind else { return Ok(None) };
        let Value::Path(path) = self.interpreter.evaluate(callee)? else { return Ok(None) };
        let [argument] = &arguments[..] else { return Ok(None) };
        if !path.ends_with(".exp") {
            return Ok(None);
        }
        let (sign, product) = match &argument.value.kind {
            ExpressionKind::Unary("-", inner) => (1.0, inner),
            _ => (-1.0, &argument.value),
        };
        let ExpressionKind::Binary("*", left, right) = &product.kind else { return Ok(None) };
        let factor = match (self.is_epoch(left), self.is_epoch(right)) {
            (false, true) => self.constant(left)?,
            (true, false) => self.constant(right)?,
            _ => None,
        };
        Ok(factor.map(|factor| sign * factor))
    }

    /// The factor in `lr * factor`, either way round.
    fn multiplied(&mut self, value: &Expression) -> Read<Option<f64>> {
        match &value.kind {
            ExpressionKind::Binary("*", left, right) if self.is_rate(left) => self.constant(right),
            ExpressionKind::Binary("*", left, right) if self.is_rate(right) => self.constant(left),
            _ => Ok(None),
        }
    }

    /// `lr if epoch < n else lr * factor`, or with `>=` the other way round.
    fn either(&mut self, condition: &Expression, yes: &Expression, no: &Expression) -> Read<Option<Json>> {
        let ExpressionKind::Binary(sign, epoch, from) = &condition.kind else { return Ok(None) };
        let (before, after) = match *sign {
            "<" => (yes, no),
            ">=" => (no, yes),
            _ => return Ok(None),
        };
        if !self.is_epoch(epoch) || !self.is_rate(before) {
            return Ok(None);
        }
        let (factor, from) = (self.multiplied(after)?, self.count(from)?);
        Ok(factor
            .zip(from)
            .map(|(factor, from)| json!({ "Multiply": { "factor": factor, "from_epoch": from } })))
    }

    /// `[0.01, 0.005][min(epoch, 1)]`
    fn per_epoch(&mut self, rates: &Expression, index: &Expression) -> Read<Option<Json>> {
        let ExpressionKind::Call(callee, arguments) = &index.kind else { return Ok(None) };
        let is_min = matches!(&callee.kind, ExpressionKind::Name(name) if &**name == "min");
        let [epoch, last] = &arguments[..] else { return Ok(None) };
        if !is_min || !self.is_epoch(&epoch.value) || rates.mentions(self.epoch) {
            return Ok(None);
        }
        let last = self.count(&last.value)?;
        let rates = self.interpreter.evaluate(rates)?;
        let Some(items) = rates.items() else { return Ok(None) };
        let rates: Option<Vec<f64>> = items.iter().map(|item| item.value.float()).collect();
        let is_last =
            last.is_some_and(|last| usize::try_from(last).is_ok_and(|last| last + 1 == items.len()));
        Ok(rates.filter(|_| is_last).map(|rates| json!({ "PerEpoch": { "learning_rates": rates } })))
    }

    /// `keras.optimizers.schedules.CosineDecay(…)(epoch)`
    fn of_optimizers(&mut self, value: &Expression) -> Read<Option<Json>> {
        let ExpressionKind::Call(schedule, arguments) = &value.kind else { return Ok(None) };
        let [argument] = &arguments[..] else { return Ok(None) };
        if !self.is_epoch(&argument.value) || schedule.mentions(self.epoch) {
            return Ok(None);
        }
        match self.interpreter.evaluate(schedule)? {
            Value::Object(object) if object.family == Family::Schedule => {
                let placed = Placed { value: Value::Object(object), position: schedule.position };
                self.assembly.json(self.interpreter, &placed, self.path).map(Some)
            }
            _ => Ok(None),
        }
    }
}
