#!/usr/bin/env bash
# Trunk's last step: puts the finishing touches to the folder that becomes dist/.
#
# 1. A release gets its worker once more, compiled for processors that multiply and add at once; which of the
#    two computes is the reader's choice.
# 2. The workers' files get a hash of their contents into their names, as Trunk gives to all others: a page
#    must never meet the worker of another version.
# 3. A release gets its security policy: this origin only, no inline script.
# 4. The service worker gets the list of the app's files, and a version that is a hash of them all.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ROOT=$PWD
cd "${TRUNK_STAGING_DIR:?this script is run by trunk build}" || exit 1

POLICY="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'"
POLICY+="; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"

sha256() { if have sha256sum; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# edit FILE SED-SCRIPT: sed -i in a form that every sed has.
edit() {
    sed "$2" "$1" >"$1.new"
    if cmp -s "$1" "$1.new"; then die "finish-dist.sh found nothing to change in $1 by: $2"; fi
    mv "$1.new" "$1"
}

# name_worker FILES: gives FILES.js and FILES_bg.wasm their names, and a loader; says how that is called.
name_worker() {
    local hash name
    hash=$(cat "$1.js" "$1_bg.wasm" | sha256 | cut -c1-16)
    name=$1-$hash
    mv "$1.js" "$name.js"
    mv "$1_bg.wasm" "${name}_bg.wasm"
    # Trunk's own loader passes a bare string, which wasm-bindgen's glue warns about.
    echo "importScripts('./$name.js'); wasm_bindgen({ module_or_path: './${name}_bg.wasm' });" >"${name}_loader.js"
    echo "${name}_loader.js"
}

# As Trunk makes the other one, with its own tools; the loaders lie side by side in one element of the page.
add_fast_worker() {
    local built loader
    built=$(cd "$ROOT" && wasm_build fast worker) || die "the fast worker did not build; cargo's message is above"
    wasm-bindgen --target no-modules --no-typescript --out-dir . --out-name worker-fast "$built/worker.wasm"
    # Without npm only Trunk has one, which it keeps to itself; then the file is larger by a third.
    if have wasm-opt; then wasm-opt -O3 worker-fast_bg.wasm -o worker-fast_bg.wasm; fi
    loader=$(name_worker worker-fast)
    edit index.html "s/name=\"svertka-worker\"/& data-fast=\"$loader\"/"
}

set_policy() {
    edit index.html "s|<!-- security-policy[^>]*-->|<meta http-equiv=\"Content-Security-Policy\" content=\"$POLICY\"/>|"
}

# The manifests of the data sets are part of the app; their shards are not.
app_files() {
    find . -type f ! -name sw.js ! -name '.*' ! -path './data/*' | sed 's|^\./||' | LC_ALL=C sort
    find data -name manifest.json | LC_ALL=C sort
}

# quoted: the lines of the input as a list in JavaScript.
quoted() { sed "s/.*/'&'/" | tr '\n' ',' | sed 's/,$//'; }

list_files() {
    local version files fast
    version=$(app_files | while read -r file; do sha256 "$file"; done | cat - sw.js | sha256 | cut -c1-16)
    files=$(app_files | sed '/^worker-fast-/d' | quoted)
    fast=$(app_files | sed -n '/^worker-fast-/p' | quoted)
    edit sw.js "s|^/\* build: version \*/.*|const VERSION = '$version';|"
    edit sw.js "s|^/\* build: files \*/.*|const FILES = [$files];|"
    edit sw.js "s|^/\* build: fast worker \*/.*|const FAST_WORKER = [$fast];|"
    say "version $version, $(app_files | wc -l | tr -d ' ') files"
}

rm worker_loader.js files_loader.js
edit index.html "s/worker_loader\.js/$(name_worker worker)/"
edit index.html "s/files_loader\.js/$(name_worker files)/"
if [ "${TRUNK_PROFILE:-}" = release ]; then add_fast_worker; fi
if [ "${TRUNK_PROFILE:-}" = release ]; then set_policy; fi
list_files
