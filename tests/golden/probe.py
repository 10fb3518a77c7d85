"""What a model saw: layers' outputs, gradients of a class's score and Grad-CAM with Keras; PCA and t-SNE with scikit-learn."""

from common import build, flat, keras, np, numbers, rng, tf, write

GRADIENTS = {"allowed": {"of_largest": 1e-4}, "reason": "sums in another order, through several layers"}
EMBEDDED = {"allowed": {"of_largest": 1e-5}, "reason": "the distances are kept in 32 bits and summed in another order"}

CURVES = ["relu", "sigmoid", "tanh", "elu", "selu", "gelu", "silu", "softplus", "softsign", "leaky_relu", "mish"]


def conv(filters, kernel, **more):
    return {"Conv2D": {"filters": filters, "kernel_size": [kernel, kernel], **more}}


def pool(kind="MaxPooling2D"):
    return {kind: {"pool_size": [2, 2]}}


def dense(units, activation, **more):
    return {"Dense": {"units": units, "activation": activation, **more}}


def normalized(layer):
    return [layer, {"BatchNormalization": {}}, {"Activation": {"activation": "relu"}}]


def models():
    """(name, input shape, layers)"""
    flatten = {"Flatten": {}}
    yield "probe_mlp", [12, 12, 1], [flatten, dense(16, "relu"), dense(10, "softmax")]
    yield "probe_lenet5", [28, 28, 1], [
        conv(6, 5, padding="same", activation="relu"), pool(), conv(16, 5, activation="relu"), pool(), flatten,
        dense(120, "relu"), dense(84, "relu"), dense(10, "softmax"),
    ]
    yield "probe_batch_normalization", [12, 12, 1], [
        {"RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1}},
        *normalized(conv(6, 3, use_bias=False)), pool(),
        *normalized(conv(8, 3, padding="same", use_bias=False)), pool("AveragePooling2D"), {"Dropout": {"rate": 0.25}},
        flatten, *normalized(dense(16, "linear", use_bias=False)), {"Dropout": {"rate": 0.5}}, dense(10, "softmax"),
    ]
    yield "probe_separable", [9, 9, 3], [
        {"SeparableConv2D": {"filters": 5, "kernel_size": [3, 3], "activation": "relu"}},
        {"DepthwiseConv2D": {"kernel_size": [3, 3], "activation": "relu"}}, {"SpatialDropout2D": {"rate": 0.25}},
        {"GlobalAveragePooling2D": {}}, dense(4, "linear"), {"Activation": {"activation": "softmax"}},
    ]
    for name in CURVES:
        yield f"probe_{name}", [6, 6, 2], [
            conv(4, 3, activation=name), pool(), flatten, dense(7, name), dense(3, "softmax"),
        ]


def forward(layers, x, linear):
    """Every layer's output in inference; with `linear`, what the softmax at the end is given comes last."""
    outputs = []
    for idx, layer in enumerate(layers):
        is_last = idx + 1 == len(layers)
        if is_last and linear:
            kept, layer.activation = layer.activation, keras.activations.linear
        x = layer(x, training=False)
        if is_last and linear:
            layer.activation = kept
        outputs.append(x)
    return outputs


def gradient(layers, x, label, linear):
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = forward(layers, x, linear)[-1][:, label]
    return tape.gradient(score, x)


def cam(layers, x, label, at):
    """Selvaraju et al.; as keras.io's example, whose model has no softmax then."""
    features = forward(layers[: at + 1], x, False)[-1]
    with tf.GradientTape() as tape:
        tape.watch(features)
        score = forward(layers[at + 1 :], features, True)[-1][:, label]
    grads = tape.gradient(score, features)
    weights = tf.reduce_mean(grads, axis=(0, 1, 2))
    return weights, tf.nn.relu(tf.reduce_sum(features[0] * weights, axis=-1))


def occlusion(layers, x, label, window, stride, fill):
    values = []
    starts = lambda extent: [*range(0, extent - window, stride), extent - window]
    for row in starts(x.shape[1]):
        for column in starts(x.shape[2]):
            covered = np.array(x)
            covered[:, row : row + window, column : column + window] = fill
            values.append(forward(layers, tf.constant(covered), False)[-1][0, label])
    return {"window": window, "stride": stride, "fill": fill, "values": numbers(values)}


def make_probes():
    for name, shape, layers in models():
        random = rng(name)
        keras.backend.clear_session()
        spec = {"name": name, "input_shape": shape, "layers": layers}
        model = build(spec)
        for weight in model.weights:
            kind = weight.path.split("/")[-1]
            fan = max(int(np.prod(weight.shape[:-1])), 1)
            if kind in ("kernel", "depthwise_kernel", "pointwise_kernel"):
                weight.assign(random.standard_normal(weight.shape) * np.sqrt(2 / fan))
            elif kind in ("moving_variance", "gamma"):
                weight.assign(random.uniform(0.5, 1.5, weight.shape))
            elif kind in ("moving_mean", "beta", "bias"):
                weight.assign(random.uniform(-0.3, 0.3, weight.shape))
        arrays = {"/".join(weight.path.split("/")[-2:]): np.array(weight, "float32")
                  for weight in model.weights if "seed_generator" not in weight.path}
        x = tf.constant(random.uniform(0, 1, [1, *shape]).astype("float32"))
        outputs = forward(model.layers, x, False)
        label = int(np.argsort(outputs[-1][0])[-2])
        maps = []
        for idx, layer in enumerate(model.layers):
            if "conv2d" in layer.name or layer.name.startswith("activation") and len(layer.output.shape) == 4:
                weights, values = cam(model.layers, x, label, idx)
                maps.append({"layer": idx, "weights": numbers(weights), "values": numbers(np.ravel(values))})
        write(name, {
            "kind": "probe",
            "model": spec,
            "tolerance": GRADIENTS,
            "input": flat(x),
            "class": label,
            "logits": numbers(forward(model.layers, x, True)[-1][0]),
            "outputs": [{"layer": idx, "values": numbers(np.ravel(output))}
                        for idx, output in enumerate(outputs) if np.size(output) <= 1000],
            "of_logit": numbers(np.ravel(gradient(model.layers, x, label, True))),
            "of_probability": numbers(np.ravel(gradient(model.layers, x, label, False))),
            "maps": maps,
            "occlusion": occlusion(model.layers, x, label, 4, 3, 0.0),
        }, arrays)


def doubles(array):
    return [float(value) for value in np.ravel(array)]


def make_embeddings():
    from scipy.spatial.distance import squareform
    from sklearn.decomposition import PCA
    from sklearn.manifold import _t_sne
    from sklearn.metrics import pairwise_distances

    for name, count, dims, perplexity in [("embedding_tall", 40, 6, 8.0), ("embedding_wide", 12, 30, 3.0)]:
        random = rng(name)
        centers = random.standard_normal([3, dims]) * 2
        rows = (centers[np.arange(count) % 3] + random.standard_normal([count, dims])).astype("float32")
        pca = PCA(n_components=2).fit(rows.astype("float64"))
        points = pca.transform(rows.astype("float64"))
        distances = pairwise_distances(rows.astype("float64"), squared=True)
        p = _t_sne._joint_probabilities(distances, perplexity, 0)
        y = random.standard_normal([count, 2])
        kl, grad = _t_sne._kl_divergence(y.ravel(), p, 1, count, 2)
        begin = points / np.std(points[:, 0]) * 1e-4
        # TSNE._tsne's two phases; with its usual rate a change of 1e-9 grows to the size of the picture in 20 iterations
        rate, iterations, objective = 0.05, 300, _t_sne._kl_divergence
        descent = {"learning_rate": rate, "min_grad_norm": 1e-7, "kwargs": {}}
        laid, _, last = _t_sne._gradient_descent(
            objective, begin.ravel().copy(), 0, 250, momentum=0.5, n_iter_without_progress=250,
            args=[p * 12, 1, count, 2], **descent)
        laid, laid_kl, _ = _t_sne._gradient_descent(
            objective, laid, last + 1, iterations, momentum=0.8, args=[p, 1, count, 2], **descent)
        write(name, {
            "kind": "embedding",
            "tolerance": EMBEDDED,
            "rows": flat(rows),
            "components": doubles(pca.components_),
            "variances": doubles(pca.explained_variance_),
            "ratios": doubles(pca.explained_variance_ratio_),
            "points": doubles(points),
            "perplexity": perplexity,
            "joint": doubles(squareform(p)),
            "y": doubles(y),
            "kl": float(kl),
            "grad": doubles(grad),
            "begin": doubles(begin),
            "descent": {"learning_rate": rate, "iterations": iterations, "points": doubles(laid), "kl": float(laid_kl)},
        })


def make():
    make_probes()
    make_embeddings()
