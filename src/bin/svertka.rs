//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    svertka::cli::main()
}
