#!/usr/bin/env bash
# bench.sh [native|browser|peers|keras|torch|report]…: measures how fast the engine is, and writes benches/RESULTS.md.
#
#   native    kernels and workloads natively, with criterion
#   browser   the same in WebAssembly in headless Chromium
#   peers     other engines and ours in turns in one Chromium
#   keras     native Keras on one thread
#   torch     native PyTorch on one thread
#   report    benches/RESULTS.md and its picture, from what was measured last
#
# BENCH_ROUNDS, BENCH_SECONDS and BENCH_WARMUP (5, 2 and 6) make it longer or shorter. benches/README.md says more.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/keras.sh
source scripts/keras.sh

WORK=target/bench
RESULTS=benches/results
TURNS=(--rounds "${BENCH_ROUNDS:-5}" --seconds "${BENCH_SECONDS:-2}" --warmup "${BENCH_WARMUP:-6}")

# The page's worker, and the engine built as it is: same profile, features, target and optimizer; and both once more
# as the fast worker.
engine() {
    engine_in "$WORK/page" reproducible
    engine_in "$WORK/page-fast" fast
}

engine_in() {
    local page=$1 built name
    built=$(wasm_build "$2" speed worker) || die "the engine did not build; cargo's message is above"
    mkdir -p "$page"
    wasm-bindgen --target web --no-typescript --out-dir "$page" "$built/speed.wasm"
    wasm-bindgen --target no-modules --no-typescript --out-dir "$page" "$built/worker.wasm"
    for name in speed worker; do wasm-opt -O3 "$page/${name}_bg.wasm" -o "$page/${name}_bg.wasm"; done
    cp benches/browser/worker_loader.js "$page/worker_loader.js"
}

native() {
    cargo bench --locked --bench kernels
    node benches/report/native.mjs "${CARGO_TARGET_DIR:-target}/criterion" "$RESULTS/native.json"
}

browser() {
    engine
    node benches/browser/run.mjs --out "$RESULTS/browser.json" --contestants svertka,svertka-fast --alone --workers "${BENCH_WORKERS:-1,2,3}" "${TURNS[@]}"
}

peers() {
    engine
    npm ci --silent --no-audit --no-fund --prefix benches/peers >&2 || die "npm could not install benches/peers/package.json"
    graphs || say "without its graphs, which need onnxruntime-training, onnxruntime-web cannot take part"
    node benches/browser/run.mjs --out "$RESULTS/peers.json" --contestants svertka,svertka-fast,tfjs,onnxruntime,jax "${TURNS[@]}"
}

# The graphs for onnxruntime-web, made once.
graphs() {
    local folder=$TOOLS/onnxruntime-training
    if [ benches/peers/ort_models.py -ot "$WORK/ort/made" ]; then return 0; fi
    python_environment "$folder" benches/peers/requirements.txt || return 1
    "$folder/bin/python" benches/peers/ort_models.py "$WORK/ort" >"$WORK/ort.log" 2>&1 || return 1
    touch "$WORK/ort/made"
}

keras() {
    if [ -z "${KERAS_PYTHON:-}" ] && [ ! -x "$TOOLS/keras/bin/python" ] && [ -z "${BENCH_KERAS:-}" ]; then
        say "without native Keras, which is large; BENCH_KERAS=1 installs it, KERAS_PYTHON names one that is here"
        return 0
    fi
    need_keras
    "$KERAS_PYTHON" benches/peers/keras_speed.py "${BENCH_ROUNDS:-5}" "${BENCH_SECONDS:-2}" "$RESULTS/keras.json"
}

torch() {
    if [ -z "${TORCH_PYTHON:-}" ] && [ ! -x "$TOOLS/torch/bin/python" ] && [ -z "${BENCH_TORCH:-}" ]; then
        say "without native PyTorch, which is large; BENCH_TORCH=1 installs it, TORCH_PYTHON names one that is here"
        return 0
    fi
    if [ -z "${TORCH_PYTHON:-}" ]; then
        python_environment "$TOOLS/torch" scripts/interop/torch-requirements.txt || die "there is no PyTorch; the reason is above"
        TORCH_PYTHON=$TOOLS/torch/bin/python
    fi
    "$TORCH_PYTHON" benches/peers/torch_speed.py "${BENCH_ROUNDS:-5}" "${BENCH_SECONDS:-2}" "$RESULTS/torch.json"
}

report() { node benches/report/report.mjs "$RESULTS" benches; }

main() {
    local part
    have node || die "the benchmarks in the browser need Node 20 or newer"
    set_up test
    mkdir -p "$WORK" "$RESULTS"
    for part in "$@"; do
        case $part in
        native | browser | peers | keras | torch | report) "$part" ;;
        *) die "bench.sh knows native, browser, peers, keras, torch and report, not $part" ;;
        esac
    done
}

main "$@"
