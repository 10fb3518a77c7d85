//! Starts the training worker.

fn main() {
    svertka::worker::start();
}
