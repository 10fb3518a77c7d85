//! A program as tokens with their positions: names, numbers, texts, signs, and the ends of logical lines.
//!
//! Python's own rules, and a little more for what is copied from slides and notebooks: typographic quotes,
//! no-break spaces, the prompts `>>>` and `...`, lines that begin with `%` or `!`, and a program that is
//! indented as a whole.

use std::collections::HashSet;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::error::{KerasCodeError, KerasCodeProblem};
use crate::formats::json_tree::{Budget, TooMuch};

/// Bytes of a program that are read.
pub const MAX_LENGTH: usize = 200_000;

/// A place in a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// A piece of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub position: Position,
    /// Bytes in the text, of which there are few enough.
    start: u32,
    end: u32,
}

impl Token {
    fn new(kind: TokenKind, position: Position, start: usize, end: usize) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { kind, position, start: short(start), end: short(end) }
    }

    /// Its first byte in the text.
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// The byte behind it.
    pub fn end(&self) -> usize {
        self.end as usize
    }
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    Name(Rc<str>),
    Int(i64),
    Float(f64),
    /// A text; `None` if values are filled in when it runs.
    Text(Option<Rc<str>>),
    Sign(&'static str),
    /// The end of a logical line.
    Newline,
    Indent,
    Dedent,
    /// A notebook's command.
    Magic,
    End,
}

/// Python's signs, longer ones first.
const SIGNS: [&str; 48] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^=",
    ":=", "**", "//", "==", "<=", ">=", "<<", ">>", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=",
    "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "!",
];

/// Opening quotes and the characters that close them.
const QUOTES: [(char, &[char]); 6] =
    [('"', &['"']), ('\'', &['\'']), ('“', &['”', '“']), ('”', &['”']), ('‘', &['’', '‘']), ('’', &['’'])];

/// Brackets within each other, at most: many more than are read as a tree.
const MAX_OPEN: usize = 1_000;

/// The tokens of `text`, which end with [`TokenKind::End`]. `budget` is the memory that they may take.
///
/// # Errors
/// A character, bracket or quote that has no place; too much text.
pub fn tokens(text: &str, budget: &mut Budget) -> Result<Vec<Token>, KerasCodeError> {
    let got = text.len();
    let start = Position { line: 1, column: 1 };
    if got > MAX_LENGTH {
        let problem = KerasCodeProblem::TooLong { max: MAX_LENGTH, got };
        return Err(problem.at(start));
    }
    // Counted first, so that they take no more place than they need.
    let count = Lexer::new(text, None).run(budget)?.count;
    budget.take(count * size_of::<Token>()).map_err(|error| KerasCodeProblem::from(error).at(start))?;
    // Their texts were counted, too.
    let lexer = Lexer::new(text, Some(Vec::with_capacity(count))).run(&mut Budget::new(usize::MAX))?;
    Ok(lexer.tokens.unwrap_or_default())
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    position: Position,
    /// None if they are only counted.
    tokens: Option<Vec<Token>>,
    count: usize,
    /// Each once.
    names: HashSet<Rc<str>>,
    /// Brackets that wait for their other half.
    open: Vec<(char, Position)>,
    /// Columns at which blocks begin; the first is that of the program.
    indents: Vec<usize>,
}

impl<'t> Lexer<'t> {
    fn new(text: &'t str, tokens: Option<Vec<Token>>) -> Self {
        Self {
            text,
            at: 0,
            position: Position { line: 1, column: 1 },
            tokens,
            count: 0,
            names: HashSet::new(),
            open: Vec::new(),
            indents: Vec::new(),
        }
    }

    fn run(mut self, budget: &mut Budget) -> Result<Self, KerasCodeError> {
        while self.at < self.text.len() {
            self.line_start();
            self.logical_line(budget)?;
        }
        while self.indents.len() > 1 {
            self.indents.pop();
            self.push(TokenKind::Dedent, self.at);
        }
        self.push(TokenKind::End, self.at);
        Ok(self)
    }

