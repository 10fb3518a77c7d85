#!/usr/bin/env bash
# Builds dist/ in release, unless nothing that it is made of has changed since. SVERTKA_URL, the address that the page will
# have, is part of that: with it, oEmbed answers are written.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

STAMP=target/dist.stamp
SOURCES=(Cargo.toml Cargo.lock build.rs .cargo Trunk.toml index.html src www scripts/finish-dist.sh scripts/versions.env)

if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "${SVERTKA_URL:-}" ] && [ -f dist/index.html ] && [ -z "$(find "${SOURCES[@]}" -newer "$STAMP" -print | head -n1)" ]; then
    say "dist/ is up to date"
    exit 0
fi
set_up build
say "building dist/ in release"
mkdir -p target
printf '%s' "${SVERTKA_URL:-}" >"$STAMP.new"
# Trunk reads NO_COLOR as true or false and stops at the customary 1.
unset NO_COLOR
export TRUNK_SKIP_VERSION_CHECK=true
# Cargo adds these to the flags of .cargo/config.toml.
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$(plain_paths)
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS
# shellcheck disable=SC2086
trunk build --release --locked $TRUNK_ARGS
mv "$STAMP.new" "$STAMP"
say "dist/ is built: copy it to any static host, under any path"
