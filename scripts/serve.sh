#!/usr/bin/env bash
# Serves dist/ on this machine, after building it if something changed. PORT= sets the first port to try (8080).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/build.sh
set_up native
cargo build --quiet --locked --bin svertka
exec "${CARGO_TARGET_DIR:-target}/debug/svertka" serve dist --port "${PORT:-8080}"
