//! Expressions: what can be computed is, and what cannot has a value that is not known.

use std::rc::Rc;

use super::error::{Got, KerasCodeProblem};
use super::interpret::{Followed, Interpreter, truth};
use super::names::canonical;
use super::tree::{Expression, ExpressionKind};
use super::value::{Placed, Value};

/// A value that is not in its list yet, and may be of the smaller ones that have no share.
pub(super) const ITEM: usize = size_of::<Placed>() + 192;
/// A dictionary without its entries.
const DICT: usize = 64;

impl Interpreter<'_> {
    /// The value of an expression.
    pub(super) fn evaluate(&mut self, expression: &Expression) -> Followed<Value> {
        self.step(expression.position)?;
        self.deeper(expression.position, |interpreter| interpreter.value_of(expression))
    }

    fn value_of(&mut self, expression: &Expression) -> Followed<Value> {
        Ok(match &expression.kind {
            ExpressionKind::None | ExpressionKind::Ellipsis => Value::None,
            ExpressionKind::Bool(value) => Value::Bool(*value),
            ExpressionKind::Int(value) => Value::Int(*value),
            ExpressionKind::Float(value) => Value::Float(*value),
            ExpressionKind::Text(text) => Value::Text(Rc::clone(text)),
            ExpressionKind::Name(name) => self.lookup(name, expression.position)?,
            ExpressionKind::Attribute(owner, name) => self.attribute(expression, owner, name)?,
            ExpressionKind::Call(callee, arguments) => self.call(expression, callee, arguments)?,
            ExpressionKind::Subscript(owner, index) => self.subscript(expression, owner, index)?,
            ExpressionKind::Slice(from, to, step) => {
                for part in [from, to, step].into_iter().flatten() {
                    self.evaluate(part)?;
                }
                self.unknown(expression)
            }
            ExpressionKind::Unary(sign, value) => {
                let value = self.evaluate(value)?;
                match (*sign, &value) {
                    ("-", Value::Int(value)) => value.checked_neg().map_or(Value::None, Value::Int),
                    ("-", Value::Float(value)) => Value::Float(-value),
                    ("+", Value::Int(_) | Value::Float(_)) => value,
                    ("not", _) => truth(&value).map_or_else(|| self.unknown(expression), |t| Value::Bool(!t)),
                    _ => self.unknown(expression),
                }
            }
            ExpressionKind::Binary(sign, left, right) => match self.binary(sign, left, right)? {
                Value::Unknown(_) => self.unknown(expression),
                known => known,
            },
            ExpressionKind::Conditional(condition, yes, no) => {
                let condition = self.evaluate(condition)?;
                match truth(&condition) {
                    Some(true) => self.evaluate(yes)?,
                    Some(false) => self.evaluate(no)?,
                    None => self.unknown(expression),
                }
            }
            ExpressionKind::Lambda(parameters, body) => {
                Value::Lambda(Rc::new((parameters.clone(), body.clone())))
            }
            ExpressionKind::List(parts) => self.list(expression, parts, false)?,
            ExpressionKind::Tuple(parts) => self.list(expression, parts, true)?,
            ExpressionKind::Dict(parts) => {
                self.take(DICT + parts.len() * 2 * ITEM, expression.position)?;
                let mut pairs = Vec::with_capacity(parts.len());
                for (key, value) in parts {
                    pairs.push((self.placed(key)?, self.placed(value)?));
                }
                let value = Value::Dict(Rc::new(pairs));
                if value.depth() > super::value::MAX_DEPTH { self.unknown(expression) } else { value }
            }
            ExpressionKind::Other(parts) => {
                for part in parts {
                    self.evaluate(part)?;
                }
                self.unknown(expression)
            }
        })
    }

    /// The value of an expression and where it stands.
    pub(super) fn placed(&mut self, expression: &Expression) -> Followed<Placed> {
        Ok(Placed { value: self.evaluate(expression)?, position: expression.position })
    }

    /// A list or a tuple of `parts`.
    fn list(&mut self, expression: &Expression, parts: &[Expression], is_tuple: bool) -> Followed<Value> {
        let position = expression.position;
        self.take(parts.len() * ITEM, position)?;
        let mut items = Vec::with_capacity(parts.len());
        for part in parts {
            items.push(self.placed(part)?);
        }
        self.ledger.give_back(parts.len() * ITEM);
        self.sequence(items, is_tuple, position)
    }

    pub(super) fn unknown(&self, expression: &Expression) -> Value {
        Value::unknown(self.source(expression))
    }

    fn attribute(&mut self, expression: &Expression, owner: &Expression, name: &str) -> Followed<Value> {
        let owner = self.placed(owner)?;
        Ok(match &owner.value {
            Value::Path(path) => match (&**path, name) {
                ("numpy" | "tensorflow", "newaxis") => Value::None,
                ("math" | "numpy", "pi") => Value::Float(std::f64::consts::PI),
                ("math" | "numpy", "inf") => Value::Float(f64::INFINITY),
                _ => Value::path(&canonical(&format!("{path}.{name}"))),
            },
            Value::Data(data) if name == "shape" => {
                let shape = data.shape_value(expression.position, &self.ledger);
                let shape = shape.map_err(|error| KerasCodeProblem::from(error).at(expression.position))?;
                shape.unwrap_or_else(|| self.unknown(expression))
            }
            Value::Unknown(_) => self.unknown(expression),
            value if value.depth() >= super::value::MAX_DEPTH => self.unknown(expression),
            _ => Value::Bound(Rc::new((owner, name.to_owned()))),
        })
    }

    fn subscript(
        &mut self,
        expression: &Expression,
        owner: &Expression,
        index: &Expression,
    ) -> Followed<Value> {
        let owner = self.evaluate(owner)?;
        let range = self.range(index)?;
        if let Value::Data(data) = &owner {
            if let Some([from, to]) = range {
                self.has_effect = true;
                return Ok(Value::Data(Rc::new(data.cut(from, to))));
            }
            return Ok(if self.adds_axis(index)? {
                Value::Data(Rc::new(data.expanded(-1)))
            } else {
                self.unknown(expression)
            });
        }
        let Value::Sequence(sequence) = &owner else {
            self.evaluate(index)?;
            return Ok(self.unknown(expression));
        };
        let len = sequence.items.len();
        // Negative places count from the end.
        let wrapped = |at: i64| if at < 0 { at + i64::try_from(len).unwrap_or(i64::MAX) } else { at };
        let place = |at: i64| usize::try_from(wrapped(at)).unwrap_or(0).min(len);
        if let Some([from, to]) = range {
            let (from, to) = (from.map_or(0, place), to.map_or(len, place));
            let items = sequence.items.get(from..to.max(from)).unwrap_or_default().to_vec();
            return self.sequence(items, sequence.is_tuple, expression.position);
        }
        let index = self.evaluate(index)?.int().and_then(|at| usize::try_from(wrapped(at)).ok());
        let item = index.and_then(|idx| sequence.items.get(idx));
        Ok(item.map_or_else(|| self.unknown(expression), |item| item.value.clone()))
    }

    /// The ends of a slice, if they are known or open.
    fn range(&mut self, index: &Expression) -> Followed<Option<[Option<i64>; 2]>> {
        let ExpressionKind::Slice(from, to, None) = &index.kind else { return Ok(None) };
        let mut ends = [None, None];
        for (end, part) in ends.iter_mut().zip([from, to]) {
            let Some(part) = part else { continue };
            match self.evaluate(part)? {
                Value::None => {}
                value if value.int().is_some() => *end = value.int(),
                _ => return Ok(None),
            }
        }
        Ok(Some(ends))
    }

    /// `[..., None]` or `[:, :, :, np.newaxis]`
    fn adds_axis(&mut self, index: &Expression) -> Followed<bool> {
        let ExpressionKind::Tuple(parts) = &index.kind else { return Ok(false) };
        let Some((last, front)) = parts.split_last() else { return Ok(false) };
        let is_all = |part: &Expression| {
            matches!(&part.kind, ExpressionKind::Ellipsis | ExpressionKind::Slice(None, None, None))
        };
        Ok(front.iter().all(is_all) && !is_all(last) && matches!(self.evaluate(last)?, Value::None))
    }

    pub(super) fn binary(&mut self, sign: &str, left: &Expression, right: &Expression) -> Followed<Value> {
        let a = self.placed(left)?;
        if matches!(sign, "and" | "or") {
            return Ok(match truth(&a.value) {
                Some(holds) if holds == (sign == "or") => a.value,
                Some(_) => self.evaluate(right)?,
                None => Value::unknown(Got::Computed),
            });
        }
        let b = self.placed(right)?;
        for (side, expression) in [(&a.value, left), (&b.value, right)] {
            if let Value::Tensor(_) = side {
                let got = self.source(expression);
                return Err(KerasCodeProblem::NotAChain { got: got.into() }.at(expression.position));
            }
        }
        if let (Value::Data(data), "/" | "*" | "-" | "+") = (&a.value, sign) {
            return Ok(Value::Data(Rc::clone(data)));
        }
        if let (Value::Sequence(a), Value::Sequence(b), "+") = (&a.value, &b.value, sign) {
            let items = a.items.iter().chain(&b.items).cloned().collect();
            let sum = self.sequence(items, a.is_tuple, left.position)?;
            return Ok(if sum.is_known() { sum } else { Value::unknown(Got::Computed) });
        }
        let value = computed(sign, &a.value, &b.value).unwrap_or_else(|| Value::unknown(Got::Computed));
        if let Value::Text(_) = value {
            self.take(value.bytes(), left.position)?;
        }
        Ok(value)
    }
}

