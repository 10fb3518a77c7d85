//! A program as a tree: statements and the expressions in them.

use std::ops::{Deref, Range};
use std::rc::Rc;

use super::error::KerasCodeError;
use super::tokens::Position;

/// One statement.
#[derive(Debug)]
pub struct Statement {
    pub position: Position,
    /// Of its tokens, blocks included.
    pub tokens: Range<usize>,
    pub kind: StatementKind,
}

/// Lines that belong together.
pub type Block = Vec<Statement>;

/// What a statement says.
#[derive(Debug)]
pub enum StatementKind {
    /// `import a.b as c`
    Import(Vec<(String, Option<String>)>),
    /// `from a.b import c as d`; `*` is a name here.
    ImportFrom(String, Vec<(String, Option<String>)>),
    /// `a = b = 1`: targets, then the value.
    Assign(Vec<Expression>, Expression),
    /// `a += 1`
    Update(Expression, &'static str, Expression),
    Expression(Expression),
    /// Conditions with their blocks; a branch without condition is `else`.
    If(Vec<(Option<Expression>, Block)>),
    /// `for target in values:`
    For(Expression, Expression, Block),
    Function(Rc<Function>),
    /// Name and bases.
    Class(String, Vec<Expression>),
    /// `with`, `try` and their parts: the lines count as if they stood alone.
    Plain(Block),
    Return(Option<Expression>),
    Pass,
    /// `del`, `assert` and the like, which change nothing of interest.
    Ignored,
    /// A notebook's command.
    Magic,
    /// Not understood, and why.
    Unreadable(Box<KerasCodeError>),
}

/// A function of the program's own.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    /// Names and defaults.
    pub parameters: Vec<(String, Option<Expression>)>,
    pub body: Block,
}

/// One expression.
#[derive(Debug, Clone)]
pub struct Expression(Rc<ExpressionNode>);

/// What there is of it, once.
#[derive(Debug)]
pub struct ExpressionNode {
    pub position: Position,
    /// Bytes in the text.
    pub bytes: Range<usize>,
    /// How many expressions are within each other.
    pub height: usize,
    pub kind: ExpressionKind,
}

impl Expression {
    /// What it takes, with two counts.
    pub const BYTES: usize = size_of::<ExpressionNode>() + 2 * size_of::<usize>();

    pub fn new(node: ExpressionNode) -> Self {
        Self(Rc::new(node))
    }

    /// The same expression, which nobody else has yet, at another place.
    pub fn moved(mut self, position: Position, bytes: Range<usize>) -> Self {
        if let Some(node) = Rc::get_mut(&mut self.0) {
            (node.position, node.bytes) = (position, bytes);
        }
        self
    }
}

impl Deref for Expression {
    type Target = ExpressionNode;

    fn deref(&self) -> &ExpressionNode {
        &self.0
    }
}

/// What an expression says.
#[derive(Debug)]
pub enum ExpressionKind {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    Name(Rc<str>),
    Attribute(Expression, Rc<str>),
    Call(Expression, Vec<Argument>),
    /// `values[index]`
    Subscript(Expression, Expression),
    /// `start:stop`, with a step or not.
    Slice(Option<Expression>, Option<Expression>, Option<Expression>),
    Ellipsis,
    Unary(&'static str, Expression),
    /// Arithmetic, comparisons, `and`, `or`, `in`, `is`.
    Binary(&'static str, Expression, Expression),
    /// Condition, value if it holds, value if not.
    Conditional(Expression, Expression, Expression),
    Lambda(Vec<String>, Expression),
    List(Vec<Expression>),
    Tuple(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    /// A comprehension, a set, `*values`, a text with values in it …: its parts are looked at, its
    /// value is not known.
    Other(Vec<Expression>),
}

/// An argument of a call.
#[derive(Debug)]
pub struct Argument {
    pub name: Option<Rc<str>>,
    pub position: Position,
    pub value: Expression,
}

impl ExpressionKind {
    /// The expressions right within this one.
    pub fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::None
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Name(_)
            | Self::Ellipsis => Vec::new(),
            Self::Attribute(one, _) | Self::Unary(_, one) | Self::Lambda(_, one) => vec![one],
            Self::Call(callee, arguments) => {
                std::iter::once(callee).chain(arguments.iter().map(|argument| &argument.value)).collect()
            }
            Self::Subscript(a, b) | Self::Binary(_, a, b) => vec![a, b],
            Self::Conditional(a, b, c) => vec![a, b, c],
            Self::Slice(a, b, c) => [a, b, c].into_iter().flatten().collect(),
            Self::List(parts) | Self::Tuple(parts) | Self::Other(parts) => parts.iter().collect(),
            Self::Dict(parts) => parts.iter().flat_map(|(key, value)| [key, value]).collect(),
        }
    }
}

impl Expression {
    /// Whether a name stands anywhere in it.
    pub fn mentions(&self, name: &str) -> bool {
        matches!(&self.kind, ExpressionKind::Name(own) if **own == *name)
            || self.kind.parts().iter().any(|part| part.mentions(name))
    }
}
