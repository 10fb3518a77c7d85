//! A run's numbers as files.

use std::fmt::Write as _;

use crate::engine::callbacks::{
    CallbackAction, CallbackSpec, Context, Control, CsvLoggerAction, CsvLoggerSpec, repr,
};
use crate::engine::event::{Logs, TrainEvent};

use super::steps::Steps;

/// One line per epoch, exactly as Keras's `CSVLogger` writes them: its own lines are taken.
pub fn epochs_csv(epochs: &[(usize, Logs)]) -> String {
    let mut logger = CallbackSpec::CsvLogger(CsvLoggerSpec::default()).build(&Context::default());
    let mut out = String::new();
    for (epoch, logs) in epochs {
        let mut control = Control::new(&mut [], 0.0, 0);
        logger.on_event(&TrainEvent::EpochEnd { epoch: *epoch, logs: logs.clone() }, 0, &mut control);
        for action in control.finish().actions {
            if let CallbackAction::CsvLogger(
                CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line },
            ) = action
            {
                out.push_str(&line);
            }
        }
    }
    out
}

/// One line per batch: the step from 1, epoch and batch from 0 as Keras counts them, the loss of this batch,
/// the means since the epoch began by their names, the learning rate, and the norm of the gradient where it
/// was measured. Numbers are written as `CSVLogger` writes them.
pub fn steps_csv(steps: &Steps) -> String {
    let has_norms = steps.gradient_norms.iter().any(|norm| !norm.is_nan());
    let names = steps.means.iter().map(|(monitor, _)| monitor.name());
    let head = ["step", "epoch", "batch", "batch_loss"].into_iter().chain(names).chain(["learning_rate"]);
    let mut out = head.chain(has_norms.then_some("gradient_norm")).collect::<Vec<_>>().join(",") + "\r\n";
    for idx in 0..steps.len() {
        let columns = std::iter::once(&steps.losses)
            .chain(steps.means.iter().map(|(_, column)| column))
            .chain(std::iter::once(&steps.learning_rates))
            .chain(has_norms.then_some(&steps.gradient_norms));
        // Writing to a String cannot fail.
        let _ = write!(out, "{},{},{}", steps.numbers[idx], steps.epochs[idx], steps.batches[idx]);
        for column in columns {
            out.push(',');
            out.push_str(&repr(f64::from(column[idx])));
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Monitor;
    use crate::protocol::BatchBlock;

    #[test]
    fn epochs_are_written_as_keras_writes_them() {
        let logs = Logs::from([
            (Monitor::ACCURACY, 0.5),
            (Monitor::LOSS, 1.25),
            (Monitor::VAL_ACCURACY, 0.75),
            (Monitor::VAL_LOSS, 1e-5),
        ]);
        let expected =
            "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,0.5,1.25,0.75,1e-05\r\n1,0.5,1.25,0.75,1e-05\r\n";
        assert_eq!(epochs_csv(&[(0, logs.clone()), (1, logs)]), expected);
        assert_eq!(epochs_csv(&[]), "");
    }

    #[test]
    fn every_batch_has_its_line() {
        let mut steps = Steps::default();
        let block = BatchBlock {
            epoch: 1,
            first: 0,
            losses: vec![0.5, f32::NAN],
            learning_rates: vec![0.25, 0.125],
            monitors: vec![Monitor::LOSS],
            means: vec![0.5, 0.75],
            ..BatchBlock::default()
        };
        steps.add(&block);
        let expected = "step,epoch,batch,batch_loss,loss,learning_rate\r\n\
                        1,1,0,0.5,0.5,0.25\r\n2,1,1,nan,0.75,0.125\r\n";
        assert_eq!(steps_csv(&steps), expected);
        steps.add(&BatchBlock { gradient_norms: vec![1.0, 2.0], first: 2, ..block });
        let csv = steps_csv(&steps);
        assert!(csv.starts_with("step,epoch,batch,batch_loss,loss,learning_rate,gradient_norm\r\n"));
        assert!(csv.contains("0.25,nan\r\n") && csv.contains("3,1,2,0.5,0.5,0.25,1.0\r\n"), "{csv}");
    }
}
