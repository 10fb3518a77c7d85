#!/usr/bin/env bash
# setup.sh [build|test|engines|native]: makes sure that the tools are there, and installs only what is missing.
#
#   native   a Rust compiler that is new enough
#   build    also the WebAssembly target, Trunk, wasm-bindgen, wasm-split and wasm-opt (the default)
#   test     also Chromium (or Chrome) with its driver, and axe
#   engines  also Firefox and WebKitGTK with their drivers
#
# What it found is written to target/setup.env for the other scripts.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
    local goal=${1:-build}
    case $goal in
        build | test | engines | native) ;;
        *) die "setup.sh knows build, test, engines and native, not $goal" ;;
    esac
    export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-}
    [ -n "$RUSTUP_TOOLCHAIN" ] || unset RUSTUP_TOOLCHAIN
    TRUNK_ARGS=
    if [ "$goal" = native ] && have cargo; then
        # The toolchain of an earlier set-up, so that native and WebAssembly builds share what they can.
        if [ -f target/setup.env ]; then
            # shellcheck source=/dev/null
            source target/setup.env
        fi
        need_rust
    else
        need_wasm_target
        need_rust
        need_trunk
        need_wasm_bindgen
        need_wasm_split
        need_wasm_opt
    fi
    case $goal in test | engines)
        need_browser
        need_axe
        ;;
    esac
    if [ "$goal" = engines ]; then
        need_firefox
        need_webkit
    fi
    cargo fetch --locked --quiet || die "cargo could not fetch the crates of Cargo.lock; its message is above"
    mkdir -p target
    {
        echo "# written by scripts/setup.sh"
        echo "export PATH='$TOOLS/bin:$PWD/node_modules/.bin':\"\$PATH\""
        [ -z "${RUSTUP_TOOLCHAIN:-}" ] || echo "export RUSTUP_TOOLCHAIN='$RUSTUP_TOOLCHAIN'"
        [ -z "${CHROMEDRIVER:-}" ] || echo "export CHROMEDRIVER='$CHROMEDRIVER'"
        echo "TRUNK_ARGS='$TRUNK_ARGS'"
    } >target/setup.env
}

need_wasm_target() {
    local chosen
    chosen=$(scripts/wasm-toolchain.sh)
    if [ -n "$chosen" ]; then export RUSTUP_TOOLCHAIN=$chosen; fi
}

need_rust() {
    have cargo || die "there is no Rust here; install it with rustup"
    local want have
    want=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    have=$(rustc --version | cut -d' ' -f2 | cut -d- -f1)
    at_least "$have" "$want" || die "Rust $want or newer is needed, this is $have; run: rustup update stable"
}

need_trunk() {
    local version=
    if have trunk; then version=$(trunk --version | cut -d' ' -f2); fi
    case $version in "$TRUNK_SERIES".*) return 0 ;; esac
    say "Trunk $TRUNK_SERIES is not here${version:+ (found $version)}; building $TRUNK_VERSION, four to ten minutes," \
        "once (a trunk $TRUNK_SERIES from your package manager on PATH is quicker)"
    # Trunk's own release profile links for thirteen minutes on one core; these settings do not.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --locked --force --root "$TOOLS" --no-default-features --features rustls \
        trunk --version "$TRUNK_VERSION" || die "Trunk $TRUNK_VERSION did not build; cargo's message is above"
}

need_wasm_bindgen() {
    local want
    want=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p;}' Cargo.lock)
    if [ "$(tool_version wasm-bindgen)" = "$want" ] && [ "$(tool_version wasm-bindgen-test-runner)" = "$want" ]; then
        return 0
    fi
    say "wasm-bindgen $want (Cargo.lock) is not here; building its tool, two to four minutes, once"
    # Without --locked: the lockfile inside the package names crate versions that no longer resolve.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --force --root "$TOOLS" --no-default-features wasm-bindgen-cli --version "$want" ||
        die "wasm-bindgen-cli $want did not build; cargo's message is above"
}

# Cuts the page's program into parts. It does not say its own version, so cargo is asked what it installed.
need_wasm_split() {
    if have wasm-split-cli && cargo install --list --root "$TOOLS" | grep -q "^wasm_split_cli_support v$WASM_SPLIT_VERSION:"; then
        return 0
    fi
    say "wasm-split $WASM_SPLIT_VERSION is not here; building it, one to two minutes, once"
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        cargo install --locked --force --root "$TOOLS" --features build-binary wasm_split_cli_support \
        --version "$WASM_SPLIT_VERSION" || die "wasm_split_cli_support $WASM_SPLIT_VERSION did not build; cargo's message is above"
}