    fn emit(&mut self, kind: TokenKind, position: Position, start: usize) {
        self.count += 1;
        if let Some(tokens) = &mut self.tokens {
            tokens.push(Token::new(kind, position, start, self.at));
        }
    }

    /// A name that is kept once, however often it stands there.
    fn named(&mut self, name: &str, budget: &mut Budget) -> Result<Rc<str>, TooMuch> {
        // In a table that grows to twice what it needs; names come back in errors and paths.
        const PLACE: usize = 6 * size_of::<Rc<str>>();
        if let Some(own) = self.names.get(name) {
            return Ok(Rc::clone(own));
        }
        budget.take(PLACE + 8 * name.len())?;
        let own: Rc<str> = name.into();
        self.names.insert(Rc::clone(&own));
        Ok(own)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes one character.
    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        if next == '\n' {
            self.position = Position { line: self.position.line + 1, column: 1 };
        } else {
            self.position.column += 1;
        }
        Some(next)
    }

    fn take(&mut self, prefix: &str) -> bool {
        let is_next = self.rest().starts_with(prefix);
        if is_next {
            for _ in prefix.chars() {
                self.next();
            }
        }
        is_next
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&holds) {
            self.next();
        }
    }

    /// A token without extent, at the place where the lexer stands.
    fn push(&mut self, kind: TokenKind, start: usize) {
        self.emit(kind, self.position, start);
    }

    /// Spaces before a logical line, prompts, empty lines and comments; then the blocks that begin or end.
    fn line_start(&mut self) {
        let mut width = 0;
        loop {
            match self.peek() {
                Some(' ' | '\u{a0}' | '\u{feff}') => width += 1,
                Some('\t') => width = (width / 8 + 1) * 8,
                Some('\n' | '\r' | '\u{c}') => width = 0,
                Some('#') => {
                    self.take_while(|c| c != '\n');
                    continue;
                }
                Some('>' | '.') if self.take(">>> ") || self.take("... ") => {
                    width = 0;
                    continue;
                }
                _ => break,
            }
            self.next();
        }
        if self.at == self.text.len() {
            return;
        }
        if self.indents.is_empty() {
            self.indents.push(width);
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|indent| width < *indent) {
            self.indents.pop();
            self.push(TokenKind::Dedent, self.at);
        }
        if self.indents.last().is_some_and(|indent| width > *indent) {
            self.indents.push(width);
            self.push(TokenKind::Indent, self.at);
        }
    }

    /// All tokens up to the end of the line, or of the lines that brackets hold together.
    fn logical_line(&mut self, budget: &mut Budget) -> Result<(), KerasCodeError> {
        if matches!(self.peek(), Some('%' | '!')) {
            let (start, position) = (self.at, self.position);
            self.take_while(|c| c != '\n');
            self.emit(TokenKind::Magic, position, start);
            self.push(TokenKind::Newline, self.at);
            return Ok(());
        }
        let begun = self.count;
        while let Some(next) = self.peek() {
            match next {
                '\n' if self.open.is_empty() => {
                    self.push(TokenKind::Newline, self.at);
                    self.next();
                    return Ok(());
                }
                '#' => self.take_while(|c| c != '\n'),
                '\\' if self.take("\\\n") || self.take("\\\r\n") => {}
                c if c.is_whitespace() || c == '\u{feff}' => {
                    self.next();
                }
                // Prompts before the lines of a call.
                '.' if !self.open.is_empty() && self.position.column == 1 && self.take("... ") => {}
                _ => self.token(next, budget)?,
            }
        }
        if let Some((bracket, position)) = self.open.pop() {
            return Err(KerasCodeProblem::Bracket { bracket: bracket.to_string() }.at(position));
        }
        if self.count > begun {
            self.push(TokenKind::Newline, self.at);
        }
        Ok(())
    }

    fn token(&mut self, next: char, budget: &mut Budget) -> Result<(), KerasCodeError> {
        let (start, position) = (self.at, self.position);
        let too_much = |error: TooMuch| KerasCodeProblem::from(error).at(position);
        let kind = if let Some(closing) = closing(next) {
            self.string(next, closing, "", position, budget)?
        } else if next.is_alphabetic() || next == '_' {
            self.take_while(|c| c.is_alphanumeric() || c == '_');
            let word = &self.text[start..self.at];
            let is_prefix = word.len() <= 2 && word.chars().all(|c| "rbufRBUF".contains(c));
            match self.peek().and_then(|quote| Some((quote, closing(quote)?))) {
                Some((quote, closing)) if is_prefix => self.string(quote, closing, word, position, budget)?,
                _ => TokenKind::Name(self.named(word, budget).map_err(too_much)?),
            }
        } else if next.is_ascii_digit() || (next == '.' && self.digit_follows()) {
            self.number()
        } else {
            TokenKind::Sign(self.sign(next, position)?)
        };
        self.emit(kind, position, start);
        Ok(())
    }

    fn digit_follows(&self) -> bool {
        self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    }

    fn sign(&mut self, next: char, position: Position) -> Result<&'static str, KerasCodeError> {
        // Slides have longer lines for minus.
        if matches!(next, '–' | '−') {
            self.next();
            return Ok("-");
        }
        let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) else {
            return Err(KerasCodeProblem::UnexpectedCharacter { got: next.to_string() }.at(position));
        };
        self.take(sign);
        let wrong = |bracket: &str| KerasCodeProblem::Bracket { bracket: bracket.to_owned() }.at(position);
        match *sign {
            "(" | "[" | "{" if self.open.len() == MAX_OPEN => {
                return Err(KerasCodeProblem::TooDeep { max: MAX_OPEN }.at(position));
            }
            "(" | "[" | "{" => self.open.push((next, position)),
            ")" | "]" | "}" => match (self.open.pop(), *sign) {
                (Some(('(', _)), ")") | (Some(('[', _)), "]") | (Some(('{', _)), "}") => {}
                _ => return Err(wrong(sign)),
            },
            _ => {}
        }
        Ok(sign)
    }

    /// A number; what is too large for one, or imaginary, is no number.
    fn number(&mut self) -> TokenKind {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            let digits = self.text[start + 2..self.at].replace('_', "");
            return i64::from_str_radix(&digits, 16).map_or(TokenKind::Text(None), TokenKind::Int);
        }
        let digit = |c: char| c.is_ascii_digit() || c == '_';
        self.take_while(digit);
        let mut is_float = self.take(".");
        self.take_while(digit);
        let exponent = self.rest().strip_prefix(['e', 'E']);
        let exponent = exponent.map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if exponent.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            is_float = true;
            self.next();
            self.take_while(|c| matches!(c, '+' | '-'));
            self.take_while(digit);
        }
        let digits = self.text[start..self.at].replace('_', "");
        if is_float {
            digits.parse().map_or(TokenKind::Text(None), TokenKind::Float)
        } else {
            digits.parse().map_or(TokenKind::Text(None), TokenKind::Int)
        }
    }

    /// A text, the lexer standing at its first quote.
    fn string(
        &mut self,
        quote: char,
        closing: &[char],
        prefix: &str,
        position: Position,
        budget: &mut Budget,
    ) -> Result<TokenKind, KerasCodeError> {
        let is_raw = prefix.contains(['r', 'R']);
        let is_filled = prefix.contains(['f', 'F']);
        let triple = quote.to_string().repeat(3);
        let is_triple = self.take(&triple);
        if !is_triple {
            self.next();
        }
        let mut value = String::new();
        loop {
            if is_triple && self.take(&triple) {
                break;
            }
            let Some(next) = self.next() else { return Err(KerasCodeProblem::Quotes.at(position)) };
            match next {
                c if !is_triple && closing.contains(&c) => break,
                '\n' if !is_triple => return Err(KerasCodeProblem::Quotes.at(position)),
                '\\' => match self.next() {
                    None => return Err(KerasCodeProblem::Quotes.at(position)),
                    Some(escaped) if is_raw => value.extend(['\\', escaped]),
                    Some('\n') => {}
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some(escaped @ ('\\' | '\'' | '"')) => value.push(escaped),
                    Some(escaped) => value.extend(['\\', escaped]),
                },
                c => value.push(c),
            }
        }
        // It grew by doubling, and is kept twice at most: where texts stand side by side they are one.
        let too_much = |error| KerasCodeProblem::from(error).at(position);
        budget.take(3 * size_of::<usize>() + 3 * value.len()).map_err(too_much)?;
        Ok(TokenKind::Text((!is_filled || !value.contains('{')).then(|| value.into())))
    }
}

