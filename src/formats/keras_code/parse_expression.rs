//! Expressions: Python's, by precedence.

use std::rc::Rc;

use super::error::{Expected, KerasCodeError, KerasCodeProblem};
use super::parse::{MAX_DEPTH, Parser};
use super::tokens::{Position, TokenKind};
use super::tree::{Argument, Expression, ExpressionKind, ExpressionNode};

type Parsed<T> = Result<T, KerasCodeError>;

/// Operators that take two values, loosest first.
const LEVELS: [&[&str]; 8] = [
    &["or"],
    &["and"],
    &["==", "!=", "<", ">", "<=", ">=", "in", "is", "not"],
    &["|"],
    &["^"],
    &["&"],
    &["+", "-", "<<", ">>"],
    &["*", "/", "//", "%", "@"],
];
/// Below comparisons stands `not`.
const COMPARISONS: usize = 2;

/// Words that are no names.
const WORDS: [&str; 28] = [
    "and", "as", "assert", "async", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while",
];

/// An argument in a list that grows by doubling, and what looks at all of them.
const PART: usize = 3 * (size_of::<Argument>() + size_of::<&Expression>());

impl Parser<'_> {
    /// An expression from what was read since `start`.
    pub(super) fn node(
        &mut self,
        position: Position,
        start: usize,
        kind: ExpressionKind,
    ) -> Parsed<Expression> {
        let parts = kind.parts();
        let height = 1 + parts.iter().map(|part| part.height).max().unwrap_or(0);
        self.take_bytes(Expression::BYTES + parts.len() * PART)?;
        // Long chains of operators are as deep as brackets within each other.
        if height > 3 * MAX_DEPTH {
            return Err(KerasCodeProblem::TooDeep { max: 3 * MAX_DEPTH }.at(position));
        }
        let bytes = start..self.end().max(start);
        Ok(Expression::new(ExpressionNode { position, bytes, height, kind }))
    }

    /// One expression, or several with commas between: a tuple.
    pub(super) fn expression_list(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let first = self.expression()?;
        if !self.is_sign(",") {
            return Ok(first);
        }
        let mut elements = vec![first];
        while self.take_sign(",") {
            let ends = matches!(self.kind(), TokenKind::Newline | TokenKind::End);
            if ends || self.is_sign("=") || self.is_sign("]") || self.is_sign(")") || self.is_sign(":") {
                break;
            }
            elements.push(self.expression()?);
        }
        self.node(position, start, ExpressionKind::Tuple(elements))
    }

    /// One expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        if self.take_word("lambda") {
            let parameters = self.parameters(":")?.into_iter().map(|(name, _)| name).collect();
            self.expect_sign(":")?;
            let body = self.expression()?;
            return self.node(position, start, ExpressionKind::Lambda(parameters, body));
        }
        if self.take_sign("*") || self.take_sign("**") {
            let value = self.expression()?;
            return self.node(position, start, ExpressionKind::Other(vec![value]));
        }
        if self.take_word("yield") || self.take_word("await") {
            return self.node(position, start, ExpressionKind::Other(Vec::new()));
        }
        let value = self.level(0)?;
        if self.take_sign(":=") {
            let inner = self.expression()?;
            return self.node(position, start, ExpressionKind::Other(vec![value, inner]));
        }
        if !self.take_word("if") {
            return Ok(value);
        }
        let condition = self.level(0)?;
        if !self.take_word("else") {
            return Err(self.unexpected(Expected::Sign("else".to_owned())));
        }
        let otherwise = self.expression()?;
        self.node(position, start, ExpressionKind::Conditional(condition, value, otherwise))
    }

    /// What binds at least as tightly as the operators of `LEVELS[level]`.
    fn level(&mut self, level: usize) -> Parsed<Expression> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let (position, start) = (self.position(), self.start());
        if level == COMPARISONS && self.take_word("not") {
            let value = self.deeper(|parser| parser.level(COMPARISONS))?;
            return self.node(position, start, ExpressionKind::Unary("not", value));
        }
        let mut left = self.level(level + 1)?;
        while let Some(sign) = self.operator(signs) {
            self.advance();
            // `not in` and `is not` are two words.
            let is_negated = sign == "not" || (sign == "is" && self.is_word("not"));
            if is_negated {
                self.advance();
            }
            let sign = match (sign, is_negated) {
                ("is", true) => "!=",
                ("is", false) => "==",
                (_, true) => "not in",
                (sign, false) => sign,
            };
            let right = self.level(level + 1)?;
            left = self.node(position, start, ExpressionKind::Binary(sign, left, right))?;
        }
        Ok(left)
    }

    fn operator(&self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().copied().find(|sign| match self.kind() {
            TokenKind::Sign(next) => next == sign,
            TokenKind::Name(next) => **next == **sign,
            _ => false,
        })
    }

    pub(super) fn unary(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        for sign in ["-", "+", "~"] {
            if self.take_sign(sign) {
                let value = self.deeper(Self::unary)?;
                return self.node(position, start, ExpressionKind::Unary(sign, value));
            }
        }
        let base = self.postfix()?;
        if !self.take_sign("**") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::unary)?;
        self.node(position, start, ExpressionKind::Binary("**", base, exponent))
    }

    /// A value with calls, attributes and indices behind it.
    fn postfix(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let mut value = self.atom()?;
        loop {
            let kind = if self.take_sign(".") {
                ExpressionKind::Attribute(value, self.shared_name()?)
            } else if self.take_sign("(") {
                let arguments = self.deeper(Self::arguments)?;
                ExpressionKind::Call(value, arguments)
            } else if self.take_sign("[") {
                let index = self.deeper(Self::index)?;
                self.expect_sign("]")?;
                ExpressionKind::Subscript(value, index)
            } else {
                return Ok(value);
            };
            value = self.node(position, start, kind)?;
        }
    }

    /// Arguments up to the closing bracket, which is taken.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        while !self.take_sign(")") {
            let position = self.position();
            let value = self.expression()?;
            let name = match &value.kind {
                ExpressionKind::Name(name) if self.take_sign("=") => Some(name.clone()),
                _ => None,
            };
            let value = if name.is_some() { self.expression()? } else { self.comprehension(value)? };
            arguments.push(Argument { name, position, value });
            if !self.take_sign(",") {
                self.expect_sign(")")?;
                break;
            }
        }
        Ok(arguments)
    }

    /// `value for …` with whatever follows up to a closing bracket.
    fn comprehension(&mut self, value: Expression) -> Parsed<Expression> {
        if !self.is_word("for") && !self.is_word("async") {
            return Ok(value);
        }
        let (position, start) = (value.position, value.bytes.start);
        let mut parts = vec![value];
        while !(self.is_sign(")") || self.is_sign("]") || self.is_sign("}")) {
            let is_word = matches!(self.kind(), TokenKind::Name(word) if WORDS.contains(&&**word));
            if is_word || self.is_sign(",") {
                self.advance();
            } else {
                parts.push(self.level(COMPARISONS)?);
            }
        }
        self.node(position, start, ExpressionKind::Other(parts))
    }

    /// What stands between square brackets.
    fn index(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let first = self.slice()?;
        if !self.is_sign(",") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take_sign(",") {
            if self.is_sign("]") {
                break;
            }
            parts.push(self.slice()?);
        }
        self.node(position, start, ExpressionKind::Tuple(parts))
    }

    fn slice(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let mut parts = [None, None, None];
        let mut colons = 0;
        loop {
            if self.is_sign("]") || self.is_sign(",") {
                break;
            }
            if self.take_sign(":") {
                colons += 1;
                if colons == parts.len() {
                    return Err(self.unexpected(Expected::Sign("]".to_owned())));
                }
            } else if parts[colons].is_none() {
                parts[colons] = Some(self.expression()?);
            } else {
                return Err(self.unexpected(Expected::Sign("]".to_owned())));
            }
        }
        let [from, to, step] = parts;
        match (colons, from) {
            (0, Some(index)) => Ok(index),
            (0, None) => Err(self.unexpected(Expected::Value)),
            (_, from) => self.node(position, start, ExpressionKind::Slice(from, to, step)),
        }
    }

    fn atom(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let kind = match self.kind().clone() {
            TokenKind::Int(value) => ExpressionKind::Int(value),
            TokenKind::Float(value) => ExpressionKind::Float(value),
            TokenKind::Text(_) => return self.texts(),
            TokenKind::Name(name) => match &*name {
                "None" => ExpressionKind::None,
                "True" => ExpressionKind::Bool(true),
                "False" => ExpressionKind::Bool(false),
                word if WORDS.contains(&word) => return Err(self.unexpected(Expected::Value)),
                _ => ExpressionKind::Name(name),
            },
            TokenKind::Sign("...") => ExpressionKind::Ellipsis,
            TokenKind::Sign("(") => return self.bracketed(")"),
            TokenKind::Sign("[") => return self.bracketed("]"),
            TokenKind::Sign("{") => return self.braces(),
            _ => return Err(self.unexpected(Expected::Value)),
        };
        self.advance();
        self.node(position, start, kind)
    }

    /// Texts that stand side by side are one.
    fn texts(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let TokenKind::Text(first) = self.kind() else { return Err(self.unexpected(Expected::Value)) };
        let mut whole = first.clone();
        self.advance();
        if matches!(self.kind(), TokenKind::Text(_)) {
            let mut joined = whole.map(|first| first.to_string());
            while let TokenKind::Text(text) = self.kind() {
                joined = joined.zip(text.clone()).map(|(joined, text)| joined + &text);
                self.advance();
            }
            whole = joined.map(Rc::from);
        }
        self.node(position, start, whole.map_or(ExpressionKind::Other(Vec::new()), ExpressionKind::Text))
    }

    /// `(…)` or `[…]`: a value in brackets, a tuple, a list or a comprehension.
    fn bracketed(&mut self, close: &str) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        self.advance();
        let mut elements = Vec::new();
        let mut is_one = close == ")";
        while !self.take_sign(close) {
            let element = self.expression()?;
            elements.push(self.comprehension(element)?);
            if !self.take_sign(",") {
                self.expect_sign(close)?;
                break;
            }
            is_one = false;
        }
        if is_one && elements.len() == 1 {
            let value = elements.remove(0);
            // The brackets belong to the text of the value.
            return Ok(value.moved(position, start..self.end()));
        }
        let is_unknown = elements.len() == 1 && matches!(&elements[0].kind, ExpressionKind::Other(_));
        self.node(
            position,
            start,
            match close {
                _ if is_unknown => ExpressionKind::Other(elements),
                ")" => ExpressionKind::Tuple(elements),
                _ => ExpressionKind::List(elements),
            },
        )
    }

    /// `{…}`: a dictionary, a set or a comprehension.
    fn braces(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        self.advance();
        let (mut pairs, mut others) = (Vec::new(), Vec::new());
        while !self.take_sign("}") {
            let key = self.expression()?;
            if self.take_sign(":") {
                let value = self.expression()?;
                let value = self.comprehension(value)?;
                pairs.push((key, value));
            } else {
                others.push(self.comprehension(key)?);
            }
            if !self.take_sign(",") {
                self.expect_sign("}")?;
                break;
            }
        }
        let kind =
            if others.is_empty() { ExpressionKind::Dict(pairs) } else { ExpressionKind::Other(others) };
        self.node(position, start, kind)
    }
}
