"""What every golden case shares: reproducible Keras, our spec forms, files.

The TensorFlow backend is set up here, before Keras is imported anywhere: float32, one thread,
deterministic kernels, and without oneDNN, whose sums depend on the processor.
"""

import json
import os
import re
import zlib
from hashlib import sha256
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.experimental.enable_op_determinism()

import keras
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parent
MADE_WITH = f"keras {keras.__version__}, tensorflow {tf.__version__}, float32, cpu"


def rng(name):
    """Numbers that depend on the case's name alone, so that a new case moves no other."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def numbers(array):
    """Nested lists of the shortest decimals that read back as the same float32."""
    if isinstance(array, (list, tuple)) or getattr(array, "ndim", 0) > 0:
        return [numbers(item) for item in array]
    return float(str(np.float32(array)))


def flat(array):
    """`{"extents": …, "values": …}`, row-major."""
    array = np.asarray(array)
    return {"extents": list(array.shape), "values": numbers(array.reshape(-1))}


def parameter_names(layers):
    """Keras's automatic names, `conv2d_1/kernel`, for every weight of a list of layer specs."""
    seen, names = {}, []
    for layer in layers:
        (kind, arguments), = layer.items()
        base = re.sub(r"([a-z])([A-Z])", r"\1_\2", kind).lower()
        count = seen.get(kind, 0)
        seen[kind] = count + 1
        name = base if count == 0 else f"{base}_{count}"
        if kind in ("Dense", "Conv2D"):
            names.append(f"{name}/kernel")
            if arguments["use_bias"]:
                names.append(f"{name}/bias")
    return names


def build(model, dtype="float32"):
    """A Keras model from our spec, which names classes and arguments as Keras does."""
    layers = [keras.Input(tuple(model["input_shape"]), dtype=dtype)]
    for layer in model["layers"]:
        (kind, arguments), = layer.items()
        layers.append(getattr(keras.layers, kind)(**arguments, dtype=dtype))
    return keras.Sequential(layers)


def optimizer(spec):
    """A Keras optimizer from our spec."""
    (kind, arguments), = spec.items()
    arguments = dict(arguments)
    if isinstance(arguments.get("learning_rate"), dict):
        arguments["learning_rate"] = schedule(arguments["learning_rate"])
    base = getattr(keras.optimizers, kind)
    # the one argument that Keras lacks
    return (centralized(base) if arguments.pop("gradient_centralization", False) else base)(**arguments)


def schedule(spec):
    """A Keras learning-rate schedule from our spec."""
    (kind, arguments), = spec.items()
    return getattr(keras.optimizers.schedules, kind)(**arguments)


def centralized(base):
    """An optimizer that takes the mean over all but the output axis off each kernel's gradient first."""

    def apply(self, grads, trainable_variables=None):
        mean = lambda grad: tf.reduce_mean(grad, axis=list(range(len(grad.shape) - 1)), keepdims=True)
        grads = [grad - mean(grad) if len(grad.shape) > 1 else grad for grad in grads]
        return base.apply(self, grads, trainable_variables)

    return type(base.__name__, (base,), {"apply": apply})


part = None  # the part being made
written = []  # the files it has written


def begin(name):
    """Starts a part: removes what it wrote before."""
    global part
    part = name
    written.clear()
    for file in read_index(name):
        (FOLDER / file).unlink(missing_ok=True)


def end():
    """Ends a part: lists what it wrote."""
    write_index(part, written)
    return len(written)


def dump(value, indent=0):
    """JSON with one key per line but lists of numbers on one, to be readable in a diff."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and len(json.dumps(value)) > 100:
        inner = ",\n".join(f"{pad}{json.dumps(key)}: {dump(item, indent + 1)}" for key, item in value.items())
        return "{\n" + inner + "\n" + " " * indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        inner = ",\n".join(pad + dump(item, indent + 1) for item in value)
        return "[\n" + inner + "\n" + " " * indent + "]"
    return json.dumps(value)


def write(name, case, arrays=None):
    """Writes `<name>.json` and, if there are arrays, `<name>.safetensors`."""
    own(f"{name}.json").write_text(dump({"made_with": MADE_WITH, **case}) + "\n")
    if arrays:
        save_file({key: np.ascontiguousarray(array) for key, array in arrays.items()}, own(f"{name}.safetensors"))


def own(file):
    """The path of a new file of this part. A name that is taken would silently replace a case."""
    path = FOLDER / file
    if path.exists():
        raise FileExistsError(f"{file} is there already; another part or case has this name")
    written.append(file)
    return path


def index_path(name):
    return FOLDER / "index" / f"{name}.json"


def read_index(name):
    path = index_path(name)
    return json.loads(path.read_text()) if path.exists() else {}


def write_index(name, files):
    """Lists a part's files with their SHA-256."""
    index = {file: sha256((FOLDER / file).read_bytes()).hexdigest() for file in sorted(files)}
    index_path(name).parent.mkdir(exist_ok=True)
    index_path(name).write_text(json.dumps(index, indent=1) + "\n")


def refresh_indices():
    """Lists again what is there of the listed files."""
    for path in index_path("*").parent.glob("*.json"):
        write_index(path.stem, [file for file in read_index(path.stem) if (FOLDER / file).exists()])


def remove_lost_parts(parts):
    """Removes the files of parts that are no longer there."""
    for path in index_path("*").parent.glob("*.json"):
        if path.stem not in parts:
            begin(path.stem)
            path.unlink()
