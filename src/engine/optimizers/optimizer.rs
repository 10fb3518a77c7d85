//! [`Optimizer`]: what is done around every rule, in Keras's order.
//!
//! Scale → accumulate → centralize → clip → weight decay → rule → average. The caller applies constraints
//! afterwards.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::arguments::SharedArguments;
use super::centralization::centralize;
use super::clipping::Clipping;
use super::rule::{Place, Rule, StateSpec, Update};
use crate::engine::schedules::LearningRateSpec;

/// One parameter array of a model, as an optimizer sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizedParam {
    /// Where it lies in the flat block.
    pub range: Range<usize>,
    /// Its shape.
    pub extents: Vec<usize>,
    /// Whether it is a kernel, whose last axis counts outputs; a bias is not.
    pub is_kernel: bool,
    /// Whether it is trained; others are left alone.
    pub trainable: bool,
}

/// Somebody wanted to change the learning rate of an optimizer that follows a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the learning rate follows {schedule} and cannot be set")]
pub struct ScheduledRateError {
    /// Keras's class name.
    pub schedule: String,
}

/// A number of state arrays that is not this optimizer's, or one array of a wrong length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this optimizer keeps arrays of {expected:?} numbers, got {got:?}")]
pub struct WrongSlotsError {
    /// The lengths of its arrays.
    pub expected: Vec<usize>,
    /// The lengths that were given.
    pub got: Vec<usize>,
}

/// One array of an optimizer's state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot<'a> {
    /// Keras's name: `momentum`, `velocity`.
    pub name: &'static str,
    /// To which of the parameter arrays it belongs; `None` for Nadam's product of momentums.
    pub param: Option<usize>,
    /// Laid out as that parameter.
    pub values: &'a [f32],
}

/// An optimizer at work on one model.
pub struct Optimizer {
    shared: SharedArguments,
    clipping: Option<Clipping>,
    centralizes: bool,
    rule: Box<dyn Rule>,
    params: Vec<OptimizedParam>,
    num_values: usize,
    /// Trainable parameters that touch are one span.
    spans: Vec<Range<usize>>,
    /// What `arrays` holds: the average and the accumulated gradients, where kept, then the rule's.
    state: Vec<StateSpec>,
    /// Where the rule's own begin.
    rules_first: usize,
    arrays: Vec<Vec<f32>>,
    /// Calls of [`Optimizer::step`] so far.
    iterations: u64,
    /// Room for the gradients where they are changed before use.
    changed: Vec<f32>,
}

impl Optimizer {
    pub(super) fn new(
        shared: SharedArguments,
        centralizes: bool,
        rule: Box<dyn Rule>,
        params: &[OptimizedParam],
    ) -> Self {
        let average = shared.use_ema.then(|| StateSpec::zeros("average"));
        let accumulator = accumulation(&shared).map(|_| StateSpec::zeros("gradient_accumulator"));
        let state: Vec<_> = average.into_iter().chain(accumulator).chain(rule.state()).collect();
        let rules_first = usize::from(shared.use_ema) + usize::from(accumulation(&shared).is_some());
        let num_values = params.iter().map(|param| param.range.end).max().unwrap_or(0);
        let array = |state: &StateSpec| match state.place {
            Place::Scalar => vec![state.initial],
            Place::Apart | Place::InTurns => vec![state.initial; num_values],
        };
        Self {
            clipping: shared.clipping(),
            shared,
            centralizes,
            rule,
            spans: spans(params),
            params: params.to_vec(),
            num_values,
            arrays: state.iter().map(array).collect(),
            state,
            rules_first,
            iterations: 0,
            changed: Vec::new(),
        }
    }

    /// Moves the trainable `params` one step against `grads`.
    ///
    /// # Panics
    /// If the lengths differ from those of the model it was built for.
    pub fn step(&mut self, params: &mut [f32], grads: &[f32]) {
        assert_eq!(params.len(), grads.len(), "one gradient per parameter");
        assert_eq!(params.len(), self.num_values, "built for another model");
        let every = accumulation(&self.shared).unwrap_or(1);
        let scale = self.shared.loss_scale_factor;
        // Back and forth, for what this does to the last digit and to what is too large for it.
        let scaled = |g: &f32| scale.map_or(*g, |scale| *g * scale / scale);
        if every > 1 {
            let accumulated = &mut self.arrays[usize::from(self.shared.use_ema)];
            accumulated.iter_mut().zip(grads).for_each(|(sum, g)| *sum += scaled(g));
            if (self.iterations + 1).is_multiple_of(every) {
                let mut changed = std::mem::take(&mut self.changed);
                changed.clear();
                changed.extend(accumulated.iter().map(|sum| sum / every as f32));
                accumulated.fill(0.0);
                self.update(params, changed);
            }
        } else if self.centralizes || self.clipping.is_some() || scale.is_some() {
            let mut changed = std::mem::take(&mut self.changed);
            changed.clear();
            changed.extend(grads.iter().map(scaled));
            self.update(params, changed);
        } else {
            self.apply(params, grads);
        }
        if self.shared.use_ema {
            self.average(params);
        }
        self.iterations += 1;
    }

    /// Updates with gradients that may be changed, and keeps their room.
    fn update(&mut self, params: &mut [f32], mut grads: Vec<f32>) {
        let trained = || self.params.iter().filter(|param| param.trainable);
        if self.centralizes {
            for param in trained().filter(|param| param.is_kernel && param.extents.len() >= 2) {
                centralize(&mut grads[param.range.clone()], param.extents[param.extents.len() - 1]);
            }
        }
        if let Some(clipping) = self.clipping {
            clipping.apply(&mut grads, trained().map(|param| &param.range));
        }
        self.apply(params, &grads);
        self.changed = grads;
    }

