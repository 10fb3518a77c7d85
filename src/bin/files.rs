//! Starts the worker that reads and writes files of models.

fn main() {
    svertka::worker::files::start();
}
