//! The command line: the same specs and data as the browser, without one.
//!
//! Each command is one file with its `…Args` and a `run` function.

pub mod make_shards;
pub mod serve;

use clap::{Parser, Subcommand};
use std::{error::Error, process::ExitCode};

#[derive(Parser)]
#[command(name = "svertka", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Cut published IDX files into the shards of www/data
    MakeShards(make_shards::MakeShardsArgs),
    /// Serve a built dist/ folder to browsers
    Serve(serve::ServeArgs),
}

/// Reads the arguments, runs the command and says on standard error what went wrong.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("svertka: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::MakeShards(args) => Ok(make_shards::run(&args)?),
        Command::Serve(args) => Ok(serve::run(&args)?),
    }
}
