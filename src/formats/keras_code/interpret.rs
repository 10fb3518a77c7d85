//! Follows a program line by line as far as it concerns the model.
//!
//! Nothing is run: numbers, texts and lists are computed, Keras's classes are remembered with their
//! arguments, and whatever else there is has a value that is not known.

use std::collections::{BTreeSet, HashSet};
use std::mem::{Discriminant, discriminant};
use std::rc::Rc;

use super::centralized;
use super::error::{KerasCodeError, KerasCodeProblem};
use super::names::{Scope, canonical, usual};
use super::note::{KerasCodeNote, KerasCodeRemark, Skipped};
use super::parse::Program;
use super::tokens::{Position, Token, TokenKind};
use super::tree::{Expression, ExpressionKind, Statement, StatementKind};
use super::value::{Input, Ledger, Object, Placed, Value};

/// Statements and expressions that are followed.
const MAX_STEPS: usize = 50_000;
/// Expressions within each other, those of functions that are called included.
const MAX_DEPTH: usize = 200;

/// What a program has made, when it has been followed.
pub struct Interpreter<'p> {
    pub(super) text: &'p str,
    tokens: &'p [Token],
    pub(super) scope: Scope,
    /// Of all that is made of the program.
    pub(super) ledger: Ledger,
    pub(super) drafts: Vec<Draft>,
    pub notes: Vec<KerasCodeNote>,
    pub seed: Option<u64>,
    /// The first model that is a class of the program's own.
    pub(super) subclassed: Option<KerasCodeError>,
    /// Functions within each other.
    pub(super) calls: usize,
    steps: usize,
    depth: usize,
    /// What was said where: what is called twice is said once.
    noted: HashSet<(Position, Discriminant<KerasCodeRemark>)>,
    /// Whether the statement that is followed has said anything.
    pub(super) has_effect: bool,
    /// Names that were taken for Keras's without an import.
    not_imported: BTreeSet<String>,
}

/// A model that the program makes.
#[derive(Debug, Default)]
pub struct Draft {
    pub position: Option<Position>,
    /// Of its variable.
    pub variable: String,
    /// Keras's argument `name`.
    pub name: Option<Placed>,
    pub input: Option<Rc<Input>>,
    pub layers: Vec<Rc<Object>>,
    pub compile: Option<Call>,
    pub fit: Option<Call>,
    /// What `evaluate` was given.
    pub test: Option<Value>,
    /// Whether it is a part of another one.
    pub is_inner: bool,
}

/// Arguments of `compile` or `fit`.
#[derive(Debug)]
pub struct Call {
    pub arguments: Vec<(String, Placed)>,
    pub position: Position,
}

/// How a block ends.
pub enum Flow {
    Through,
    Return(Value),
}

pub(super) type Followed<T> = Result<T, KerasCodeError>;

impl<'p> Interpreter<'p> {
    pub fn new(text: &'p str, program: &'p Program, ledger: Ledger) -> Self {
        let mut scope = Scope::new();
        scope.bind("__name__", Value::text("__main__"));
        Self {
            text,
            tokens: &program.tokens,
            scope,
            ledger,
            drafts: Vec::new(),
            notes: Vec::new(),
            seed: None,
            subclassed: None,
            calls: 0,
            steps: 0,
            depth: 0,
            noted: HashSet::new(),
            has_effect: false,
            not_imported: BTreeSet::new(),
        }
    }

    /// Follows the lines of a block.
    pub fn follow(&mut self, block: &[Statement]) -> Followed<Flow> {
        // Of the statement that this block is a part of.
        let mut has_effect = self.has_effect;
        for statement in block {
            self.step(statement.position)?;
            self.has_effect = false;
            let flow = self.statement(statement)?;
            has_effect |= self.has_effect;
            if let Flow::Return(value) = flow {
                self.has_effect = has_effect;
                return Ok(Flow::Return(value));
            }
        }
        self.has_effect = has_effect;
        Ok(Flow::Through)
    }

