# Sourced by whoever needs Python packages: environments that hold exactly what a file of requirements says.
# shellcheck shell=bash

# python_environment FOLDER REQUIREMENTS: makes FOLDER an environment with these packages, unless it is one already.
python_environment() {
    local folder=$1 wanted=$2
    if [ -x "$folder/bin/python" ] && cmp -s "$wanted" "$folder/requirements.txt"; then return 0; fi
    have python3 || { say "$wanted needs python3 (3.11 or newer) with its venv module"; return 1; }
    say "installing $wanted with pip in $folder, once"
    python3 -m venv --clear "$folder" >&2 ||
        { say "python3 could not make an environment; on Debian: apt-get install python3-venv"; return 1; }
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" >&2 ||
        { say "pip could not install $wanted; its message is above"; return 1; }
    # last, so that an interrupted installation is not taken for a whole one
    cp "$wanted" "$folder/requirements.txt"
}

# need_keras: sets KERAS_PYTHON; an environment of your own that has these packages may be given in it.
need_keras() {
    if [ -n "${KERAS_PYTHON:-}" ]; then
        have "$KERAS_PYTHON" || die "KERAS_PYTHON=$KERAS_PYTHON is not a program"
        return 0
    fi
    # Keras and TensorFlow are about 1 GB.
    python_environment "$TOOLS/keras" tests/golden/requirements.txt || die "there is no Keras; the reason is above"
    KERAS_PYTHON=$TOOLS/keras/bin/python
}

# need_interop: the same environment with what else our files are opened with.
need_interop() {
    need_keras
    local wanted=scripts/interop/requirements.txt
    if "$KERAS_PYTHON" - "$wanted" <<'PYTHON'; then return 0; fi
import importlib.metadata as installed, re, sys
there = {found.metadata["Name"].lower(): found.version for found in installed.distributions()}
wanted = re.findall(r"^([\w-]+)==(\S+)", open(sys.argv[1]).read(), re.M)
sys.exit(any(there.get(name) != version for name, version in wanted))
PYTHON
    say "installing $wanted with pip, once"
    "$KERAS_PYTHON" -m pip install --quiet --disable-pip-version-check -r "$wanted" >&2 ||
        die "pip could not install $wanted; its message is above"
}
