# Sourced by the other scripts: the folder, the versions, the tools on PATH, and how to speak.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/versions.env
source scripts/versions.env

TOOLS=${SVERTKA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/svertka/tools}
export PATH="$TOOLS/bin:$PWD/node_modules/.bin:$PATH"

say() { echo "svertka: $*" >&2; }
die() {
    echo "svertka: ERROR: $*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# set_up build|test|engines|native: makes sure of the tools and takes over what setup.sh found.
set_up() {
    scripts/setup.sh "$1"
    # shellcheck source=/dev/null
    source target/setup.env
}

# apt_install PACKAGES…: Debian packages, with one more try, since mirrors change under a running download.
apt_install() {
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        have sudo || die "installing $* needs root; run as root: apt-get install $*"
        as_root=(sudo)
    fi
    local try
    for try in 1 2; do
        if ${as_root[@]+"${as_root[@]}"} apt-get update -q >&2 &&
            ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -q --no-install-recommends "$@" >&2; then
            return 0
        fi
        say "apt-get failed (try $try of 2)"
    done
    die "apt-get could not install $*; its own message is above"
}

# Where this machine keeps crates is nobody's business, and would make another program of the same sources elsewhere.
plain_paths() { echo "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$PWD=svertka"; }

# wasm_build reproducible|fast BINARIES…: builds them as the page's worker is built, prints the folder. The fast
# ones may multiply and add at once: see src/tensor/kernels/lanes.rs.
wasm_build() {
    local which=$1 folder=${CARGO_TARGET_DIR:-target} name bins=()
    shift
    for name in "$@"; do bins+=(--bin "$name"); done
    # Flags in the environment replace those of .cargo/config.toml. In a folder of its own neither build undoes the other.
    if [ "$which" = fast ]; then
        folder+=/fast
        RUSTFLAGS="-C target-feature=+simd128,+relaxed-simd $(plain_paths)"
        export RUSTFLAGS
    fi
    cargo build --locked --profile speed --target "$WASM_TARGET" --target-dir "$folder" --no-default-features \
        --features worker "${bins[@]}" >&2 || return 1
    (cd "$folder/$WASM_TARGET/speed" && pwd)
}

# at_least HAVE WANT: compares dotted versions.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n1)" = "$2" ]
}
