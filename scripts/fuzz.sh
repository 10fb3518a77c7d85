#!/usr/bin/env bash
# fuzz.sh [TARGET…]: feeds the readers of files with mutants of good ones, for FUZZ_SECONDS in all (60).
#
#   FUZZ_SECONDS=600 make fuzz        every reader, ten minutes together
#   scripts/fuzz.sh keras hdf5        these two
#
# A reader must not panic, hang, or take more memory than fuzz/readers.rs allows. Bytes that make it do so are kept in
# tests/golden/files/damaged, where `make test` reads them from then on. No sanitizer is needed: the crate has no unsafe
# code. So a stable compiler does, and its checks for overflow are on.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CORPUS=target/fuzz/corpus
KEPT=tests/golden/files/damaged

need_cargo_fuzz() {
    if have cargo-fuzz; then return 0; fi
    have c++ || have g++ || have clang++ || die "libFuzzer needs a C++ compiler; on Debian: apt-get install g++"
    say "cargo-fuzz is not here; building $CARGO_FUZZ_VERSION, a minute or two, once"
    cargo install --locked --force --quiet --root "$TOOLS" cargo-fuzz --version "$CARGO_FUZZ_VERSION" ||
        die "cargo-fuzz $CARGO_FUZZ_VERSION did not build; cargo's message is above"
}

fuzz() {
    local action=$1
    shift
    cargo fuzz "$action" --sanitizer none --target-dir target/fuzz/build "$@"
}

# seeds: good files to begin with, written anew, from other programs and from earlier runs.
seeds() {
    local target file
    SEEDS=$CORPUS fuzz run seeds -- -runs=0 >/dev/null 2>&1 || die "the seeds could not be written"
    while read -r target file; do
        mkdir -p "$CORPUS/$target"
        cp "$file" "$CORPUS/$target/$(basename "$(dirname "$file")")-$(basename "$file")"
    done < <(find tests/golden/files -type f -size -200k -not -path '*/damaged/*' | LC_ALL=C sort | while read -r file; do
        case $file in
            *.weights.h5) echo "hdf5 $file" && echo "weights_h5 $file" ;;
            *.h5) echo "hdf5 $file" && echo "legacy_h5 $file" ;;
            *.keras) echo "zip $file" && echo "keras $file" ;;
            *.npz) echo "zip $file" && echo "npz $file" ;;
            *.npy) echo "npy $file" ;;
            *.safetensors) echo "safetensors $file" ;;
        esac
    done)
    for target in "$KEPT"/*/; do
        [ -d "$target" ] || continue
        mkdir -p "$CORPUS/$(basename "$target")"
        cp "$target"* "$CORPUS/$(basename "$target")/"
    done
}

# keep TARGET: what broke a reader becomes a file that the tests read.
keep() {
    local file
    for file in "fuzz/artifacts/$1"/*; do
        [ -f "$file" ] || continue
        mkdir -p "$KEPT/$1"
        mv "$file" "$KEPT/$1/$(basename "$file" | cut -c1-22)"
        say "kept in $KEPT/$1; cargo test --test damaged_files shows it again"
    done
}

main() {
    local all=() target targets seconds log failed=
    set_up native
    need_cargo_fuzz
    mapfile -t all < <(cd fuzz/fuzz_targets && ls -- *.rs | sed 's/\.rs$//')
    targets=("${@:-${all[@]}}")
    seconds=$((${FUZZ_SECONDS:-60} / ${#targets[@]}))
    [ "$seconds" -gt 0 ] || seconds=1
    say "building"
    fuzz build >&2
    seeds
    for target in "${targets[@]}"; do
        say "---- $target, $seconds s"
        mkdir -p "$CORPUS/$target"
        # -max_len: larger than every seed; -timeout: a reader that takes seconds for so little hangs
        log=target/fuzz/$target.log
        if fuzz run "$target" "$CORPUS/$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
            -max_len=65536 -print_final_stats=1 >"$log" 2>&1; then
            say "$(grep -E '^(stat::number_of_executed_units|stat::peak_rss_mb)' "$log" | tr -s ' \n' ' ')"
        else
            failed+=" $target"
            grep -vE '^(#|INFO|stat::)' "$log" | tail -n 30 >&2
            keep "$target"
        fi
    done
    [ -z "$failed" ] || die "these readers failed:$failed"
}

main "$@"
