#!/usr/bin/env bash
# interop.sh [STAGE…]: opens what svertka writes with the programs it is written for, and reads what they write.
#
#   make interop                         every stage but torch
#   scripts/interop.sh make keras        the files of the zoo, and then Keras alone
#   scripts/interop.sh make torch        PyTorch, as `make interop-torch` does
#
# The tools are installed once, next to the others; nothing of them is in the repository, and a tool that cannot be had is
# a failure. The files stay in target/interop.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/keras.sh
source scripts/keras.sh

ALL_STAGES="make keras onnx tensorboard notebook tfjs"
FOLDER=target/interop
# As the tests build it, so that nothing is compiled again after them.
CARGO=(--quiet --locked --features e2e)

make() { # writes models that together have every layer and option, in every format
    python make.py --program "$PROGRAM" --folder $FOLDER &&
        rm -rf $FOLDER/written && cargo run "${CARGO[@]}" --example write_zoo -- $FOLDER/written
}

keras() { # Keras opens them, goes on where svertka stopped and the other way round; h5py, safetensors, NumPy
    local job failed='' log=$FOLDER/resumes.log
    # Two at once: neither fills a second core.
    python with_keras.py --program "$PROGRAM" --folder $FOLDER --only resumes >$log 2>&1 &
    job=$!
    python with_keras.py --program "$PROGRAM" --folder $FOLDER --only opens random || failed=1
    wait "$job" || failed=1
    cat $log
    [ -z "$failed" ]
}

onnx() { # onnx.checker and ONNX Runtime
    python onnx_check.py check $FOLDER/onnx && python onnx_check.py check $FOLDER/written
}

tensorboard() { # TensorBoard's own reader
    python tensorboard_check.py --program "$PROGRAM" --folder $FOLDER/tensorboard
}

notebook() { # Jupyter runs the notebook
    python notebook_check.py --program "$PROGRAM" --folder $FOLDER/notebook
}

tfjs() { # TensorFlow.js in Node
    need_tfjs
    local here=$PWD
    (cd "$TFJS" && node "$here/scripts/interop/tfjs_check.mjs" check "$here/$FOLDER/tfjs" &&
        node "$here/scripts/interop/tfjs_check.mjs" check "$here/$FOLDER/written")
}

torch() { # PyTorch
    need_torch
    "$TORCH_PYTHON" scripts/interop/torch_check.py check $FOLDER/pytorch &&
        "$TORCH_PYTHON" scripts/interop/torch_check.py check $FOLDER/written
}

python() {
    local script=$1
    shift
    "$KERAS_PYTHON" "scripts/interop/$script" "$@"
}

need_tfjs() {
    have npm || die "TensorFlow.js needs Node with npm (18 or newer); install it with your system's package manager"
    TFJS=$TOOLS/tfjs
    if cmp -s scripts/interop/package-lock.json "$TFJS/package-lock.json" && [ -d "$TFJS/node_modules" ]; then return 0; fi
    say "npm installs TensorFlow.js in $TFJS, once"
    mkdir -p "$TFJS"
    rm -f "$TFJS/package-lock.json"
    cp scripts/interop/package.json "$TFJS/"
    cp scripts/interop/package-lock.json "$TFJS/lock.json"
    mv "$TFJS/lock.json" "$TFJS/package-lock.json"
    (cd "$TFJS" && npm ci --silent --no-audit --no-fund --ignore-scripts >&2) ||
        { rm -f "$TFJS/package-lock.json"; die "npm could not install TensorFlow.js; its message is above"; }
}

need_torch() {
    python_environment "$TOOLS/torch" scripts/interop/torch-requirements.txt || die "there is no PyTorch; the reason is above"
    TORCH_PYTHON=$TOOLS/torch/bin/python
}

main() {
    local stages=${*:-$ALL_STAGES} stage began all_began=$SECONDS failed='' summary=
    for stage in $stages; do
        case " $ALL_STAGES torch " in *" $stage "*) ;; *) die "no stage $stage; there are: $ALL_STAGES torch" ;; esac
    done
    set_up native
    need_interop
    cargo build "${CARGO[@]}" --bin svertka
    PROGRAM=${CARGO_TARGET_DIR:-target}/debug/svertka
    summary=$(printf '%6d s  setup' $((SECONDS - all_began)))
    for stage in $stages; do
        say "---- $stage: $(sed -n "s/^$stage() { # //p" scripts/interop.sh)"
        began=$SECONDS
        # Each of the others still says something when one fails; without the files none does.
        "$stage" || { failed+=" $stage"; [ "$stage" != make ] || [ -d $FOLDER/zoo ] || break; }
        summary+=$(printf '\n%6d s  %s' $((SECONDS - began)) "$stage")
    done
    echo "$summary"
    [ -z "$failed" ] || die "these found something wrong:$failed"
    say "all tools agree, in $((SECONDS - all_began)) s"
}

main "$@"
