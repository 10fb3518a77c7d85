//! Work of known size, for whoever has a clock: the benchmarks, and the page that tells a device's
//! speed.
//!
//! Nothing here measures time; see `benches/README.md` for who does. [`peak`] is the most that the
//! target's vectors can do, [`kernels`] the inner loops on the shapes of the three [`workload`]s.
#![warn(missing_docs)]

pub mod kernels;
pub mod peak;
pub mod workload;

/// How much one run of a [`Probe`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Floating-point operations; a multiply-add counts as two.
    Operations(u64),
    /// Values that go through, where arithmetic is not what takes the time.
    Values(u64),
}

impl Work {
    /// The number alone.
    pub fn amount(self) -> u64 {
        let (Self::Operations(amount) | Self::Values(amount)) = self;
        amount
    }
}

/// A piece of work that can be repeated.
pub struct Probe {
    /// What is computed, and on which shape.
    pub name: String,
    /// How much of it in one run.
    pub work: Work,
    run: Box<dyn FnMut()>,
}

impl Probe {
    /// Work that `run` does once.
    pub fn new(name: impl Into<String>, work: Work, run: impl FnMut() + 'static) -> Self {
        Self { name: name.into(), work, run: Box::new(run) }
    }

    /// Does it once.
    pub fn run(&mut self) {
        (self.run)();
    }
}
