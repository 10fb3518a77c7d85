//! Optimizers that take the mean off gradients: Keras has no argument for it, so a program has a class.

use super::names::family;
use super::tokens::{Token, TokenKind, tokens};
use crate::formats::json_tree::Budget;
use crate::formats::run_json::Family;

/// In the path of such an optimizer: `keras.optimizers.centralized.SGD`.
pub const MARK: &str = ".centralized.";

/// The class's name.
pub fn class_name(optimizer: &str) -> String {
    format!("Centralized{optimizer}")
}

/// The class, in Python.
pub fn class(optimizer: &str) -> String {
    format!(
        r#"class {}(keras.optimizers.{optimizer}):
    """Takes the mean over all inputs off each output's gradient first; Keras has no argument for it."""

    def apply(self, grads, trainable_variables=None):
        def centralized(grad):
            axes = list(range(len(grad.shape) - 1))
            return grad - keras.ops.mean(grad, axis=axes, keepdims=True) if axes else grad

        super().apply([centralized(grad) for grad in grads], trainable_variables)
"#,
        class_name(optimizer)
    )
}

/// The path that stands for a class of the program's own with this base: only for [`class`] itself.
pub fn base(path: &str, name: &str, given: &[Token], text: &str) -> Option<String> {
    let (Family::Optimizer, optimizer) = family(path)? else { return None };
    let optimizer = Family::Optimizer.resolve(optimizer)?;
    let own = class(optimizer).replace(&class_name(optimizer), name);
    let tokens = tokens(&own, &mut Budget::new(usize::MAX)).ok()?;
    let is_own = body(given, text).eq(body(&tokens, &own));
    is_own.then(|| format!("keras.optimizers{MARK}{optimizer}"))
}

/// The words and signs of a class behind its head: what the program calls the base is its own matter.
fn body<'t>(tokens: &'t [Token], text: &'t str) -> impl Iterator<Item = &'t str> {
    let tokens = tokens.iter().skip_while(|token| token.kind != TokenKind::Sign(":"));
    let visible = tokens
        .filter(|token| matches!(token.kind, TokenKind::Name(_) | TokenKind::Sign(_) | TokenKind::Int(_)));
    visible.map(|token| &text[token.start()..token.end()])
}
