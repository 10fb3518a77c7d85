#!/usr/bin/env bash
# keras_live.sh [ARGUMENTS]: compares svertka with real Keras on freshly drawn random runs.
#
#   make keras                                 200 new cases, about ten minutes
#   scripts/keras_live.sh --seed 7 --case 13   one case of a seed again
#
# tests/keras_live/live.py says more. Not among the checks of `make test`: Keras is large, and random cases differ.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/keras.sh
source scripts/keras.sh

main() {
    set_up native
    need_keras
    # unoptimized, with its checks for overflow and broken assumptions
    cargo build --quiet --locked --bin svertka
    "$KERAS_PYTHON" tests/keras_live/live.py --program "${CARGO_TARGET_DIR:-target}/debug/svertka" "$@"
}

main "$@"
