#!/usr/bin/env bash
# Makes sure of a Rust toolchain that compiles and links WebAssembly, and prints its name for RUSTUP_TOOLCHAIN
# (an empty line: the default one does).
#
# First way: rustup target add. Second way, only where that fails (or with SKIP_RUSTUP_TARGET=1): Debian's
# rustc-web, with a standard library built once from Debian's own sources. The second way writes below /usr/lib
# and needs root.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
LINKED_NAME=svertka-wasm

main() {
    if [ -z "${SKIP_RUSTUP_TARGET:-}" ]; then
        if can_link "${RUSTUP_TOOLCHAIN:-}"; then chosen "${RUSTUP_TOOLCHAIN:-}"; fi
        if have rustup; then
            say "adding Rust's $WASM_TARGET target"
            if rustup target add "$WASM_TARGET" >&2 && can_link "${RUSTUP_TOOLCHAIN:-}"; then
                chosen "${RUSTUP_TOOLCHAIN:-}"
            fi
            say "rustup could not give a working $WASM_TARGET target"
        fi
    fi
    if have rustup && can_link "$LINKED_NAME"; then chosen "$LINKED_NAME"; fi
    have apt-get || die "no Rust for $WASM_TARGET; install Rust with rustup, then run: rustup target add $WASM_TARGET"
    debian_way
}

chosen() {
    echo "$1"
    exit 0
}

# can_link TOOLCHAIN: does it compile and link a library that uses std, with link-time optimization as releases do?
can_link() {
    have rustc || return 1
    local folder status=0
    folder=$(mktemp -d)
    echo '#[unsafe(no_mangle)] pub extern "C" fn f(n: u32) -> u32 { vec![1; n as usize].iter().sum() }' >"$folder/probe.rs"
    (
        cd "$folder"
        if [ -n "$1" ]; then export RUSTUP_TOOLCHAIN=$1; fi
        rustc --edition 2024 -O -C lto -C embed-bitcode=yes --crate-type cdylib --target "$WASM_TARGET" probe.rs
    ) >/dev/null 2>&1 || status=1
    rm -rf "$folder"
    return $status
}

debian_way() {
    say "using Debian's Rust for $WASM_TARGET"
    # shellcheck disable=SC2086
    dpkg -s $DEBIAN_RUST_PACKAGES >/dev/null 2>&1 || apt_install $DEBIAN_RUST_PACKAGES
    local sysroot host
    sysroot=$(/usr/bin/rustc --print sysroot)
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    [ -w "$sysroot/lib/rustlib" ] || die "$sysroot/lib/rustlib is not writable; run scripts/wasm-toolchain.sh once as root"
    # The target's default linker is rust-lld, looked for beside the host's libraries.
    mkdir -p "$sysroot/lib/rustlib/$host/bin"
    ln -sfn "$(command -v lld-19)" "$sysroot/lib/rustlib/$host/bin/rust-lld"
    build_std "$sysroot"
    local name=
    if have rustup; then
        rustup toolchain link "$LINKED_NAME" "$sysroot" >&2
        name=$LINKED_NAME
    fi
    can_link "$name" || die "Debian's Rust is installed, but a probe for $WASM_TARGET does not link"
    chosen "$name"
}

# build_std SYSROOT: compiles std for the target into the sysroot, unless this very compiler has done so before.
build_std() {
    local libraries=$1/lib/rustlib/$WASM_TARGET/lib mark work
    mark="$(/usr/bin/rustc -vV | sed -n 's/^commit-hash: //p') bitcode"
    if [ "$(cat "$libraries/.built-from" 2>/dev/null)" = "$mark" ]; then return 0; fi
    say "compiling std for $WASM_TARGET, two to six minutes, once"
    work=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    mkdir "$work/src"
    : >"$work/src/lib.rs"
    printf '[package]\nname = "only_std"\nversion = "0.0.0"\nedition = "2024"\n' >"$work/Cargo.toml"
    # Bitcode: without it a release build with lto fails with "can't find section .llvmbc".
    (
        cd "$work"
        env -u RUSTUP_TOOLCHAIN RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes \
            CARGO_TARGET_DIR="$work/target" \
            /usr/bin/cargo build --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort,test >&2
    ) || die "std did not compile; cargo's message is above"
    rm -rf "$libraries.new"
    mkdir -p "$libraries.new"
    find "$work/target/$WASM_TARGET/release/deps" -name '*.rlib' ! -name '*only_std*' -exec cp {} "$libraries.new/" \;
    echo "$mark" >"$libraries.new/.built-from"
    rm -rf "$libraries"
    mv "$libraries.new" "$libraries"
    # Cargo does not see that std changed and would mix crates compiled against the old one.
    rm -rf "target/$WASM_TARGET"
}

main
