#!/usr/bin/env bash
# golden.sh [PART…]: rebuilds the golden cases in tests/golden with real Keras, all or the parts named.
#
#   make golden                       every part
#   scripts/golden.sh layers scalars  the cases of tests/golden/layers.py and scalars.py
#
# Keras and TensorFlow are installed once, next to the other tools.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/keras.sh
source scripts/keras.sh

main() {
    need_keras
    local part arguments=()
    for part in "$@"; do arguments+=(--part "$part"); done
    "$KERAS_PYTHON" tests/golden/make_golden.py ${arguments[@]+"${arguments[@]}"}
    if git rev-parse --git-dir >/dev/null 2>&1; then
        if [ -z "$(git status --porcelain -- tests/golden)" ]; then
            say "not a byte differs from the committed cases"
        else
            say "this differs from the committed cases: git status tests/golden"
        fi
    fi
}

main "$@"
