//! Keras programs: a run as Python, and Python as a run.
//!
//! [`write_program`] gives a whole program for Keras 3, [`write_model`] its model alone. [`read_program`]
//! understands what these write and what notebooks of this kind say: imports under any name, numbers, texts,
//! lists and simple arithmetic under names of their own, `Sequential` with a list or with `add`, the
//! functional API of one chain, `compile`, `fit`, callbacks, functions that return a model, loops and
//! conditions whose values are known. Nothing is run. What says nothing about the model is left out with a
//! [`KerasCodeNote`]; what does and is not understood is a [`KerasCodeError`] with its line.
//!
//! ```text
//! text → tokens → tree → interpret (names, calls, models, data) → assemble → run_json → KerasProgram
//! ```
//!
//! Arguments and their values are checked by [`super::run_json`], as those of files are.

mod assemble;
mod calls;
mod centralized;
mod classes;
mod data;
mod error;
mod evaluate;
mod interpret;
mod models;
mod names;
mod note;
mod parse;
mod parse_expression;
pub(super) mod python;
mod schedule;
pub(in crate::formats) mod signatures;
mod tokens;
mod tree;
mod value;
mod write;

#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod recorded_cases;
#[cfg(test)]
mod recorded_tests;
#[cfg(test)]
mod write_tests;

pub use error::{Expected, Got, KerasCodeError, KerasCodeProblem};
pub use note::{KerasCodeNote, KerasCodeRemark, Skipped};
pub use tokens::Position;
pub use write::{Program, optimizer_class, write_model, write_optimizer, write_program};

use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use crate::formats::json_tree::{Budget, fair_memory};

/// What a program says of a model and its training.
#[derive(Debug, Clone, PartialEq)]
pub struct KerasProgram {
    /// It can be built.
    pub model: ModelSpec,
    /// What the model's `compile` says, if it is called.
    pub compile: Option<CompileSpec>,
    /// What the model's `fit` says, if it is called.
    pub fit: Option<FitSpec>,
    /// Which images, if they are of a dataset that is here too.
    pub data: Option<DataSpec>,
    /// Of `keras.utils.set_random_seed`.
    pub seed: Option<u64>,
    /// Where each layer of the model stands.
    pub layer_positions: Vec<Position>,
    /// What was understood and left out, from top to bottom.
    pub notes: Vec<KerasCodeNote>,
}

impl KerasProgram {
    /// The program's run; what it does not say stays as in `run`.
    #[must_use]
    pub fn applied_to(&self, run: &RunSpec) -> RunSpec {
        RunSpec {
            version: RunSpec::VERSION,
            model: self.model.clone(),
            compile: self.compile.clone().unwrap_or_else(|| run.compile.clone()),
            fit: self.fit.clone().unwrap_or_else(|| run.fit.clone()),
            data: self.data.clone().unwrap_or_else(|| run.data.clone()),
            seed: self.seed.unwrap_or(run.seed),
        }
    }
}

/// Reads a Keras program.
///
/// # Errors
/// The first thing that concerns the model and cannot be used, and where it stands.
pub fn read_program(text: &str) -> Result<KerasProgram, KerasCodeError> {
    let mut budget = Budget::new(fair_memory(text.len()));
    let program = parse::parse(text, &mut budget)?;
    let mut interpreter = interpret::Interpreter::new(text, &program, value::Ledger::new(budget));
    interpreter.follow(&program.block)?;
    assemble::assemble(interpreter)
}
