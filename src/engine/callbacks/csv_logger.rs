//! Keras's `CSVLogger`: one line of values per epoch.
//!
//! It writes nothing itself: it says which text goes into which file. The columns are `epoch`, from 0,
//! and the names measured in the first epoch, sorted; without validation there, `val_` columns follow
//! for each of them, filled with `NA`. Lines are those of Python's `csv.excel` and end in CR LF. Source:
//! Keras 3.15 `callbacks/csv_logger.py`.

use serde::{Deserialize, Serialize};

use super::python_format::repr;
use super::{
    Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context, Control, CsvLoggerState,
};
use crate::engine::event::{Logs, Monitor, TrainEvent};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CsvLoggerSpec {
    /// Where the lines go.
    pub filename: String,
    /// Between two values; one character.
    pub separator: String,
    /// Whether a file that is there goes on.
    pub append: bool,
}

impl Default for CsvLoggerSpec {
    fn default() -> Self {
        Self { filename: "training.log".to_owned(), separator: ",".to_owned(), append: false }
    }
}

impl CsvLoggerSpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        let mut chars = self.separator.chars();
        let is_one = |c: char| !matches!(c, '"' | '\r' | '\n');
        if chars.next().is_some_and(is_one) && chars.next().is_none() {
            return Ok(());
        }
        let argument = "separator".to_owned();
        Err(CallbackError::NotOneCharacter { argument, got: self.separator.clone() })
    }

    pub(super) fn build(&self, _context: &Context) -> CsvLogger {
        CsvLogger { spec: self.clone(), keys: None }
    }
}

/// What `CSVLogger` wants to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CsvLoggerAction {
    /// Before all lines: the file is opened.
    Open {
        /// Its name.
        filename: String,
        /// Whether what is in it stays.
        append: bool,
    },
    /// The names of the columns.
    Header {
        /// With its line end.
        line: String,
        /// Whether it is left out where the file was not empty.
        only_if_empty: bool,
    },
    /// The values of an epoch.
    Row {
        /// With its line end.
        line: String,
    },
}

pub(super) struct CsvLogger {
    spec: CsvLoggerSpec,
    keys: Option<Vec<Monitor>>,
}

impl CsvLogger {
    fn line<'a>(&self, fields: impl Iterator<Item = &'a str>) -> String {
        let is_special = |c: char| matches!(c, '"' | '\r' | '\n') || self.spec.separator.contains(c);
        let quoted = |field: &str| {
            if field.contains(is_special) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.to_owned()
            }
        };
        fields.map(quoted).collect::<Vec<_>>().join(&self.spec.separator) + "\r\n"
    }

    fn header(&mut self, logs: &Logs) -> CsvLoggerAction {
        let mut keys: Vec<Monitor> = logs.0.iter().map(|(monitor, _)| monitor.clone()).collect();
        keys.sort();
        if !keys.iter().any(Monitor::is_validation) {
            let of_validation: Vec<Monitor> = keys.iter().map(Monitor::of_validation).collect();
            keys.extend(of_validation);
        }
        let line = self.line(std::iter::once("epoch").chain(keys.iter().map(Monitor::name)));
        self.keys = Some(keys);
        CsvLoggerAction::Header { line, only_if_empty: self.spec.append }
    }

    fn row(&self, epoch: usize, logs: &Logs) -> CsvLoggerAction {
        let value = |key| logs.get(key).map_or("NA".to_owned(), repr);
        let values: Vec<String> =
            std::iter::once(epoch.to_string()).chain(self.keys.iter().flatten().map(value)).collect();
        CsvLoggerAction::Row { line: self.line(values.iter().map(String::as_str)) }
    }
}

impl Callback for CsvLogger {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        match event {
            TrainEvent::TrainBegin { .. } => {
                let CsvLoggerSpec { filename, append, .. } = self.spec.clone();
                // What was written before an interruption stays.
                let append = append || self.keys.is_some();
                control.report(CallbackAction::CsvLogger(CsvLoggerAction::Open { filename, append }));
            }
            TrainEvent::EpochEnd { epoch, logs } => {
                if self.keys.is_none() {
                    let header = self.header(logs);
                    control.report(CallbackAction::CsvLogger(header));
                }
                control.report(CallbackAction::CsvLogger(self.row(*epoch, logs)));
            }
            _ => {}
        }
    }

    fn state(&self) -> CallbackState {
        let columns = self.keys.iter().flatten().map(ToString::to_string).collect();
        CallbackState::CsvLogger(CsvLoggerState { columns })
    }

    fn memory(&self) -> CallbackMemory {
        let names = self.keys.iter().flatten().map(|key| key.name().to_owned()).collect();
        CallbackMemory { names, ..CallbackMemory::default() }
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        let keys = memory.names.iter().map(Monitor::named).collect::<Vec<_>>();
        self.keys = (!keys.is_empty()).then_some(keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(spec: &CsvLoggerSpec, epochs: &[&[(&'static str, f64)]]) -> String {
        let mut callback = spec.build(&Context::default());
        let mut control = Control::new(&mut [], 0.0, 0);
        for (epoch, logs) in epochs.iter().enumerate() {
            let logs = Logs(logs.iter().map(|(name, value)| (Monitor::named(*name), *value)).collect());
            callback.on_event(&TrainEvent::EpochEnd { epoch, logs }, 0, &mut control);
        }
        let line = |action| match action {
            CallbackAction::CsvLogger(
                CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line },
            ) => line,
            other => panic!("{other:?}"),
        };
        control.finish().actions.into_iter().map(line).collect()
    }

    #[test]
    fn columns_are_those_of_the_first_epoch() {
        let spec = CsvLoggerSpec::default();
        let epochs: [&[_]; 2] =
            [&[("loss", 0.5), ("accuracy", 1e-5)], &[("loss", f64::NAN), ("val_loss", 1.0)]];
        let expected =
            "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,1e-05,0.5,NA,NA\r\n1,NA,nan,NA,1.0\r\n";
        assert_eq!(text(&spec, &epochs), expected);
    }

    #[test]
    fn values_with_the_separator_in_them_are_quoted() {
        let spec = CsvLoggerSpec { separator: ".".to_owned(), ..CsvLoggerSpec::default() };
        let epochs: [&[_]; 1] = [&[("val_loss", 0.5)]];
        assert_eq!(text(&spec, &epochs), "epoch.val_loss\r\n0.\"0.5\"\r\n");
    }
}
