//! One run as one file: weights and the optimizer's variables as tensors of a safetensors file, which
//! any program for such files reads, and everything else as text in its header.

use std::collections::BTreeMap;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::intake::check;
use super::json::{RunTextError, from_text, to_text};
use super::place::Place;
use super::record::KeptRun;
use crate::engine::callbacks::CallbackSpec;
use crate::engine::callbacks::{Callback, CallbackAction, Context, Control, CsvLoggerAction, CsvLoggerSpec};
use crate::engine::event::{Logs, TrainEvent};
use crate::engine::spec::{ModelSpec, SpecError};

/// How the files' names end.
pub const SUFFIX: &str = ".svertka-run.safetensors";
/// The key of the header's text.
const TEXT: &str = "svertka_run";

/// A run with its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeRun {
    /// What it is.
    pub run: KeptRun,
    /// The blocks of [`KeptRun::last`]; none if nothing is kept.
    pub last: Vec<Vec<f32>>,
    /// The weights of [`KeptRun::best`].
    pub best: Option<Vec<f32>>,
}

/// Why a file is no run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunFileError {
    /// Another file, or a damaged one; the reader's own words.
    Damaged(String),
    /// A later program wrote it.
    Newer {
        /// The newest known layout.
        expected: u32,
        /// That of the file.
        got: u32,
    },
    /// No epoch of the run was completed: there is nothing to keep.
    NoEpochs,
    /// Its epochs are not those of such a run.
    WrongEpochs {
        /// How many the run was planned for.
        planned: usize,
        /// How many the file tells of.
        got: usize,
    },
    /// Something in it cannot be.
    Impossible {
        /// The name in the file.
        field: &'static str,
    },
    /// What it describes cannot be trained.
    Spec(SpecError),
    /// Weights are missing, or are those of another model.
    OtherWeights,
}

impl From<RunTextError> for RunFileError {
    fn from(error: RunTextError) -> Self {
        match error {
            RunTextError::Damaged(detail) => RunFileError::Damaged(detail),
            RunTextError::Newer { expected, got } => RunFileError::Newer { expected, got },
        }
    }
}

/// A tensor: name, extents, bytes.
type Block = (String, Vec<usize>, Vec<u8>);

/// The file's bytes.
///
/// # Errors
/// If the blocks are not those that belong to the run.
pub fn to_bytes(whole: &WholeRun) -> Result<Vec<u8>, RunFileError> {
    let run = &whole.run;
    let mut blocks: Vec<Block> = Vec::new();
    let flat = |name: String, values: &[f32]| (name, vec![values.len()], to_le(values));
    if let Some((params, rest)) = whole.last.split_first() {
        blocks.extend(named("last", &run.job.model, params)?);
        let (slots, _) = run.last.as_ref().map_or((0, 0), Place::counts);
        for (idx, block) in rest.iter().enumerate() {
            let name =
                if idx < slots { format!("optimizer/{idx}") } else { format!("callback/{}", idx - slots) };
            blocks.push(flat(name, block));
        }
    }
    if let Some(best) = &whole.best {
        blocks.extend(named("best", &run.job.model, best)?);
    }
    let mut views = BTreeMap::new();
    for (name, extents, bytes) in &blocks {
        let view = TensorView::new(Dtype::F32, extents.clone(), bytes).map_err(damaged)?;
        views.insert(name.clone(), view);
    }
    let header = [(TEXT.to_owned(), to_text(run))].into_iter().collect();
    safetensors::serialize(views, Some(header)).map_err(damaged)
}

/// Reads a file.
///
/// # Errors
/// If it is no such file, or damaged, or of a later layout, or does not fit together.
pub fn from_bytes(bytes: &[u8]) -> Result<WholeRun, RunFileError> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let text = header.metadata().as_ref().and_then(|entries| entries.get(TEXT));
    let text = text.ok_or_else(|| RunFileError::Damaged(format!("no {TEXT}")))?;
    let mut run = from_text(text)?;
    let data = &run.job.data;
    data.validate().and_then(|()| run.job.validate_training()).map_err(RunFileError::Spec)?;
    run.job.model.validate().map_err(RunFileError::Spec)?;
    // These are saved on their own, from the page.
    run.logs.clear();
    check(&run)?;
    run.files = run.files_without_weights();
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let tensor = |name: &str| match file.tensor(name) {
        Ok(view) if view.dtype() == Dtype::F32 => Ok(from_le(view.data())),
        _ => Err(RunFileError::OtherWeights),
    };
    let params = |part: &str| {
        let mut params = Vec::new();
        for param in run.job.model.params().map_err(RunFileError::Spec)? {
            let values: Vec<f32> = tensor(&format!("{part}/{}", param.path))?;
            if values.len() != param.spec.size() {
                return Err(RunFileError::OtherWeights);
            }
            params.extend(values);
        }
        Ok(params)
    };
    let mut last = Vec::new();
    if let Some(place) = &run.last {
        last.push(params("last")?);
        let (slots, callbacks) = place.counts();
        for idx in 0..slots {
            last.push(tensor(&format!("optimizer/{idx}"))?);
        }
        for idx in 0..callbacks {
            last.push(tensor(&format!("callback/{idx}"))?);
        }
        if !last.iter().map(Vec::len).eq(place.lens.iter().copied()) {
            return Err(RunFileError::OtherWeights);
        }
    }
    let best = run.best.map(|_| params("best")).transpose()?;
    Ok(WholeRun { run, last, best })
}

/// Values per epoch as Keras's `CSVLogger` writes them.
pub fn csv(run: &KeptRun) -> String {
    table(&CsvLoggerSpec::default(), &run.epochs)
}

