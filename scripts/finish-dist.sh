#!/usr/bin/env bash
# Trunk's last step: puts the finishing touches to the folder that becomes dist/.
#
# 1. A release gets its worker once more, compiled for processors that multiply and add at once; which of the
#    two computes is the reader's choice.
# 2. The page's program is cut into parts (src/ui/parts.rs), which Trunk cannot do: a reader fetches what
#    the open page needs.
# 3. The workers' files get a hash of their contents into their names, as Trunk gives to all others: a page
#    must never meet the worker of another version.
# 4. A release gets its security policy, this origin only, no inline script, no unchecked markup; and the files in
#    which common hosts look for headers, with the same policy and with how long each file may be kept. Workers may
#    also come from memory, for frames without an origin (src/ui/browser.rs, worker_address).
# 5. With SVERTKA_URL, the address that the page will have, every widget gets an oEmbed answer.
# 6. The service worker gets the list of the app's files, and a version that is a hash of them all.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ROOT=$PWD
cd "${TRUNK_STAGING_DIR:?this script is run by trunk build}" || exit 1

POLICY="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'"
POLICY+="; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'"
POLICY+="; base-uri 'self'; form-action 'self'"
# Markup and addresses of scripts pass www/boot.js; workers, which have no such policy, take the headers' line without it.
MARKUP_POLICY="; require-trusted-types-for 'script'; trusted-types default"

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
    optimize -O3 worker-fast_bg.wasm
    loader=$(name_worker worker-fast)
    edit index.html "s/name=\"svertka-worker\"/& data-fast=\"$loader\"/"
}

