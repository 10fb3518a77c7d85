"""Writes digits.bin: one image of each class from the MNIST test set, 28 x 28 bytes each, 0 to 9.

Usage: python3 make.py FOLDER, where FOLDER holds the raw t10k-images-idx3-ubyte and
t10k-labels-idx1-ubyte. The chosen images are clearly written and fill their frame.
"""

import hashlib
import pathlib
import sys

CHOSEN = [10, 2, 1, 32, 4, 15, 22, 17, 110, 12]
IMAGES_MD5 = "2646ac647ad5339dbf082846283269ea"

folder = pathlib.Path(sys.argv[1])
images = (folder / "t10k-images-idx3-ubyte").read_bytes()
labels = (folder / "t10k-labels-idx1-ubyte").read_bytes()[8:]
if hashlib.md5(images).hexdigest() != IMAGES_MD5:
    sys.exit("t10k-images-idx3-ubyte is not the MNIST test set")
out = b""
for digit, idx in enumerate(CHOSEN):
    if labels[idx] != digit:
        sys.exit(f"image {idx} is not a {digit}")
    out += images[16 + idx * 784 : 16 + (idx + 1) * 784]
pathlib.Path(__file__).with_name("digits.bin").write_bytes(out)
