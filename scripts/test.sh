#!/usr/bin/env bash
# Every check and test, in stages; `scripts/test.sh clippy native` runs only those two.
# The order puts what fails fastest first; `dist`, which links for minutes on one core, is begun as soon as clippy has
# nothing to say, and takes the other core while the stages before it run. Flags and profiles are the same wherever
# crates are shared, so that nothing is compiled twice.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ALL_STAGES="format clippy depends native doc browser dist e2e engines lighthouse"
WASM=(--target "$WASM_TARGET" --no-default-features)

format() { # cargo fmt --check
    cargo fmt --check
}

clippy() { # clippy without features, and for the command line with all native tests, the worker and the page
    cargo clippy --locked --no-default-features --all-targets -- -D warnings
    cargo clippy --locked --features e2e --all-targets -- -D warnings
    cargo clippy --locked "${WASM[@]}" --features worker --lib --bin worker --bin files --bin speed --test browser -- -D warnings
    cargo clippy --locked "${WASM[@]}" --features ui --lib --bin ui -- -D warnings
}

depends() { # the engine needs no browser crate, the worker no Leptos
    refuse 'wasm-bindgen|js-sys|web-sys|gloo-[a-z]*|leptos[a-z_]*' --no-default-features
    refuse 'wasm-bindgen|js-sys|web-sys|gloo-[a-z]*|leptos[a-z_]*' --features cli
    refuse 'leptos[a-z_]*|tachys|reactive_graph' --target "$WASM_TARGET" --no-default-features --features worker
}

# refuse NAMES ARGUMENTS…: fails if the normal dependencies under these cargo arguments hold a crate of that name.
refuse() {
    local names=$1 tree found
    shift
    tree=$(cargo tree --locked --edges normal --prefix none --format '{p}' "$@")
    found=$(echo "$tree" | grep -E "^($names) v" | sort -u || true)
    if [ -n "$found" ]; then die "cargo tree $* must not hold: $(echo "$found" | tr '\n' ',')"; fi
    say "cargo tree $*: $(echo "$tree" | sort -u | wc -l | tr -d ' ') crates, none of them $names"
}

native() { # unit tests, tests/ and doc tests on this machine
    cargo test --locked --features e2e -- --skip journeys::
}

doc() { # cargo doc, warnings denied
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib "${WASM[@]}" --features ui
}

browser() { # WebAssembly tests in a real browser; the views have none of their own there, the e2e stage sees them
    cargo test --locked "${WASM[@]}" --features worker --lib --test browser
}

dist() { # the release build, and what it weighs
    if [ -n "$DIST_JOB" ]; then
        wait "$DIST_JOB" || { cat "$DIST_LOG" && die "the release build failed; what it printed is above"; }
        DIST_JOB=
        cat "$DIST_LOG"
    else
        scripts/build.sh
    fi
    sizes
}

DIST_JOB=
DIST_LOG=target/dist.log

begin_dist() {
    say "---- dist: begun beside what follows, its output is in $DIST_LOG"
    mkdir -p target
    # In a process group of its own, so that it ends with this script whatever it has started.
    set -m
    scripts/build.sh >"$DIST_LOG" 2>&1 &
    DIST_JOB=$!
    set +m
    trap '[ -z "$DIST_JOB" ] || kill -- "-$DIST_JOB" 2>/dev/null || true' EXIT
}

# What visits download, data sets apart; fails when more than the budget.
sizes() {
    have node || die "the budget is measured with node, which packs as web servers do; install Node 20 or newer"
    node scripts/budgets.mjs dist
}

e2e() { # the built page, driven in headless Chromium
    [ -f dist/index.html ] || die "there is no dist/; run: make build"
    SVERTKA_DIST=$PWD/dist cargo test --locked --features e2e --test e2e -- --skip journeys::engines::
}

engines() { # one lesson on the built page in Chromium, Firefox and WebKitGTK, to the same bits
    [ -f dist/index.html ] || die "there is no dist/; run: make build"
    SVERTKA_DIST=$PWD/dist cargo test --locked --features e2e --test e2e -- journeys::engines:: --nocapture
}

lighthouse() { # the built pages' scores, and how soon a slow telephone shows it
    scripts/lighthouse.sh
}

main() {
    local stages=${*:-$ALL_STAGES} stage began all_began=$SECONDS summary=
    for stage in $stages; do
        case " $ALL_STAGES " in
            *" $stage "*) ;;
            *) die "no stage $stage; there are: $ALL_STAGES" ;;
        esac
    done
    case " $stages " in
        *" engines "*) set_up engines ;;
        *" browser "* | *" dist "* | *" e2e "* | *" lighthouse "*) set_up test ;;
        *) set_up build ;;
    esac
    summary=$(printf '%6d s  setup' $((SECONDS - all_began)))
    for stage in $stages; do
        case "$stage of $stages " in "native of "*" dist "*) begin_dist ;; esac
        say "---- $stage: $(sed -n "s/^$stage() { # //p" scripts/test.sh)"
        began=$SECONDS
        "$stage"
        summary+=$(printf '\n%6d s  %s' $((SECONDS - began)) "$stage")
    done
    say "all stages passed in $((SECONDS - all_began)) s"
    echo "$summary"
}

main "$@"