    fn apply(&mut self, params: &mut [f32], grads: &[f32]) {
        let learning_rate = self.learning_rate();
        if let Some(weight_decay) = self.shared.weight_decay {
            for span in &self.spans {
                for w in &mut params[span.clone()] {
                    *w -= *w * weight_decay * learning_rate;
                }
            }
        }
        let update = Update { spans: &self.spans, learning_rate, number: self.updates() + 1 };
        self.rule.update(params, grads, &mut self.arrays[self.rules_first..], &update);
    }

    /// Moves the average towards the parameters, and sometimes the parameters to the average.
    fn average(&mut self, params: &mut [f32]) {
        let updates = self.updates();
        // The first average is the parameters themselves.
        let momentum = if updates == 0 { 0.0 } else { self.shared.ema_momentum };
        for idx in self.spans.iter().cloned().flatten() {
            let average = &mut self.arrays[0][idx];
            *average = momentum * *average + (1.0 - momentum) * params[idx];
        }
        let frequency = self.shared.ema_overwrite_frequency.unwrap_or(0);
        if frequency > 0 && (updates + 1).is_multiple_of(frequency.into()) {
            self.take_average(params);
        }
    }

    fn take_average(&self, params: &mut [f32]) {
        for span in &self.spans {
            params[span.clone()].copy_from_slice(&self.arrays[0][span.clone()]);
        }
    }

    /// Ends training: with `use_ema` the parameters become their average, as at the end of Keras's
    /// `fit`.
    pub fn finalize(&self, params: &mut [f32]) {
        if self.shared.use_ema && self.iterations > 0 {
            self.take_average(params);
        }
    }

    /// Steps so far, those that only accumulated gradients included.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Goes on as if there had been so many steps.
    pub fn set_iterations(&mut self, iterations: u64) {
        self.iterations = iterations;
    }

    /// Updates so far, which is what Keras's `iterations` counts.
    pub fn updates(&self) -> u64 {
        self.iterations / accumulation(&self.shared).unwrap_or(1)
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        self.shared.learning_rate.at(self.iterations)
    }

    /// Changes the learning rate.
    ///
    /// # Errors
    /// If it follows a schedule.
    pub fn set_learning_rate(&mut self, learning_rate: f32) -> Result<(), ScheduledRateError> {
        match &mut self.shared.learning_rate {
            LearningRateSpec::Number(number) => *number = learning_rate,
            LearningRateSpec::Schedule(schedule) => {
                return Err(ScheduledRateError { schedule: schedule.class_name().to_owned() });
            }
        }
        Ok(())
    }

    /// How many numbers the state has for each parameter of the model.
    pub fn numbers_per_param(&self) -> usize {
        self.state.iter().filter(|state| state.place != Place::Scalar).count()
    }

    /// The state in the order of Keras's `optimizer.variables`, after iteration and learning rate.
    pub fn slots(&self) -> Vec<Slot<'_>> {
        let slot = |(state, param, range): (usize, Option<usize>, Range<usize>)| Slot {
            name: self.state[state].name,
            param,
            values: &self.arrays[state][range],
        };
        self.layout().into_iter().map(slot).collect()
    }

    /// Takes a state of another optimizer of this kind, in the order of [`Optimizer::slots`].
    ///
    /// # Errors
    /// If these are not as many arrays or numbers; then nothing is changed.
    pub fn set_slots(&mut self, values: &[Vec<f32>]) -> Result<(), WrongSlotsError> {
        let layout = self.layout();
        let expected: Vec<usize> = layout.iter().map(|(_, _, range)| range.len()).collect();
        let got: Vec<usize> = values.iter().map(Vec::len).collect();
        if expected != got {
            return Err(WrongSlotsError { expected, got });
        }
        for ((state, _, range), values) in layout.into_iter().zip(values) {
            self.arrays[state][range].copy_from_slice(values);
        }
        Ok(())
    }

    /// State, parameter and range of every slot, in Keras's order.
    fn layout(&self) -> Vec<(usize, Option<usize>, Range<usize>)> {
        let mut layout = Vec::new();
        let mut first = 0;
        while first < self.state.len() {
            let rest = &self.state[first + 1..];
            let end = first + 1 + rest.iter().take_while(|state| state.place == Place::InTurns).count();
            if self.state[first].place == Place::Scalar {
                layout.push((first, None, 0..1));
            } else {
                let trained = self.params.iter().enumerate().filter(|(_, param)| param.trainable);
                for (idx, param) in trained {
                    layout.extend((first..end).map(|state| (state, Some(idx), param.range.clone())));
                }
            }
            first = end;
        }
        layout
    }
}

fn accumulation(shared: &SharedArguments) -> Option<u64> {
    shared.gradient_accumulation_steps.filter(|steps| *steps > 1).map(u64::from)
}

fn spans(params: &[OptimizedParam]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for param in params.iter().filter(|param| param.trainable) {
        match spans.last_mut() {
            Some(last) if last.end == param.range.start => last.end = param.range.end,
            _ => spans.push(param.range.clone()),
        }
    }
    spans
}

#[cfg(test)]
#[path = "optimizer_tests.rs"]
mod tests;
