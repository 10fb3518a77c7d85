# Sourced by golden.sh and keras_live.sh: a Python environment with exactly the Keras of tests/golden/requirements.txt.
# shellcheck shell=bash

# need_keras: sets KERAS_PYTHON; an environment of your own that has these packages may be given in it.
need_keras() {
    local wanted=tests/golden/requirements.txt folder=$TOOLS/keras
    if [ -n "${KERAS_PYTHON:-}" ]; then
        have "$KERAS_PYTHON" || die "KERAS_PYTHON=$KERAS_PYTHON is not a program"
        return 0
    fi
    KERAS_PYTHON=$folder/bin/python
    if [ -x "$KERAS_PYTHON" ] && cmp -s "$wanted" "$folder/requirements.txt"; then return 0; fi
    have python3 || die "Keras needs python3 (3.11 or newer) with its venv module"
    say "installing Keras and TensorFlow with pip, about 1 GB in $folder, once"
    python3 -m venv --clear "$folder" >&2 || die "python3 could not make an environment; on Debian: apt-get install python3-venv"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" >&2 ||
        die "pip could not install $wanted; its message is above"
    # last, so that an interrupted installation is not taken for a whole one
    cp "$wanted" "$folder/requirements.txt"
}
