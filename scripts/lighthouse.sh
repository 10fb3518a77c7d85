#!/usr/bin/env bash
# Holds the built page against its budgets with Lighthouse, in an environment of its own that is made once (190 MB).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LIGHTHOUSE=$TOOLS/lighthouse

need_lighthouse() {
    have npm || die "Lighthouse needs Node with npm (18.16 or newer); install it with your system's package manager"
    if ! { cmp -s scripts/lighthouse/package-lock.json "$LIGHTHOUSE/package-lock.json" && [ -d "$LIGHTHOUSE/node_modules" ]; }; then
        say "npm installs Lighthouse in $LIGHTHOUSE, once"
        mkdir -p "$LIGHTHOUSE"
        rm -f "$LIGHTHOUSE/package-lock.json"
        cp scripts/lighthouse/package.json "$LIGHTHOUSE/"
        cp scripts/lighthouse/package-lock.json "$LIGHTHOUSE/lock.json"
        mv "$LIGHTHOUSE/lock.json" "$LIGHTHOUSE/package-lock.json"
        (cd "$LIGHTHOUSE" && npm ci --silent --no-audit --no-fund --ignore-scripts >&2) ||
            { rm -f "$LIGHTHOUSE/package-lock.json"; die "npm could not install Lighthouse; its message is above"; }
    fi
    # Packages are looked for beside the program that asks for them.
    cp scripts/lighthouse/run.mjs "$LIGHTHOUSE/"
}

[ -f dist/index.html ] || die "there is no dist/; run: make build"
need_lighthouse
node "$LIGHTHOUSE/run.mjs" dist target/lighthouse