    pub(super) fn step(&mut self, position: Position) -> Followed<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(KerasCodeProblem::TooManySteps { max: MAX_STEPS }.at(position));
        }
        Ok(())
    }

    /// Runs `inner` one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        position: Position,
        inner: impl FnOnce(&mut Self) -> Followed<T>,
    ) -> Followed<T> {
        if self.depth == MAX_DEPTH {
            return Err(KerasCodeProblem::TooDeep { max: MAX_DEPTH }.at(position));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Says something of the program.
    pub(super) fn note(&mut self, position: Position, remark: KerasCodeRemark) -> Followed<()> {
        // In lists and tables that grow to twice what they need.
        const NOTE: usize = 3 * size_of::<KerasCodeNote>() + 6 * size_of::<(Position, usize)>();
        if self.noted.contains(&(position, discriminant(&remark))) {
            return Ok(());
        }
        self.take(NOTE + remark.bytes(), position)?;
        self.noted.insert((position, discriminant(&remark)));
        self.notes.push(KerasCodeNote { position, remark });
        Ok(())
    }

    /// Before something that is made takes memory, which it keeps.
    pub(super) fn take(&self, bytes: usize, position: Position) -> Followed<()> {
        self.ledger.take(bytes).map_err(|error| KerasCodeProblem::from(error).at(position))
    }

    /// Lets a name stand for a value.
    pub(super) fn bind(&mut self, name: &str, value: Value, position: Position) -> Followed<()> {
        self.take(Scope::bytes(name, &value), position)?;
        if let Some(old) = self.scope.bind(name, value) {
            self.ledger.give_back(Scope::bytes(name, &old));
        }
        Ok(())
    }

    /// A list or a tuple.
    pub(super) fn sequence(&self, items: Vec<Placed>, is_tuple: bool, position: Position) -> Followed<Value> {
        let sequence = Value::sequence(items, is_tuple, &self.ledger);
        sequence.map_err(|error| KerasCodeProblem::from(error).at(position))
    }

    fn statement(&mut self, statement: &Statement) -> Followed<Flow> {
        match &statement.kind {
            StatementKind::Import(modules) => {
                for (module, alias) in modules {
                    let first = module.split('.').next().unwrap_or(module);
                    let (name, path) = alias.as_ref().map_or((first, first), |alias| (alias, module));
                    self.bind(name, Value::path(&canonical(path)), statement.position)?;
                }
            }
            StatementKind::ImportFrom(module, names) => {
                for (name, alias) in names {
                    if name == "*" {
                        self.take(6 * size_of::<String>() + 2 * module.len(), statement.position)?;
                        self.scope.import_all(module);
                    } else {
                        let path = canonical(&format!("{}.{name}", canonical(module)));
                        self.bind(alias.as_ref().unwrap_or(name), Value::path(&path), statement.position)?;
                    }
                }
            }
            StatementKind::Assign(targets, value) => {
                let value = self.evaluate(value)?;
                let is_named = |target: &Expression| {
                    !matches!(&target.kind, ExpressionKind::Subscript(..) | ExpressionKind::Attribute(..))
                };
                self.has_effect |= value.is_known()
                    && !matches!(value, Value::Data(_) | Value::Bound(_))
                    && targets.iter().any(is_named);
                for target in targets {
                    self.assign(target, value.clone())?;
                }
                self.skip_unless_used(statement)?;
            }
            StatementKind::Update(target, sign, value) => {
                let operator = sign.trim_end_matches('=');
                let value = self.binary(operator, target, value)?;
                self.has_effect |= value.is_known() && !matches!(value, Value::Data(_));
                self.assign(target, value)?;
                self.skip_unless_used(statement)?;
            }
            StatementKind::Expression(expression) => {
                let value = self.evaluate(expression)?;
                // A text alone is a comment.
                self.has_effect |= matches!(value, Value::Text(_));
                self.skip_unless_used(statement)?;
            }
            StatementKind::If(branches) => return self.branches(statement, branches),
            StatementKind::For(target, values, body) => return self.repeat(statement, target, values, body),
            StatementKind::Function(function) => {
                if !self.concerns_model(statement) {
                    self.skip(statement)?;
                }
                self.bind(&function.name, Value::Function(Rc::clone(function)), statement.position)?;
            }
            StatementKind::Class(name, bases) => self.class(statement, name, bases)?,
            StatementKind::Plain(block) => return self.follow(block),
            StatementKind::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::None), |value| self.evaluate(value))?;
                return Ok(Flow::Return(value));
            }
            StatementKind::Pass => {}
            StatementKind::Ignored => self.skip(statement)?,
            StatementKind::Magic => self.skip_as(statement, Skipped::Magic)?,
            StatementKind::Unreadable(error) => {
                if self.concerns_model(statement) {
                    return Err((**error).clone());
                }
                self.skip(statement)?;
            }
        }
        Ok(Flow::Through)
    }

    fn assign(&mut self, target: &Expression, value: Value) -> Followed<()> {
        match &target.kind {
            ExpressionKind::Name(name) => {
                if let Value::Model(model) = value {
                    let draft = &mut self.drafts[model];
                    if draft.variable.is_empty() {
                        draft.variable = name.to_string();
                    }
                }
                self.bind(name, value, target.position)?;
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => {
                let items = value.items().filter(|items| items.len() == targets.len());
                for (idx, target) in targets.iter().enumerate() {
                    let unknown = || Value::unknown(self.source(target));
                    let item = items.map_or_else(unknown, |items| items[idx].value.clone());
                    self.assign(target, item)?;
                }
            }
            ExpressionKind::Attribute(owner, _) if self.mentions_model(owner) => {
                let got = self.source(target);
                return Err(KerasCodeProblem::Statement { got }.at(target.position));
            }
            ExpressionKind::Subscript(owner, _) => {
                if let ExpressionKind::Name(name) = &owner.kind
                    && self.scope.get(name).is_some_and(|value| value.items().is_some())
                {
                    // A list that was changed in place.
                    self.bind(name, Value::unknown(self.source(owner)), target.position)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn branches(
        &mut self,
        statement: &Statement,
        branches: &[(Option<Expression>, Vec<Statement>)],
    ) -> Followed<Flow> {
        for (condition, block) in branches {
            let Some(condition) = condition else { return self.follow(block) };
            let value = self.evaluate(condition)?;
            match truth(&value) {
                Some(true) => return self.follow(block),
                Some(false) => {}
                None if self.concerns_model(statement) => {
                    let got = self.source(condition);
                    return Err(KerasCodeProblem::NotKnown { got: got.into() }.at(condition.position));
                }
                None => {
                    self.skip(statement)?;
                    return Ok(Flow::Through);
                }
            }
        }
        Ok(Flow::Through)
    }

    fn repeat(
        &mut self,
        statement: &Statement,
        target: &Expression,
        values: &Expression,
        body: &[Statement],
    ) -> Followed<Flow> {
        if !body.iter().any(|inner| self.concerns_model(inner)) {
            self.skip(statement)?;
            return Ok(Flow::Through);
        }
        let sequence = self.evaluate(values)?;
        let Some(items) = sequence.items() else {
            let got = self.source(values);
            return Err(KerasCodeProblem::NotKnown { got: got.into() }.at(values.position));
        };
        for item in items {
            self.assign(target, item.value.clone())?;
            if let Flow::Return(value) = self.follow(body)? {
                return Ok(Flow::Return(value));
            }
        }
        Ok(Flow::Through)
    }

    fn class(&mut self, statement: &Statement, name: &str, bases: &[Expression]) -> Followed<()> {
        let mut value = Value::unknown(format!("class {name}"));
        for base in bases {
            let Value::Path(path) = self.evaluate(base)? else { continue };
            if let Some(optimizer) =
                centralized::base(&path, name, &self.tokens[statement.tokens.clone()], self.text)
            {
                value = Value::path(&optimizer);
            } else if &*path == "keras.Model" || &*path == "keras.Sequential" {
                let got = self.first_line(statement);
                let error = KerasCodeProblem::Statement { got }.at(statement.position);
                self.subclassed.get_or_insert(error);
            }
        }
        if !value.is_known() && !self.concerns_model(statement) {
            self.skip(statement)?;
        }
        self.bind(name, value, statement.position)
    }

    /// Whether any word of a statement means a part of a model or its training.
    fn concerns_model(&self, statement: &Statement) -> bool {
        let tokens = &self.tokens[statement.tokens.clone()];
        let mut is_attribute = false;
        tokens.iter().enumerate().any(|(idx, token)| {
            let was_attribute = std::mem::replace(&mut is_attribute, token.kind == TokenKind::Sign("."));
            let TokenKind::Name(name) = &token.kind else { return false };
            if was_attribute {
                let is_set = tokens.get(idx + 1).is_some_and(|next| next.kind == TokenKind::Sign("="));
                let is_layer = name.starts_with(|first: char| first.is_ascii_uppercase())
                    && usual(name).is_some_and(|path| super::names::builds(&path));
                return is_layer || (**name == *"trainable" && is_set);
            }
            // The name of an argument is no variable.
            let is_argument = tokens.get(idx + 1).is_some_and(|next| next.kind == TokenKind::Sign("="))
                && idx > 0
                && matches!(tokens[idx - 1].kind, TokenKind::Sign("(" | ","));
            if is_argument {
                return false;
            }
            match self.scope.get(name) {
                Some(value) => value.concerns_model(),
                None => usual(name).is_some_and(|path| super::names::builds(&path)),
            }
        })
    }

    /// Whether any name in an expression stands for a part of a model or its training.
    fn mentions_model(&self, expression: &Expression) -> bool {
        let is_own = match &expression.kind {
            ExpressionKind::Name(name) => self.scope.get(name).is_some_and(Value::concerns_model),
            _ => false,
        };
        is_own || expression.kind.parts().into_iter().any(|part| self.mentions_model(part))
    }

    fn skip_unless_used(&mut self, statement: &Statement) -> Followed<()> {
        if self.has_effect { Ok(()) } else { self.skip(statement) }
    }

    fn skip(&mut self, statement: &Statement) -> Followed<()> {
        let kind = Skipped::of(&self.tokens[statement.tokens.clone()]);
        self.skip_as(statement, kind)
    }

    fn skip_as(&mut self, statement: &Statement, kind: Skipped) -> Followed<()> {
        let tokens = &self.tokens[statement.tokens.clone()];
        let visible = tokens.iter().rev().find(|token| token.end() > token.start());
        let last_line = visible.map_or(statement.position.line, |token| {
            let inner = self.text[token.start()..token.end()].matches('\n').count();
            token.position.line + inner
        });
        let text = self.first_line(statement);
        self.note(statement.position, KerasCodeRemark::Skipped { kind, text, last_line })
    }

    fn first_line(&self, statement: &Statement) -> String {
        let start = self.tokens[statement.tokens.start].start();
        shortened(&self.text[start..])
    }

    /// An expression as it is written, its first line at most.
    pub(super) fn source(&self, expression: &Expression) -> String {
        shortened(&self.text[expression.bytes.clone()])
    }

    /// What a name stands for.
    pub(super) fn lookup(&mut self, name: &str, position: Position) -> Followed<Value> {
        if let Some(value) = self.scope.get(name) {
            return Ok(value.clone());
        }
        if BUILTINS.contains(&name) {
            return Ok(Value::path(&format!("builtins.{name}")));
        }
        let Some(path) = usual(name) else { return Ok(Value::unknown(name)) };
        if !self.scope.was_starred(&path) && self.not_imported.insert(name.to_owned()) {
            self.note(position, KerasCodeRemark::NotImported { name: name.to_owned() })?;
        }
        Ok(Value::path(&path))
    }
}

/// Python's own functions that are computed.
const BUILTINS: [&str; 9] = ["len", "range", "float", "int", "min", "max", "abs", "list", "tuple"];

/// Whether a condition holds, if it is known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    Some(match value {
        Value::None => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::Sequence(sequence) => !sequence.items.is_empty(),
        _ => return None,
    })
}

/// The first line of a piece of text, its first characters if it is long.
fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
