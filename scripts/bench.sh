#!/usr/bin/env bash
# Runs the native benchmarks; arguments go to criterion, for example a name to select by.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

set_up native
cargo bench --locked --bench '*' -- "$@"
