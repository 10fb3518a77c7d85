"""Writes the HDF5 files beside this script with h5py; what is in them stands in src/formats/hdf5/h5py_tests.rs.

Only the times of making in them differ from run to run.

    pip install h5py==3.14.0 numpy
    python make.py
"""

import gzip
import pathlib

import h5py
import numpy as np

here = pathlib.Path(__file__).parent


def new(name, libver):
    return h5py.File(here / name, "w", libver=libver)


def numbers(group):
    """Every width, sign and byte order."""
    for dtype in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        signed = dtype.startswith("i")
        values = [-2, -1, 0, 1, 100] if signed else [0, 1, 2, 100, 200]
        for order in "<>":
            group.create_dataset(f"{order}{dtype}", data=np.array(values, dtype=order + dtype))
    for dtype in ["f2", "f4", "f8"]:
        for order in "<>":
            values = [0.1, -1.5, 65504.0, 2.0**-24, np.inf]
            group.create_dataset(f"{order}{dtype}", data=np.array(values, dtype=order + dtype))
    group.create_dataset("bool", data=np.array([True, False, True]))


def plain(name, libver):
    """What Keras's files have, and other things that h5py likes to write."""
    with new(name, libver) as file:
        file.attrs["backend"] = "tensorflow"
        file.attrs["bytes"] = np.bytes_("fixed")
        file.attrs["cyrillic"] = "Свёртка"
        file.attrs["names"] = ["conv2d", "", "dense_1"]
        file.attrs["fixed_names"] = np.array([b"conv2d", b"dense"], dtype="S8")
        file.attrs["no_names"] = np.zeros((0,))
        file.attrs["nothing"] = h5py.Empty("f4")
        file.attrs["number"] = 7
        file.attrs["matrix"] = np.arange(6, dtype="f4").reshape(2, 3)
        layer = file.create_group("layers/conv2d/vars")
        layer.attrs["name"] = "conv2d"
        layer.create_dataset("0", data=np.arange(24, dtype="f4").reshape(2, 3, 4) / 8)
        layer.create_dataset("1", data=np.float64(0.1))
        layer.create_dataset("empty", data=np.zeros((3, 0, 2), dtype="f4"))
        layer.create_dataset("nothing", data=h5py.Empty("i8"))
        layer.create_dataset("unwritten", shape=(3,), dtype="f4")
        layer.create_dataset("filled", shape=(3,), dtype="i2", fillvalue=-7)
        layer["0"].attrs["ignored"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
        texts = file.create_group("texts")
        texts.create_dataset("variable", data=["a", "Свёртка", "", "x" * 300], dtype=h5py.string_dtype())
        texts.create_dataset("fixed", data=np.array([b"one", b"three"]))
        space = h5py.h5t.C_S1.copy()
        space.set_size(6)
        space.set_strpad(h5py.h5t.STR_SPACEPAD)
        dataset = h5py.h5d.create(texts.id, b"spaces", space, h5py.h5s.create_simple((2,)))
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab    ", b" c    "], dtype="S6"), mtype=space)
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        dataset = h5py.h5d.create(
            texts.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((4,)), compact
        )
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype="f4"))
        numbers(file.create_group("numbers"))


def chunked(name, libver):
    """As h5repack and users recompress; extents that chunks do not divide."""
    with new(name, libver) as file:
        values = np.arange(7 * 10 * 3, dtype="f4").reshape(7, 10, 3)
        for key, options in {
            "bare": {},
            "gzip": {"compression": "gzip"},
            "shuffled": {"compression": "gzip", "compression_opts": 9, "shuffle": True},
            "everything": {"compression": "gzip", "shuffle": True, "fletcher32": True},
            "checked": {"fletcher32": True},
        }.items():
            file.create_dataset(key, data=values, chunks=(3, 4, 2), **options)
        file.create_dataset("single", data=values, chunks=(7, 10, 3), compression="gzip")
        file.create_dataset("single_bare", data=values, chunks=(7, 10, 3))
        many = file.create_dataset("many", shape=(3000,), dtype="i2", chunks=(1,), fillvalue=9)
        many[5] = 1
        many[2999] = 2
        file.create_dataset("texts", data=[f"layer_{i}" for i in range(10)], chunks=(4,), compression="gzip")
        file.create_dataset("growing", data=values[:, 0], chunks=(3, 2), maxshape=(20, 3), compression="gzip")
        early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        early.set_chunk((4,))
        early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        dataset = h5py.h5d.create(
            file.id, b"early", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((10,)), early
        )
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(10, dtype="i4"))


def large(name, libver):
    """Long text, many names, and so many members and attributes that they do not fit into a header."""
    with new(name, libver) as file:
        file.attrs["model_config"] = "Keras " * 20000
        file.attrs["layer_names"] = [f"layer_{i}" for i in range(300)]
        if libver == "latest":
            file.attrs["long"] = np.arange(9000, dtype="i8")
        group = file.create_group("members")
        first = group.create_dataset("m0", data=np.float32(0.5))
        for i in range(1, 1000):
            group[f"m{i}"] = first
        for i in range(40):
            group.attrs[f"a{i}"] = i
        for i in range(1000):
            file.create_group(f"groups/g{i}").attrs["name"] = f"name {i}"
    # They hold little else than zeros and counts.
    (here / f"{name}.gz").write_bytes(gzip.compress((here / name).read_bytes(), mtime=0))
    (here / name).unlink()


def dense(name):
    """As the large one, but short enough to be damaged everywhere."""
    with new(name, "latest") as file:
        for i in range(12):
            file.attrs[f"a{i}"] = f"text {i}"
            file[f"m{i}"] = np.arange(i, dtype="f4")


def refused():
    """Each has one thing that is not read."""
    with new("soft_link.h5", "earliest") as file:
        file["link"] = h5py.SoftLink("/there")
    with new("soft_link_latest.h5", "latest") as file:
        file.create_group("group")["link"] = h5py.SoftLink("/there")
    with new("external_link.h5", "earliest") as file:
        file["link"] = h5py.ExternalLink("other.h5", "/there")
    with new("external_data.h5", "earliest") as file:
        file.create_dataset("data", shape=(2,), dtype="f4", external=[("other.bin", 0, 8)])
    with new("virtual.h5", "latest") as file:
        layout = h5py.VirtualLayout(shape=(2,), dtype="f4")
        layout[:] = h5py.VirtualSource("other.h5", "data", shape=(2,))
        file.create_virtual_dataset("data", layout)
    with new("compound.h5", "earliest") as file:
        file.create_dataset("data", data=np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))
    with new("lzf.h5", "earliest") as file:
        file.create_dataset("data", data=np.zeros(64, dtype="f4"), compression="lzf")
    with new("extensible.h5", "latest") as file:
        file.create_dataset("data", data=np.zeros(64, dtype="f4"), maxshape=(None,), chunks=(8,))
    with new("committed.h5", "earliest") as file:
        file["type"] = np.dtype("f4")
    with new("cycle.h5", "earliest") as file:
        file.create_group("group")["again"] = file["/"]


plain("plain_earliest.h5", "earliest")
plain("plain_latest.h5", "latest")
chunked("chunked_earliest.h5", "earliest")
chunked("chunked_latest.h5", "latest")
large("large_earliest.h5", "earliest")
large("large_latest.h5", "latest")
dense("dense_latest.h5")
refused()
with h5py.File(here / "user_block.h5", "w", userblock_size=512) as block:
    block.create_dataset("data", data=np.arange(3))