# Every part under a name with one hash of them all, so that parts of two versions never meet. The program that cargo
# built still says where one function names another, which that of Trunk no longer does.
split_page() {
    local built=${CARGO_TARGET_DIR:-$ROOT/target}/$WASM_TARGET whole hash file
    if [ "${TRUNK_PROFILE:-}" = release ]; then built+=/release; else built+=/debug; fi
    whole=$(ls ui-*_bg.wasm)
    whole=${whole%_bg.wasm}
    rm -rf parts.new
    mkdir parts.new
    wasm-split-cli "$built/ui.wasm" parts.new --out-name ui
    # The parts meet in the table of functions, which wasm-bindgen would hide.
    wasm-bindgen --target web --no-typescript --keep-lld-exports --out-dir parts.new --out-name ui parts.new/ui.wasm
    rm parts.new/ui.wasm
    mv parts.new/__wasm_split.js parts.new/parts.js
    if [ "${TRUNK_PROFILE:-}" = release ]; then
        for file in parts.new/*.wasm; do optimize -Oz "$file"; done
    fi
    hash=$(cd parts.new && sha256 * | sha256 | cut -c1-16)
    # The glue and the loader of parts name each other, and the loader every part.
    # (Where the glue hands it to the program it keeps the name that the program knows.)
    sed "s|from \([\"']\)\./__wasm_split\.js|from \1./ui-$hash-parts.js|" parts.new/ui.js >"ui-$hash.js"
    sed "s|\./ui\.js|./ui-$hash.js|g; s|\"\./\([^\"]*\)\.wasm\"|\"./ui-$hash-\1.wasm\"|g" parts.new/parts.js >"ui-$hash-parts.js"
    mv parts.new/ui_bg.wasm "ui-${hash}_bg.wasm"
    for file in parts.new/*.wasm; do mv "$file" "ui-$hash-${file#parts.new/}"; done
    rm -r parts.new "$whole.js" "${whole}_bg.wasm"
    edit index.html "s/$whole\([._]\)/ui-$hash\1/g"
}

# One file of style instead of thirty: each is asked for before anything is shown. Then the text comes before the
# program, which shares the line with it.
bundle_styles() {
    local sheets sheet hash
    sheets=$(sed -n 's|.*<link rel="stylesheet" href="\./\([^"]*\.css\)".*|\1|p' index.html)
    # shellcheck disable=SC2086
    cat $sheets >style.css
    # shellcheck disable=SC2086
    rm $sheets
    hash=$(sha256 style.css | cut -c1-16)
    mv style.css "style-$hash.css"
    sheet=$(echo "$sheets" | head -n1)
    edit index.html "s|\./${sheet}|./style-$hash.css|"
    for sheet in $(echo "$sheets" | tail -n +2); do edit index.html "/\.\/$sheet/d"; done
    # Trunk would have the program share a slow line with what is seen before it; www/boot.js asks for it in time.
    edit index.html 's|<link rel="preload" [^>]*>||g; s|<link rel="modulepreload" [^>]*>||g'
}

# optimize LEVEL FILE: wasm-opt, in place. Where there is no npm, Trunk has fetched one into its cache for the workers.
optimize() {
    local tool
    tool=$(command -v wasm-opt || find "${XDG_CACHE_HOME:-$HOME/.cache}/trunk" "$HOME/Library/Caches/dev.trunkrs.trunk" \
        -type f -name wasm-opt 2>/dev/null | sort | tail -n1)
    [ -n "$tool" ] || die "there is no wasm-opt, neither on PATH nor in Trunk's cache"
    "$tool" "$1" "$2" -o "$2"
}

set_policy() {
    edit index.html "s|<!-- security-policy[^>]*-->|<meta http-equiv=\"Content-Security-Policy\" content=\"$POLICY$MARKUP_POLICY\"/>|"
}

# The headers of every answer. A camera is for the convolution page, if the reader asks for it; any course page may
# embed this one, so nothing is said of frames, and a frame without an origin may have the files: they hide nothing.
HEADERS="Content-Security-Policy: $POLICY
Access-Control-Allow-Origin: *
X-Content-Type-Options: nosniff
Referrer-Policy: no-referrer
Permissions-Policy: camera=(self), microphone=(), geolocation=(), payment=(), usb=()"
# Names with a hash of their contents never mean anything else; all others are asked for again.
HASHED='[0-9a-f]{16}'

# _headers for Netlify, Cloudflare Pages and others; .htaccess for Apache. docs/hosting.md has nginx.
write_headers() {
    local file
    {
        echo "/*"
        echo "$HEADERS" | sed 's/^/  /'
        echo "  Cache-Control: no-cache"
        find . -type f ! -path './data/*' | sed 's|^\./||' | LC_ALL=C sort | grep -E -e "-$HASHED[._-]" | while read -r file; do
            printf '/%s\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n' "$file"
        done
    } >_headers
    {
        echo "AddType application/wasm .wasm"
        echo "AddType application/manifest+json .webmanifest"
        echo "<IfModule mod_headers.c>"
        echo "$HEADERS" | sed 's/^\([^:]*\): \(.*\)/  Header always set \1 "\2"/'
        echo '  Header set Cache-Control "no-cache"'
        echo "  <FilesMatch \"-$HASHED[._-]\">"
        echo '    Header set Cache-Control "public, max-age=31536000, immutable"'
        echo "  </FilesMatch>"
        echo "</IfModule>"
    } >.htaccess
}

# Names and first heights, in px, of the widgets.
WIDGETS=(convolution:1500 pooling:1300 chain:1500 backwards:1500 losses:1200 neuron:1400 optimizers:1400 network:1300
    training:1500 callbacks:1500 confusion:1000 inside:1000)

# oEmbed 1.0, https://oembed.com: answers of the kind "rich" as files, since a static host computes none.
write_oembed() {
    local url=${SVERTKA_URL%/} pair name height
    case $url in
        http://* | https://*) ;;
        *) die "SVERTKA_URL is \"$url\"; expected the page's whole address, as https://lab.example/svertka" ;;
    esac
    case $url in *[\"\'\<\>\&\|\\\ ]*) die "SVERTKA_URL holds a character that no address has" ;; esac
    mkdir -p oembed
    for pair in "${WIDGETS[@]}"; do
        name=${pair%:*} height=${pair#*:}
        printf '{"version":"1.0","type":"rich","provider_name":"Svertka","provider_url":"%s/","title":"Svertka: %s","width":800,"height":%s,"html":"<iframe src=\\"%s/#/embed/%s\\" title=\\"Svertka: %s\\" width=\\"800\\" height=\\"%s\\" loading=\\"lazy\\" allow=\\"fullscreen; clipboard-write\\"></iframe>"}\n' \
            "$url" "$name" "$height" "$url" "$name" "$name" "$height" >"oembed/$name.json"
    done
    edit index.html "s|<!-- oembed:.*-->|<link rel=\"alternate\" type=\"application/json+oembed\" href=\"$url/oembed/convolution.json\" title=\"Svertka\"/>|"
}

# The manifests of the data sets are part of the app; their shards are not.
app_files() {
    find . -type f ! -name sw.js ! -name _headers ! -name lab.js ! -name '.*' ! -path './data/*' ! -path './oembed/*' |
        sed 's|^\./||' | LC_ALL=C sort
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

split_page
bundle_styles
rm worker_loader.js files_loader.js
edit index.html "s/worker_loader\.js/$(name_worker worker)/"
edit index.html "s/files_loader\.js/$(name_worker files)/"
if [ "${TRUNK_PROFILE:-}" = release ]; then add_fast_worker; fi
if [ "${TRUNK_PROFILE:-}" = release ]; then
    set_policy
    write_headers
fi
if [ -n "${SVERTKA_URL:-}" ]; then write_oembed; fi
list_files
