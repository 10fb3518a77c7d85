//! Statements: a program's lines and blocks as a tree.
//!
//! A line that is not understood does not end the reading: it stays in the tree with its error, for the
//! interpreter to decide whether it concerns the model.

use std::rc::Rc;

use super::error::{Expected, Got, KerasCodeError, KerasCodeProblem};
use super::tokens::{Position, Token, TokenKind, tokens};
use super::tree::{Block, Expression, ExpressionKind, Function, Statement, StatementKind};
use crate::formats::json_tree::Budget;

/// Brackets, operators and blocks within each other.
pub const MAX_DEPTH: usize = 60;

/// A statement in a block that grows by doubling.
const STATEMENT: usize = 3 * size_of::<Statement>();
/// A block and the list of branches that it is in, both of which begin with four places.
const BLOCK: usize = 4 * (size_of::<Statement>() + size_of::<(Option<Expression>, Block)>());

/// A program and its parts.
pub struct Program {
    pub tokens: Vec<Token>,
    pub block: Block,
}

/// Reads the text of a program.
///
/// # Errors
/// A character, bracket or quote that has no place, or too much text or nesting. `budget` is the memory that there is for
/// the parts.
pub fn parse(text: &str, budget: &mut Budget) -> Result<Program, KerasCodeError> {
    let tokens = tokens(text, budget)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0, budget };
    let block = parser.block_until(&TokenKind::End)?;
    Ok(Program { tokens, block })
}

/// A place in the tokens.
pub struct Parser<'p> {
    pub(super) text: &'p str,
    tokens: &'p [Token],
    at: usize,
    depth: usize,
    budget: &'p mut Budget,
}

type Parsed<T> = Result<T, KerasCodeError>;

