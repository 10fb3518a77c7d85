//! [`Patience`]: how long helpers are waited for.

use super::clock::now_ms;

/// A helper is given up when it has been waited for so long, in milliseconds, …
const PATIENCE_MS: f64 = 2_000.0;
/// … and for so many times as long as the training worker was busy itself since it gave something out.
const PATIENCE: f64 = 10.0;

/// Since when helpers compute, and since when they are waited for.
#[derive(Default)]
pub struct Patience {
    begun_ms: f64,
    waits_since_ms: Option<f64>,
}

impl Patience {
    /// Something was given out.
    pub fn begin(&mut self) {
        self.begun_ms = now_ms();
    }

    /// Whether there is nothing else to do than to wait.
    pub fn wait(&mut self, is_waiting: bool) {
        self.waits_since_ms = is_waiting.then(|| self.waits_since_ms.unwrap_or_else(now_ms));
    }

    /// Begins to count anew.
    pub fn rest(&mut self) {
        (self.begun_ms, self.waits_since_ms) = (now_ms(), None);
    }

    /// Whether helpers have been waited for too long.
    pub fn is_over(&self) -> bool {
        self.waits_since_ms
            .is_some_and(|since| now_ms() - since > PATIENCE_MS.max((since - self.begun_ms) * PATIENCE))
    }
}