/// What a `CSVLogger` writes of these epochs.
pub fn table(spec: &CsvLoggerSpec, epochs: &[(usize, Logs)]) -> String {
    let spec = CallbackSpec::CsvLogger(spec.clone());
    let mut logger: Box<dyn Callback> = spec.build(&Context::default());
    let mut control = Control::new(&mut [], 0.0, 0);
    for (epoch, logs) in epochs {
        logger.on_event(&TrainEvent::EpochEnd { epoch: *epoch, logs: logs.clone() }, 0, &mut control);
    }
    let line = |action| match action {
        CallbackAction::CsvLogger(CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line }) => {
            line
        }
        _ => String::new(),
    };
    control.finish().actions.into_iter().map(line).collect()
}

fn named(part: &str, model: &ModelSpec, params: &[f32]) -> Result<Vec<Block>, RunFileError> {
    let all = model.params().map_err(RunFileError::Spec)?;
    if all.iter().map(|param| param.spec.size()).sum::<usize>() != params.len() {
        return Err(RunFileError::OtherWeights);
    }
    let tensor = |param: crate::engine::spec::NamedParam| {
        let values = &params[param.offset..param.offset + param.spec.size()];
        (format!("{part}/{}", param.path), param.spec.extents, to_le(values))
    };
    Ok(all.into_iter().map(tensor).collect())
}

fn damaged(error: impl std::fmt::Display) -> RunFileError {
    RunFileError::Damaged(error.to_string())
}

fn to_le(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn from_le(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CheckpointFile;
    use crate::ui::runs::samples::{run, snapshot};

    fn whole() -> WholeRun {
        let snapshot = snapshot(2);
        let (place, blocks) = Place::of(&snapshot);
        let last: Vec<Vec<f32>> = blocks.into_iter().map(<[f32]>::to_vec).collect();
        let best = Some(last[0].clone());
        WholeRun { run: KeptRun { last: Some(place), best: Some(1), ..run("7f", 2) }, last, best }
    }

    #[test]
    fn a_run_with_everything_comes_back_bit_for_bit() {
        let whole = whole();
        let bytes = to_bytes(&whole).unwrap();
        let back = from_bytes(&bytes).unwrap();
        assert_eq!(back, whole);
        let place = back.run.last.clone().unwrap();
        assert_eq!(place.snapshot(back.run.job.clone(), back.last), Some(snapshot(2)));
    }

    #[test]
    fn a_run_without_weights_comes_back() {
        let whole = WholeRun { run: KeptRun { last: None, ..run("7f", 2) }, last: vec![], best: None };
        assert_eq!(from_bytes(&to_bytes(&whole).unwrap()), Ok(whole));
    }

    #[test]
    fn other_damaged_and_impossible_files_are_told_apart() {
        let whole = whole();
        let bytes = to_bytes(&whole).unwrap();
        for len in [0, 7, 100, bytes.len() - 1] {
            assert!(matches!(from_bytes(&bytes[..len]), Err(RunFileError::Damaged(_))), "{len}");
        }
        let mut other = whole.clone();
        other.run.last = None;
        other.last.clear();
        other.best = None;
        assert_eq!(from_bytes(&to_bytes(&other).unwrap()), Err(RunFileError::OtherWeights));
        let mut impossible = whole;
        impossible.run.job.fit.batch_size = 0;
        assert!(matches!(from_bytes(&to_bytes(&impossible).unwrap()), Err(RunFileError::Spec(_))));
        let model = crate::formats::write_weights(&other.run.job.model, &snapshot(1).params).unwrap();
        assert!(matches!(from_bytes(&model), Err(RunFileError::Damaged(_))));
    }

    #[test]
    fn a_file_that_lies_about_its_blocks_is_refused() {
        let refused = |change: fn(&mut WholeRun)| {
            let mut whole = whole();
            change(&mut whole);
            from_bytes(&to_bytes(&whole).unwrap()).unwrap_err()
        };
        let more = |whole: &mut WholeRun| whole.run.last.as_mut().unwrap().lens.push(usize::MAX);
        assert_eq!(refused(more), RunFileError::OtherWeights);
        let larger = |whole: &mut WholeRun| whole.run.last.as_mut().unwrap().lens[0] = usize::MAX;
        assert_eq!(refused(larger), RunFileError::OtherWeights);
        let none = |whole: &mut WholeRun| whole.run.epochs.clear();
        assert_eq!(refused(none), RunFileError::NoEpochs);
    }

    #[test]
    fn lines_that_count_beyond_reason_are_left_out() {
        let mut whole = whole();
        let lines = whole.run.log.len();
        whole.run.log.push(TrainEvent::EpochEnd { epoch: usize::MAX, logs: whole.run.epochs[0].1.clone() });
        assert_eq!(from_bytes(&to_bytes(&whole).unwrap()).unwrap().run.log.len(), lines);
    }

    #[test]
    fn files_of_model_checkpoint_are_named_in_the_file_and_not_held() {
        let mut whole = whole();
        let (path, params) = ("a.keras".to_owned(), vec![0.5]);
        let (epoch, epochs, weights_only) = (1, 2, false);
        whole.run.save(&CheckpointFile {
            callback: 0,
            path,
            epoch,
            epochs,
            weights_only,
            params,
            optimizer: None,
        });
        let back = from_bytes(&to_bytes(&whole).unwrap()).unwrap();
        assert_eq!(back.run.files, whole.run.files_without_weights());
    }

    #[test]
    fn the_table_is_that_of_keras() {
        let text = csv(&run("7f", 2));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], "epoch,accuracy,loss,val_accuracy,val_loss");
        assert_eq!(lines[1], "0,0.5,0.5,0.5,0.5");
        assert_eq!((lines.len(), lines[3]), (4, ""));
    }
}