/// Arithmetic and comparisons of numbers, sums of texts.
fn computed(sign: &str, a: &Value, b: &Value) -> Option<Value> {
    if let (Value::Text(a), Value::Text(b)) = (a, b) {
        const MAX_TEXT: usize = 10_000;
        return match sign {
            "+" if a.len() + b.len() <= MAX_TEXT => Some(Value::text(&format!("{a}{b}"))),
            "==" => Some(Value::Bool(a == b)),
            "!=" => Some(Value::Bool(a != b)),
            _ => None,
        };
    }
    if let (Value::Int(a), Value::Int(b)) = (a, b)
        && let Some(value) = whole(sign, *a, *b)
    {
        return Some(Value::Int(value));
    }
    let (a, b) = (a.float()?, b.float()?);
    Some(match sign {
        "+" => Value::Float(a + b),
        "-" => Value::Float(a - b),
        "*" => Value::Float(a * b),
        "/" if b != 0.0 => Value::Float(a / b),
        "//" if b != 0.0 => Value::Float((a / b).floor()),
        "%" if b != 0.0 => Value::Float(a - b * (a / b).floor()),
        "**" => Value::Float(crate::tensor::math::pow_f64(a, b)),
        "==" => Value::Bool(a == b),
        "!=" => Value::Bool(a != b),
        "<" => Value::Bool(a < b),
        ">" => Value::Bool(a > b),
        "<=" => Value::Bool(a <= b),
        ">=" => Value::Bool(a >= b),
        _ => return None,
    })
}

/// Arithmetic that stays within whole numbers.
fn whole(sign: &str, a: i64, b: i64) -> Option<i64> {
    match sign {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "//" => {
            let quotient = a.checked_div(b)?;
            let rounds_up = a % b != 0 && (a < 0) != (b < 0);
            Some(quotient - i64::from(rounds_up))
        }
        "%" => {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        }
        "**" => a.checked_pow(u32::try_from(b).ok()?),
        _ => None,
    }
}