# tool_version NAME: the second word of `NAME --version`, or nothing.
tool_version() {
    if have "$1"; then "$1" --version 2>/dev/null | cut -d' ' -f2; fi
}

# With every tool here Trunk needs no network and is told so; otherwise it downloads wasm-opt itself.
need_wasm_opt() {
    if good_wasm_opt; then
        TRUNK_ARGS=--offline
        return 0
    fi
    if have npm; then
        say "wasm-opt $WASM_OPT_MIN or newer is not here; npm installs the one of package.json"
        npm ci --silent --no-audit --no-fund >&2 || say "npm could not install it; Trunk will try to download it"
    fi
    if good_wasm_opt; then TRUNK_ARGS=--offline; else say "no wasm-opt and no npm: Trunk will download wasm-opt"; fi
}

good_wasm_opt() {
    local version
    have wasm-opt && version=$(wasm-opt --version | sed 's/[^0-9]*\([0-9]*\).*/\1/') &&
        [ "${version:-0}" -ge "$WASM_OPT_MIN" ]
}

need_browser() {
    if ! { find_browser && find_driver; }; then
        have apt-get || die "tests need Chromium or Chrome with its driver on PATH (or CHROMEDRIVER=/path/to/chromedriver);" \
            "install them with your system's package manager"
        say "no Chromium with its driver here; installing Debian's"
        # shellcheck disable=SC2086
        apt_install $DEBIAN_BROWSER_PACKAGES
        if ! { find_browser && find_driver; }; then
            die "$DEBIAN_BROWSER_PACKAGES are installed, but chromium and chromedriver are not on PATH"
        fi
    fi
    export CHROMEDRIVER
}

need_firefox() {
    if ! { have firefox || have firefox-esr; }; then
        have apt-get || die "the stage engines needs Firefox on PATH; install it with your system's package manager"
        say "no Firefox here; installing Debian's"
        # shellcheck disable=SC2086
        apt_install $DEBIAN_FIREFOX_PACKAGES
        have firefox-esr || die "$DEBIAN_FIREFOX_PACKAGES is installed, but firefox-esr is not on PATH"
    fi
    if [ -n "${GECKODRIVER:-}" ]; then
        [ -x "$GECKODRIVER" ] || die "GECKODRIVER=$GECKODRIVER is not a program"
    elif ! have geckodriver; then
        say "no geckodriver here; building $GECKODRIVER_VERSION, two to four minutes, once"
        CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
            cargo install --locked --force --root "$TOOLS" geckodriver --version "$GECKODRIVER_VERSION" ||
            die "geckodriver $GECKODRIVER_VERSION did not build; cargo's message is above"
    fi
}

need_webkit() {
    if [ -n "${WEBKITDRIVER:-}" ]; then
        [ -x "$WEBKITDRIVER" ] || die "WEBKITDRIVER=$WEBKITDRIVER is not a program"
    elif ! have WebKitWebDriver || ! { have xvfb-run || [ -n "${DISPLAY:-}" ]; }; then
        have apt-get || die "the stage engines needs WebKitGTK's WebKitWebDriver and MiniBrowser, and a display or" \
            "xvfb-run; install them with your system's package manager (webkit2gtk-driver, webkitgtk, xvfb)," \
            "or leave the stage out: scripts/test.sh lists the others"
        say "no WebKitGTK with its driver here; installing Debian's"
        # shellcheck disable=SC2086
        apt_install $DEBIAN_WEBKIT_PACKAGES
        have WebKitWebDriver || die "$DEBIAN_WEBKIT_PACKAGES are installed, but WebKitWebDriver is not on PATH"
    fi
}

# axe looks for barriers on every page: tests/e2e gives it to the browser.
need_axe() {
    local want
    want=$(sed -n 's/^ *"axe-core": "\(.*\)".*/\1/p' package.json)
    if [ "$(sed -n 's/^  "version": "\(.*\)".*/\1/p' node_modules/axe-core/package.json 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    have npm || die "tests need axe-core $want in node_modules; install Node with npm, then run this again"
    say "axe-core $want is not here; npm installs the packages of package.json"
    npm ci --silent --no-audit --no-fund >&2 || die "npm could not install axe-core $want; its message is above"
}

find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        if have "$name"; then return 0; fi
    done
    return 1
}

find_driver() {
    if [ -n "${CHROMEDRIVER:-}" ]; then
        [ -x "$CHROMEDRIVER" ] || die "CHROMEDRIVER=$CHROMEDRIVER is not a program"
        return 0
    fi
    CHROMEDRIVER=$(command -v chromedriver) || return 1
}

main "$@"
