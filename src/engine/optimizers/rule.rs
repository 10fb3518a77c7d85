//! [`Rule`]: what is an optimizer's own, and what it needs to be told.

use std::ops::Range;

/// How one kind of optimizer turns a gradient into a step.
pub(super) trait Rule: Send {
    /// The state it keeps.
    fn state(&self) -> Vec<StateSpec>;

    /// Moves `params` against `grads`. `state` holds one array for each of [`Rule::state`].
    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>);
}

/// One update, as a rule sees it.
pub(super) struct Update<'a> {
    /// The parts of the arrays that are trained; the rest stays as it is.
    pub(super) spans: &'a [Range<usize>],
    /// Of this update.
    pub(super) learning_rate: f32,
    /// Counted from 1.
    pub(super) number: u64,
}

/// One array of a rule's state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StateSpec {
    /// Keras's name.
    pub(super) name: &'static str,
    /// What it is filled with at first.
    pub(super) initial: f32,
    /// How Keras lists it.
    pub(super) place: Place,
}

/// Where Keras lists a state among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Laid out as the parameters; all of this state, then all of the next.
    Apart,
    /// Laid out as the parameters, and listed in turns with the state before it.
    InTurns,
    /// One number.
    Scalar,
}

impl StateSpec {
    /// Zeros, listed apart.
    pub(super) fn zeros(name: &'static str) -> Self {
        Self { name, initial: 0.0, place: Place::Apart }
    }
}

/// `base` to the power of an update's number, kept as a product: that has the same bits on every
/// target and does not lose digits as a 32-bit power does.
pub(super) struct Power {
    base: f64,
    exponent: u64,
    value: f64,
}

impl Power {
    pub(super) fn new(base: f32) -> Self {
        Self { base: base.into(), exponent: 0, value: 1.0 }
    }

    /// `base^exponent`. It is cheap where exponents come in order.
    pub(super) fn raised_to(&mut self, exponent: u64) -> f64 {
        if exponent < self.exponent {
            (self.exponent, self.value) = (0, 1.0);
        }
        for _ in self.exponent..exponent {
            self.value *= self.base;
        }
        self.exponent = exponent;
        self.value
    }
}
