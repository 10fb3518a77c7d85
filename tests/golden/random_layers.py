"""Layers that draw: the outcomes that they have in training, and nothing in inference.

Where both ends of a range are one, there is one outcome. Otherwise hundreds of copies of a sample show every
outcome that there is. Noise has no such list, but a mean and a deviation.
"""

from common import flat, keras, np, numbers, rng, write

EXACT = {"allowed": {"of_largest": 2e-6}, "reason": "positions between cells in float32"}
COPIES = 400
DROPPED = [4]
IMAGE = [5, 6, 2]


def both(value):
    return [value, value]


CASES = [
    ("dropout", DROPPED, {"Dropout": {"rate": 0.25}}),
    ("dropout_none", DROPPED, {"Dropout": {"rate": 0.0}}),
    ("dropout_all", DROPPED, {"Dropout": {"rate": 1.0}}),
    ("dropout_noise_shape", [2, 3], {"Dropout": {"rate": 0.4, "noise_shape": [None, 1, 3]}}),
    ("spatial_dropout2d", [2, 3, 3], {"SpatialDropout2D": {"rate": 0.5}}),
    ("spatial_dropout2d_channels_first", [3, 2, 2],
     {"SpatialDropout2D": {"rate": 0.2, "data_format": "channels_first"}}),
    ("gaussian_noise_none", DROPPED, {"GaussianNoise": {"stddev": 0.0}}),
    ("random_flip", IMAGE, {"RandomFlip": {}}),
    ("random_flip_horizontal", IMAGE, {"RandomFlip": {"mode": "horizontal"}}),
    ("random_flip_vertical", IMAGE, {"RandomFlip": {"mode": "vertical"}}),
    ("random_translation", IMAGE, {"RandomTranslation": {"height_factor": both(0.3), "width_factor": both(-0.25)}}),
    ("random_translation_wrap", IMAGE,
     {"RandomTranslation": {"height_factor": both(-0.2), "width_factor": both(0.1), "fill_mode": "wrap",
                            "interpolation": "nearest"}}),
    ("random_translation_constant", IMAGE,
     {"RandomTranslation": {"height_factor": both(0.4), "width_factor": both(0.0), "fill_mode": "constant",
                            "fill_value": 0.5}}),
    ("random_rotation", IMAGE, {"RandomRotation": {"factor": both(0.1)}}),
    ("random_rotation_nearest", IMAGE, {"RandomRotation": {"factor": both(-0.3), "fill_mode": "nearest"}}),
    ("random_rotation_constant", IMAGE,
     {"RandomRotation": {"factor": both(0.5), "fill_mode": "constant", "fill_value": 2.0}}),
    ("random_zoom_in", IMAGE, {"RandomZoom": {"height_factor": both(-0.3)}}),
    ("random_zoom_out", IMAGE, {"RandomZoom": {"height_factor": both(0.4), "width_factor": both(0.1)}}),
    ("random_zoom_constant", IMAGE,
     {"RandomZoom": {"height_factor": both(0.5), "width_factor": both(-0.2), "fill_mode": "constant"}}),
    ("random_rotation_channels_first", [2, 5, 6],
     {"RandomRotation": {"factor": both(0.07), "data_format": "channels_first"}}),
]
NOISE = {"GaussianNoise": {"stddev": 0.4}}


def layer(spec):
    (kind, arguments), = spec.items()
    return getattr(keras.layers, kind)(**arguments, seed=1)


def outcomes(drawn):
    """Each once, in the order of their values."""
    rounded, first = np.unique(np.round(drawn.reshape(len(drawn), -1), 3) + 0.0, axis=0, return_index=True)
    return drawn.reshape(len(drawn), -1)[first]


def make():
    for name, shape, spec in CASES:
        x = rng(name).uniform(0.2, 1, (1, *shape)).astype("float32")
        built = layer(spec)
        assert np.array_equal(built(x, training=False), x)
        write(f"random_{name}", {
            "kind": "random",
            "model": {"input_shape": shape, "layers": [spec]},
            "tolerance": EXACT,
            "input": flat(x),
            "copies": COPIES,
            "outcomes": numbers(outcomes(np.asarray(built(np.repeat(x, COPIES, 0), training=True)))),
        })
    drawn = np.asarray(layer(NOISE)(np.ones((2000, 50), "float32"), training=True), "float64")
    write("random_gaussian_noise", {
        "kind": "random",
        "model": {"input_shape": [50], "layers": [NOISE]},
        "tolerance": EXACT,
        "input": flat(np.ones((1, 50))),
        "copies": 2000,
        "spread": {"mean": numbers(drawn.mean()), "stddev": numbers(drawn.std())},
    })
