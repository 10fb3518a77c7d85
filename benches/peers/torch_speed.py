"""Native PyTorch on one thread: images per CPU second on the three workloads.

    python torch_speed.py ROUNDS SECONDS FILE
"""

import os
import sys

os.environ.update(CUDA_VISIBLE_DEVICES="")

import torch
from torch import nn
from turns import turn, write

BATCH, IMAGES, WARM_UP = 64, 9_984, 40
CONVOLUTIONS = {"W1": [], "W2": [(32, 3, "valid"), (64, 3, "valid")], "W3": [(6, 5, "same"), (16, 5, "valid")]}
UNITS = {"W1": [128], "W2": [128], "W3": [120, 84]}


def build(workload):
    layers, channels, size = [], 1, 28
    for filters, kernel, padding in CONVOLUTIONS[workload]:
        layers += [nn.Conv2d(channels, filters, kernel, padding=padding), nn.ReLU(), nn.MaxPool2d(2)]
        size = (size if padding == "same" else size - kernel + 1) // 2
        channels = filters
    layers.append(nn.Flatten())
    inputs = channels * size * size
    for units in UNITS[workload]:
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    layers.append(nn.Linear(inputs, 10))
    # Convolutions are fastest with channels last, and Adam as one pass over the parameters.
    model = nn.Sequential(*layers).to(memory_format=torch.channels_last)
    return model, torch.optim.Adam(model.parameters(), fused=True)


def measure(workload, rounds, seconds):
    generator = torch.Generator().manual_seed(1)
    x = torch.randint(0, 256, (IMAGES, 1, 28, 28), generator=generator) / 255
    x = x.to(memory_format=torch.channels_last)
    y = torch.randint(0, 10, (IMAGES,), generator=generator)
    model, optimizer = build(workload)
    batch = 0

    def train():
        nonlocal batch
        begin = batch * BATCH % IMAGES
        batch += 1
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[begin : begin + BATCH]), y[begin : begin + BATCH])
        loss.backward()
        optimizer.step()
        loss.item()
        return BATCH

    @torch.inference_mode()
    def infer():
        for begin in range(0, IMAGES // 4, BATCH):
            model(x[begin : begin + BATCH]).softmax(1)
        return IMAGES // 4

    @torch.inference_mode()
    def infer_one():
        model(x[:1]).softmax(1)
        return 1

    for kind, work in {"training": train, "inference": infer, "one image": infer_one}.items():
        for _ in range(WARM_UP if kind != "inference" else 3):
            work()
        turns = [turn(work, seconds) for _ in range(rounds)]
        print(f"bench: PyTorch, {workload} {kind}", file=sys.stderr)
        yield {"workload": workload, "kind": kind, "contestant": "torch", "workers": 1, "rounds": turns}


def main(rounds, seconds, file):
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    rows = [row for workload in UNITS for row in measure(workload, int(rounds), float(seconds))]
    write(file, "torch", "PyTorch", f"{torch.__version__}, native, one thread", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
