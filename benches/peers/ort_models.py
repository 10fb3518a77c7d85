"""Writes the graphs that onnxruntime-web trains and infers with, which no browser can make itself.

For each workload a folder FOLDER/W1, W2, W3 with training_model.onnx, eval_model.onnx,
optimizer_model.onnx and checkpoint, and inference.onnx, which ends in softmax.

    python ort_models.py FOLDER
"""

import sys
import types
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# The package's own __init__ imports torch, for parts that are not needed here.
package = types.ModuleType("onnxruntime.training")
package.__path__ = [str(Path(onnxruntime.__path__[0]) / "training")]
sys.modules[package.__name__] = package

from onnxruntime.training import artifacts  # noqa: E402

# filters, size, padding
CONVOLUTIONS = {"W1": [], "W2": [(32, 3, 0), (64, 3, 0)], "W3": [(6, 5, 2), (16, 5, 0)]}
UNITS = {"W1": [128, 10], "W2": [128, 10], "W3": [120, 84, 10]}
IR_VERSION, OPSET = 9, 15


class Graph:
    """A chain of nodes; images are [n, 1, 28, 28], as ONNX has them."""

    def __init__(self, rng):
        self.rng, self.nodes, self.weights, self.last = rng, [], [], "input"

    def add(self, kind, *parameters, **attributes):
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, *parameters], [output], **attributes))
        self.last = output

    def weight(self, extents, fan_in, fan_out):
        """Glorot uniform, or zeros for a bias."""
        limit = np.sqrt(6 / (fan_in + fan_out)) if len(extents) > 1 else 0
        name = f"weight_{len(self.weights)}"
        values = self.rng.uniform(-limit, limit, extents).astype(np.float32)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def model(self):
        inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 1, 28, 28])]
        outputs = [helper.make_tensor_value_info(self.last, TensorProto.FLOAT, ["n", 10])]
        graph = helper.make_graph(self.nodes, "workload", inputs, outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model


def build(workload, ends_in_softmax):
    graph = Graph(np.random.default_rng(1))
    channels, extent = 1, 28
    for filters, size, padding in CONVOLUTIONS[workload]:
        window = size * size
        kernel = graph.weight([filters, channels, size, size], channels * window, filters * window)
        bias = graph.weight([filters], channels * window, filters)
        graph.add("Conv", kernel, bias, kernel_shape=[size, size], pads=[padding] * 4)
        graph.add("Relu")
        graph.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        channels, extent = filters, (extent + 2 * padding - size + 1) // 2
    graph.add("Flatten")
    inputs = channels * extent * extent
    for units in UNITS[workload]:
        kernel = graph.weight([inputs, units], inputs, units)
        graph.add("Gemm", kernel, graph.weight([units], inputs, units))
        inputs = units
        if units != 10:
            graph.add("Relu")
    if ends_in_softmax:
        graph.add("Softmax", axis=1)
    return graph.model()


def main(folder):
    for workload in UNITS:
        into = Path(folder) / workload
        into.mkdir(parents=True, exist_ok=True)
        model = build(workload, ends_in_softmax=False)
        artifacts.generate_artifacts(
            model,
            requires_grad=[weight.name for weight in model.graph.initializer],
            loss=artifacts.LossType.CrossEntropyLoss,
            optimizer=artifacts.OptimType.AdamW,
            artifact_directory=str(into),
        )
        onnx.save(build(workload, ends_in_softmax=True), str(into / "inference.onnx"))


if __name__ == "__main__":
    main(sys.argv[1])
