#!/usr/bin/env bash
# Trunk's last step: puts the finishing touches to the folder that becomes dist/.
#
# 1. The worker's files get a hash of their contents into their names, as Trunk gives to all others: a page
#    must never meet the worker of another version.
# 2. A release gets its security policy: this origin only, no inline script.
# 3. The service worker gets the list of the app's files, and a version that is a hash of them all.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
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

name_worker() {
    local hash name
    hash=$(cat worker.js worker_bg.wasm | sha256 | cut -c1-16)
    name=worker-$hash
    mv worker.js "$name.js"
    mv worker_bg.wasm "${name}_bg.wasm"
    rm worker_loader.js
    # Trunk's own loader passes a bare string, which wasm-bindgen's glue warns about.
    echo "importScripts('./$name.js'); wasm_bindgen({ module_or_path: './${name}_bg.wasm' });" >"${name}_loader.js"
    edit index.html "s/worker_loader\.js/${name}_loader.js/"
}

set_policy() {
    edit index.html "s|<!-- security-policy[^>]*-->|<meta http-equiv=\"Content-Security-Policy\" content=\"$POLICY\"/>|"
}

# The manifests of the data sets are part of the app; their shards are not.
app_files() {
    find . -type f ! -name sw.js ! -name '.*' ! -path './data/*' | sed 's|^\./||' | LC_ALL=C sort
    find data -name manifest.json | LC_ALL=C sort
}

list_files() {
    local version files
    version=$(app_files | while read -r file; do sha256 "$file"; done | cat - sw.js | sha256 | cut -c1-16)
    files=$(app_files | sed "s/.*/'&'/" | tr '\n' ',' | sed 's/,$//')
    edit sw.js "s|^/\* build: version \*/.*|const VERSION = '$version';|"
    edit sw.js "s|^/\* build: files \*/.*|const FILES = [$files];|"
    say "version $version, $(app_files | wc -l | tr -d ' ') files to keep for offline use"
}

name_worker
if [ "${TRUNK_PROFILE:-}" = release ]; then set_policy; fi
list_files
