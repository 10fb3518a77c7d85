//! Links made when `EarlyStopping` was the only callback with fields of its own.

use crate::engine::callbacks::{CallbackSpec, EarlyStoppingSpec};
use crate::engine::event::Monitor;
use crate::ui::callbacks::argument::with_text;
use crate::ui::routes::Query;

const MONITOR: &str = "early_stopping";
/// Arguments that had a name in the address.
const ARGUMENTS: [&str; 3] = ["restore_best_weights", "patience", "min_delta"];

/// Adds the `EarlyStopping` of such a link, and gives the names of what makes no sense.
pub fn read_early_stopping(query: &Query, callbacks: &mut Vec<CallbackSpec>) -> Vec<&'static str> {
    let mut bad = Vec::new();
    let monitor = query.get(MONITOR).and_then(|text| {
        let found = Monitor::ALL.into_iter().find(|monitor| monitor.name() == text);
        if found.is_none() {
            bad.push(MONITOR);
        }
        found
    });
    let is_there = monitor.is_some();
    // The form of those days began with a patience of 2.
    let first = EarlyStoppingSpec { patience: 2, ..EarlyStoppingSpec::default() };
    let monitor = monitor.unwrap_or(Monitor::VAL_LOSS);
    let mut spec = CallbackSpec::EarlyStopping(EarlyStoppingSpec { monitor, ..first });
    for name in ARGUMENTS {
        let Some(text) = query.get(name) else { continue };
        match with_text(&spec, name, text) {
            Some(changed) => spec = changed,
            None => bad.push(name),
        }
    }
    callbacks.extend(is_there.then_some(spec));
    bad
}
