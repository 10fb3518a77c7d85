//! The command line: the same specs and data as the browser, without one.
//!
//! Each command is one file with its `…Args` and a `run` function. `json.rs` lists the lines of
//! `--log json`.

pub mod arrays;
mod callback_files;
mod callback_text;
mod clock;
pub mod convert;
pub mod error;
pub mod evaluate;
pub mod files;
pub mod fit;
mod fit_args;
pub mod json;
pub mod make_shards;
pub mod model_files;
pub mod predict;
pub mod report;
pub mod scorm;
pub mod serve;
pub mod summary;
pub mod text;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::CliError;

#[derive(Parser)]
#[command(name = "svertka", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train a network, judge it by the test images and save it
    ///
    /// Trains on all 60,000 images without validation, and judges on all 10,000 test images in the end,
    /// unless told otherwise. Training also ends when the loss is no finite number.
    ///
    /// With --log json every line is an object whose "event" is train_begin, epoch_end (with Keras's names:
    /// epoch from 0, loss, accuracy, val_loss, val_accuracy), callback, train_end, saved, evaluation or
    /// another that the documentation names.
    ///
    /// With --run everything is as the file says and as Keras does it: examples/run.json is one. Its
    /// callbacks write their files; BackupAndRestore goes on with a run that was killed. With --data
    /// arrays.npz it trains on the arrays x_train, y_train and sample_weight, validates by x_val, y_val and
    /// sample_weight_val, and judges by x_test and y_test, where they are there. Nothing is scaled.
    ///
    /// With --init model.keras --resume it goes on as Keras's load_model and fit do: layers, compile, weights and the
    /// optimizer's state are the file's, and --epochs more are trained.
    Fit(Box<fit::FitArgs>),
    /// Judge a saved model by the test images: accuracy, error rate per class, confusion matrix
    ///
    /// With --data arrays.npz by x_test and y_test, or else x_val, or else x_train: loss and metrics.
    Evaluate(evaluate::EvaluateArgs),
    /// Print the class probabilities of single images
    ///
    /// With --data arrays.npz the outputs for x, or else x_test, x_train or x_val.
    Predict(predict::PredictArgs),
    /// Write a trained model as another kind of file: for Keras, PyTorch, ONNX, TensorFlow.js, NumPy or Jupyter
    ///
    /// Reads .keras, .weights.h5, .h5, .safetensors and .npz, and writes these and .onnx, and with --format also
    /// tfjs and pytorch. What the new file has no place for is said; a layer or an option that it cannot express is named, and
    /// nothing is written.
    Convert(convert::ConvertArgs),
    /// Print a network's layers, output shapes and parameter counts
    Summary(summary::SummaryArgs),
    /// Cut published IDX files into the shards of www/data
    MakeShards(make_shards::MakeShardsArgs),
    /// Pack a built dist/ folder as a task for learning platforms (SCORM 1.2)
    ///
    /// The package holds the whole app and needs no other host. It reports to the platform when the student is
    /// done, and with which score. docs/embedding.md says what that means for each widget.
    Scorm(scorm::ScormArgs),
    /// Serve a built dist/ folder to browsers
    Serve(serve::ServeArgs),
}

/// Reads the arguments, runs the command and says on standard error what went wrong.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("svertka: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Fit(args) => fit::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Summary(args) => summary::run(&args),
        Command::MakeShards(args) => Ok(make_shards::run(&args)?),
        Command::Scorm(args) => scorm::run(&args).map_err(CliError::Scorm),
        Command::Serve(args) => serve::run(&args).map_err(CliError::Serve),
    }
}
