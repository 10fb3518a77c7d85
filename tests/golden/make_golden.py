"""Makes golden cases of this folder with real Keras.

    make golden                       every part
    scripts/golden.sh layers scalars  these parts only
    make_golden.py --part layers      the same for one part, in an environment that has Keras
    make_golden.py --index            only the lists of files, for instance after a hand has moved one

A part is a Python file here with a function `make()`: it writes its cases with `common.write`.
Building a part first removes the files it wrote before, so that a case taken out of the script
goes. A case is `<name>.json`, with `<name>.safetensors` beside it where the arrays are large;
`tests/golden.rs` runs each one it finds. Run twice, a part writes the same bytes.

`index/<part>.json` lists the files of each part with their SHA-256, so that a lost file or a
changed digit is noticed. There is one list per part, so that two people's parts never conflict;
if one part's list does conflict, keep either side and rebuild that part.

MNIST's first images are read from `www/data`, nothing is downloaded.
"""

import argparse
import importlib
import sys

sys.dont_write_bytecode = True  # the folder is committed

import common


def parts():
    """The names of all files here that make cases."""
    return sorted(path.stem for path in common.FOLDER.glob("*.py") if "\ndef make():" in path.read_text())


def main():
    parser = argparse.ArgumentParser(description="makes golden cases with real Keras")
    parser.add_argument("--part", action="append", choices=parts(), help="only this part; may be repeated")
    parser.add_argument("--index", action="store_true", help="only the lists of files, from the files that are there")
    arguments = parser.parse_args()
    if arguments.index:
        common.refresh_indices()
        return
    if not arguments.part:
        common.remove_lost_parts(parts())
    for name in arguments.part or parts():
        common.begin(name)
        importlib.import_module(name).make()
        print(f"{name}: {common.end()} files")


main()