impl Parser<'_> {
    pub(super) fn kind(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    pub(super) fn position(&self) -> Position {
        self.tokens[self.at].position
    }

    /// The first byte of the next token.
    pub(super) fn start(&self) -> usize {
        self.tokens[self.at].start()
    }

    /// The byte after the last token.
    pub(super) fn end(&self) -> usize {
        self.tokens[self.at.saturating_sub(1)].end()
    }

    pub(super) fn advance(&mut self) {
        // The last token is the end, which nobody passes.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), TokenKind::Sign(next) if *next == sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(), TokenKind::Name(next) if **next == *word)
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let is_next = self.is_sign(sign);
        if is_next {
            self.advance();
        }
        is_next
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word);
        if is_next {
            self.advance();
        }
        is_next
    }

    pub(super) fn expect_sign(&mut self, sign: &str) -> Parsed<()> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected(Expected::Sign(sign.to_owned()))) }
    }

    /// A name that a statement keeps, in a list perhaps.
    pub(super) fn name(&mut self) -> Parsed<String> {
        const PLACE: usize = 3 * size_of::<(String, Option<String>)>();
        let name = self.shared_name()?;
        self.take_bytes(PLACE + name.len())?;
        Ok(name.to_string())
    }

    /// A name that an expression has.
    pub(super) fn shared_name(&mut self) -> Parsed<Rc<str>> {
        let TokenKind::Name(name) = self.kind() else { return Err(self.unexpected(Expected::Name)) };
        let name = Rc::clone(name);
        self.advance();
        Ok(name)
    }

    /// Before a part takes memory.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> Parsed<()> {
        let position = self.position();
        self.budget.take(bytes).map_err(|error| KerasCodeProblem::from(error).at(position))
    }

    pub(super) fn unexpected(&self, expected: Expected) -> KerasCodeError {
        let token = &self.tokens[self.at];
        let got = match token.kind {
            TokenKind::Newline => Got::LineEnd,
            TokenKind::End => Got::ProgramEnd,
            TokenKind::Indent | TokenKind::Dedent => Got::Indentation,
            _ => self.text[token.start()..token.end()].into(),
        };
        KerasCodeProblem::Syntax { expected, got }.at(token.position)
    }

    /// Runs `inner` one level deeper.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(KerasCodeProblem::TooDeep { max: MAX_DEPTH }.at(self.position()));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn block_until(&mut self, end: &TokenKind) -> Parsed<Block> {
        let mut block = Block::new();
        while self.kind() != end && *self.kind() != TokenKind::End {
            match self.kind() {
                TokenKind::Newline | TokenKind::Dedent => self.advance(),
                // Lines that stand further to the right without reason.
                TokenKind::Indent => {
                    self.advance();
                    self.take_bytes(BLOCK)?;
                    let inner = self.deeper(|parser| parser.block_until(&TokenKind::Dedent))?;
                    self.advance();
                    block.extend(inner);
                }
                _ => self.line(&mut block)?,
            }
        }
        Ok(block)
    }

    /// One compound statement, or the simple ones of a line.
    fn line(&mut self, block: &mut Block) -> Parsed<()> {
        let (begun, position, depth) = (self.at, self.position(), self.depth);
        let kind = match self.statement() {
            Ok(kind) => kind,
            Err(error) if error.problem.is_limit() => return Err(error),
            Err(error) => {
                // What stands there may be a long text.
                let token = &self.tokens[self.at];
                self.take_bytes(2 * size_of::<KerasCodeError>() + token.end() - token.start())?;
                self.depth = depth;
                self.skip_line();
                StatementKind::Unreadable(Box::new(error))
            }
        };
        self.take_bytes(STATEMENT)?;
        block.push(Statement { position, tokens: begun..self.at, kind });
        self.take_sign(";");
        Ok(())
    }

    /// To the end of the line, and of the block below it if there is one.
    fn skip_line(&mut self) {
        while !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
            self.advance();
        }
        if matches!(self.tokens.get(self.at + 1).map(|token| &token.kind), Some(TokenKind::Indent)) {
            self.advance();
            let mut depth = 0;
            loop {
                match self.kind() {
                    TokenKind::Indent => depth += 1,
                    TokenKind::Dedent => depth -= 1,
                    TokenKind::End => break,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                self.advance();
            }
            // The line ends where the block does; its last token is the dedent.
            self.advance();
        }
    }

    fn statement(&mut self) -> Parsed<StatementKind> {
        let TokenKind::Name(word) = self.kind() else {
            if *self.kind() == TokenKind::Magic {
                self.advance();
                return Ok(StatementKind::Magic);
            }
            return self.simple();
        };
        match &**word {
            "import" => self.import(),
            "from" => self.import_from(),
            "if" => self.condition(),
            "for" => self.for_loop(),
            "def" => self.function(),
            "class" => self.class(),
            "with" | "try" => self.plain(),
            "return" => {
                self.advance();
                let ends = matches!(self.kind(), TokenKind::Newline | TokenKind::End) || self.is_sign(";");
                let value = if ends { None } else { Some(self.expression_list()?) };
                self.line_end()?;
                Ok(StatementKind::Return(value))
            }
            "pass" => {
                self.advance();
                self.line_end()?;
                Ok(StatementKind::Pass)
            }
            "global" | "nonlocal" | "del" | "assert" | "raise" | "break" | "continue" => {
                self.skip_line();
                Ok(StatementKind::Ignored)
            }
            // Not followed: an error if it concerns the model.
            "while" | "async" => {
                let got = word.to_string();
                Err(KerasCodeProblem::Statement { got }.at(self.position()))
            }
            _ => self.simple(),
        }
    }

    fn line_end(&self) -> Parsed<()> {
        let ends = matches!(self.kind(), TokenKind::Newline | TokenKind::End) || self.is_sign(";");
        if ends { Ok(()) } else { Err(self.unexpected(Expected::LineEnd)) }
    }

    /// An expression or an assignment.
    fn simple(&mut self) -> Parsed<StatementKind> {
        const UPDATES: [&str; 12] =
            ["+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", ">>="];
        let first = self.expression_list()?;
        if self.take_sign(":") {
            // A type: `epochs: int = 5`.
            self.expression()?;
        }
        if let TokenKind::Sign(sign) = *self.kind()
            && UPDATES.contains(&sign)
        {
            self.advance();
            let value = self.expression_list()?;
            self.line_end()?;
            return Ok(StatementKind::Update(first, sign, value));
        }
        let mut parts = vec![first];
        while self.take_sign("=") {
            if parts.len() == MAX_DEPTH {
                return Err(KerasCodeProblem::TooDeep { max: MAX_DEPTH }.at(self.position()));
            }
            parts.push(self.expression_list()?);
        }
        self.line_end()?;
        let last = parts.pop().expect("there is at least one");
        Ok(if parts.is_empty() {
            StatementKind::Expression(last)
        } else {
            StatementKind::Assign(parts, last)
        })
    }

    fn dotted(&mut self) -> Parsed<String> {
        let mut path = self.name()?;
        while self.take_sign(".") {
            path.push('.');
            path.push_str(&self.name()?);
        }
        Ok(path)
    }

    fn alias(&mut self) -> Parsed<Option<String>> {
        if self.take_word("as") { self.name().map(Some) } else { Ok(None) }
    }

    fn import(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let mut modules = Vec::new();
        loop {
            let module = self.dotted()?;
            modules.push((module, self.alias()?));
            if !self.take_sign(",") {
                break;
            }
        }
        self.line_end()?;
        Ok(StatementKind::Import(modules))
    }

    fn import_from(&mut self) -> Parsed<StatementKind> {
        self.advance();
        while self.take_sign(".") {}
        let module = if self.is_word("import") { String::new() } else { self.dotted()? };
        if !self.take_word("import") {
            return Err(self.unexpected(Expected::Sign("import".to_owned())));
        }
        if self.take_sign("*") {
            self.line_end()?;
            return Ok(StatementKind::ImportFrom(module, vec![("*".to_owned(), None)]));
        }
        let in_brackets = self.take_sign("(");
        let mut names = Vec::new();
        while !self.is_sign(")") {
            let name = self.name()?;
            names.push((name, self.alias()?));
            if !self.take_sign(",") {
                break;
            }
        }
        if in_brackets {
            self.expect_sign(")")?;
        }
        self.line_end()?;
        Ok(StatementKind::ImportFrom(module, names))
    }

    /// What follows a colon: lines further to the right, or statements on the same line.
    fn block(&mut self) -> Parsed<Block> {
        self.expect_sign(":")?;
        self.take_bytes(BLOCK)?;
        if *self.kind() != TokenKind::Newline {
            let mut block = Block::new();
            loop {
                self.deeper(|parser| parser.line(&mut block))?;
                if matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
                    return Ok(block);
                }
            }
        }
        self.advance();
        if *self.kind() != TokenKind::Indent {
            return Err(self.unexpected(Expected::Block));
        }
        self.advance();
        let block = self.deeper(|parser| parser.block_until(&TokenKind::Dedent))?;
        self.advance();
        Ok(block)
    }

    fn condition(&mut self) -> Parsed<StatementKind> {
        let mut branches = Vec::new();
        self.advance();
        let condition = self.expression()?;
        branches.push((Some(condition), self.block()?));
        loop {
            self.skip_newline_before(&["elif", "else"]);
            if self.take_word("elif") {
                let condition = self.expression()?;
                branches.push((Some(condition), self.block()?));
            } else if self.take_word("else") {
                branches.push((None, self.block()?));
                break;
            } else {
                break;
            }
        }
        Ok(StatementKind::If(branches))
    }

    /// After statements on the line of a colon the next part stands behind a line's end.
    fn skip_newline_before(&mut self, words: &[&str]) {
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        let follows = matches!(next, Some(TokenKind::Name(word)) if words.contains(&&**word));
        if *self.kind() == TokenKind::Newline && follows {
            self.advance();
        }
    }

    fn for_loop(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let target = self.target_list()?;
        if !self.take_word("in") {
            return Err(self.unexpected(Expected::Sign("in".to_owned())));
        }
        let values = self.expression_list()?;
        let body = self.block()?;
        Ok(StatementKind::For(target, values, body))
    }

    fn function(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        self.expect_sign("(")?;
        let parameters = self.parameters(")")?;
        self.expect_sign(")")?;
        if self.take_sign("->") {
            self.expression()?;
        }
        let body = self.block()?;
        Ok(StatementKind::Function(Rc::new(Function { name, parameters, body })))
    }

    /// Names with their defaults, up to `end`.
    pub(super) fn parameters(&mut self, end: &str) -> Parsed<Vec<(String, Option<Expression>)>> {
        let mut parameters = Vec::new();
        while !self.is_sign(end) {
            let _ = self.take_sign("*") || self.take_sign("**") || self.take_sign("/");
            if self.take_sign(",") {
                continue;
            }
            let name = self.name()?;
            if end == ")" && self.take_sign(":") {
                self.expression()?;
            }
            let default = if self.take_sign("=") { Some(self.expression()?) } else { None };
            parameters.push((name, default));
            if !self.take_sign(",") {
                break;
            }
        }
        Ok(parameters)
    }

    fn class(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let mut bases = Vec::new();
        if self.take_sign("(") {
            bases = self.arguments()?.into_iter().map(|argument| argument.value).collect();
        }
        self.block()?;
        Ok(StatementKind::Class(name, bases))
    }

    /// `with …:` and `try:` with whatever follows it.
    fn plain(&mut self) -> Parsed<StatementKind> {
        let is_try = self.take_word("try");
        if !is_try {
            self.advance();
            while !self.is_sign(":") && !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
                self.expression()?;
                self.alias()?;
                self.take_sign(",");
            }
        }
        let block = self.block()?;
        let parts = ["except", "else", "finally"];
        loop {
            self.skip_newline_before(&parts);
            if !is_try || !parts.iter().any(|part| self.is_word(part)) {
                break;
            }
            self.advance();
            while !self.is_sign(":") && !matches!(self.kind(), TokenKind::Newline | TokenKind::End) {
                self.advance();
            }
            self.block()?;
        }
        Ok(StatementKind::Plain(block))
    }

    /// Targets of a loop: no `in` among them.
    fn target_list(&mut self) -> Parsed<Expression> {
        let (position, start) = (self.position(), self.start());
        let mut targets = vec![self.unary()?];
        while self.take_sign(",") && !self.is_word("in") {
            targets.push(self.unary()?);
        }
        if targets.len() == 1 {
            return Ok(targets.remove(0));
        }
        self.node(position, start, ExpressionKind::Tuple(targets))
    }
}