fn closing(quote: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(opening, _)| *opening == quote).map(|(_, closing)| *closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text, &mut Budget::new(usize::MAX)).unwrap().into_iter().map(|token| token.kind).collect()
    }

    fn problem(text: &str) -> (usize, usize, KerasCodeProblem) {
        let error = tokens(text, &mut Budget::new(usize::MAX)).unwrap_err();
        (error.position.line, error.position.column, error.problem)
    }

    #[test]
    fn numbers_names_and_texts_are_told_apart() {
        let name = |text: &str| TokenKind::Name(text.into());
        let text = |text: &str| TokenKind::Text(Some(text.into()));
        let got =
            kinds("a1 = 1_000, 1e-3, .5, 2., 0xff, 'it\\'s', r\"\\d\", f'{x}', \"\"\"a\nb\"\"\"  # end");
        let sign = TokenKind::Sign;
        let expected = [
            name("a1"),
            sign("="),
            TokenKind::Int(1000),
            sign(","),
            TokenKind::Float(1e-3),
            sign(","),
            TokenKind::Float(0.5),
            sign(","),
            TokenKind::Float(2.0),
            sign(","),
            TokenKind::Int(255),
            sign(","),
            text("it's"),
            sign(","),
            text("\\d"),
            sign(","),
            TokenKind::Text(None),
            sign(","),
            text("a\nb"),
            TokenKind::Newline,
            TokenKind::End,
        ];
        assert_eq!(got, expected);
    }

    #[test]
    fn brackets_hold_lines_together_and_indents_make_blocks() {
        let count = |text: &str, kind: &TokenKind| kinds(text).iter().filter(|k| *k == kind).count();
        assert_eq!(count("f(\n  1,\n\n  2)\ng", &TokenKind::Newline), 2);
        assert_eq!(count("a = 1 + \\\n 2", &TokenKind::Newline), 1);
        let text = "if a:\n    b\n    if c:\n\td\n\ne\n";
        assert_eq!((count(text, &TokenKind::Indent), count(text, &TokenKind::Dedent)), (2, 2));
        assert_eq!(count("    a\n    b\n", &TokenKind::Indent), 0, "the whole program may be indented");
    }

    #[test]
    fn slides_and_notebooks_are_read() {
        assert_eq!(kinds("“relu”, ‘a’")[0], TokenKind::Text(Some("relu".into())));
        assert_eq!(kinds("!pip install keras\n%matplotlib inline\na")[2], TokenKind::Magic);
        assert_eq!(kinds(">>> a\n... b").len(), 5);
        assert_eq!(kinds("a\u{a0}–1")[1], TokenKind::Sign("-"));
    }

    #[test]
    fn what_has_no_place_is_named_where_it_stands() {
        let bracket = |bracket: &str| KerasCodeProblem::Bracket { bracket: bracket.to_owned() };
        assert_eq!(problem("a = (1,\n"), (1, 5, bracket("(")));
        assert_eq!(problem("a\nb = 1)"), (2, 6, bracket(")")));
        assert_eq!(problem("(]"), (1, 2, bracket("]")));
        assert_eq!(problem("a = 'x\n"), (1, 5, KerasCodeProblem::Quotes));
        assert_eq!(problem("a ?"), (1, 3, KerasCodeProblem::UnexpectedCharacter { got: "?".to_owned() }));
        let long = "#".repeat(MAX_LENGTH + 1);
        assert!(matches!(problem(&long), (1, 1, KerasCodeProblem::TooLong { .. })));
    }
}
