"""Writes scores.json: what scikit-learn, SciPy and statsmodels say of answers that follow from a formula.

tests/golden/scores.rs reads the answers from the file and must come to the same scores.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels
from sklearn.calibration import calibration_curve
from sklearn.metrics import classification_report, confusion_matrix, precision_recall_fscore_support
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint


def report(classes, labels, predicted):
    """Each class that occurs by its number, and both means; checked against the long form."""
    each = precision_recall_fscore_support(labels, predicted, zero_division=0)
    whole = classification_report(labels, predicted, output_dict=True, zero_division=0)
    occur = sorted(set(labels) | set(predicted))
    for idx, label in enumerate(occur):
        row = whole[str(label)]
        assert [row["precision"], row["recall"], row["f1-score"], row["support"]] == [float(v[idx]) for v in each]
    mean = lambda name: [whole[name][key] for key in ("precision", "recall", "f1-score")]
    every = list(range(classes))
    share = lambda way: confusion_matrix(labels, predicted, labels=every, normalize=way).tolist()
    return {
        "num_classes": classes, "labels": labels, "predicted": predicted,
        "classes": {str(label): [float(v[idx]) for v in each] for idx, label in enumerate(occur)},
        "macro": mean("macro avg"), "weighted": mean("weighted avg"),
        "accuracy": float(np.mean(np.array(labels) == np.array(predicted))),
        "rows": share("true"), "columns": share("pred"),
    }


def drawn(seed, classes, size, right):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, size)
    others = random.integers(0, classes, size)
    return labels.tolist(), np.where(random.random(size) < right, labels, others).tolist()


REPORTS = [
    report(10, *drawn(1, 10, 400, 0.8)),
    report(10, *drawn(2, 10, 25, 0.5)),                      # small supports, some of them 0
    report(3, [0, 0, 1, 1], [0, 0, 0, 0]),                   # a class never predicted, one that never occurs
    report(4, [0, 1, 1], [2, 2, 1]),                         # a class predicted and never true
    report(2, [0, 1, 0, 1], [1, 0, 1, 0]),                   # nothing right
    report(5, [4, 4, 4], [4, 4, 4]),                         # one class alone, all right
]


def calibration(bins, probabilities, right):
    right, probabilities = np.array(right), np.array(probabilities)
    true, mean = calibration_curve(right, probabilities, n_bins=bins, strategy="uniform")
    # calibration_curve does not give the counts; its own way of putting values into bins does
    edges = np.linspace(0.0, 1.0, bins + 1)
    counts = np.bincount(np.searchsorted(edges[1:-1], probabilities), minlength=bins)
    used = counts[counts > 0]
    return {
        "bins": bins, "probabilities": probabilities.tolist(), "right": right.tolist(),
        "accuracy": true.tolist(), "mean_probability": mean.tolist(), "counts": counts.tolist(),
        "expected_error": float(np.sum(used / len(right) * np.abs(true - mean))),
    }


def sure(seed, size, bins, low=0.1):
    random = np.random.default_rng(seed)
    # single precision, as networks give them
    probabilities = np.float64(np.float32(low + (1 - low) * random.random(size) ** 0.3))
    return calibration(bins, probabilities, (random.random(size) < probabilities ** 1.5).astype(int))


TIES = [edge / 10 for edge in range(11)] + [0.1 * 3, 0.1 * 6, 0.1 * 7, 1 / 3, 2 / 3]
CALIBRATIONS = [
    sure(3, 500, 10), sure(3, 500, 15), sure(4, 300, 2), sure(5, 200, 50), sure(6, 40, 7, 0.6), sure(7, 9, 1),
    calibration(10, TIES, [idx % 2 for idx in range(len(TIES))]),
    calibration(3, TIES, [int(idx % 3 > 0) for idx in range(len(TIES))]),
    calibration(5, [0.99, 0.98, 1.0], [1, 1, 1]),            # empty bins, all right
]


def paired(b, c, both=50, neither=7):
    exact = b + c < 25
    found = mcnemar([[both, b], [c, neither]], exact=exact, correction=True)
    return {"only_first": b, "only_second": c, "exact": exact, "statistic": float(found.statistic),
            "p_value": float(found.pvalue)}


PAIRS = [paired(b, c) for b, c in [(0, 0), (0, 1), (1, 1), (0, 5), (3, 8), (12, 12), (7, 17), (24, 0), (1, 23),
                                   (13, 12), (25, 0), (0, 25), (20, 20), (40, 11), (130, 170), (900, 600),
                                   (5000, 0), (3, 400)]]
INTERVALS = [{"right": right, "total": total,
              "ends": [float(np.clip(end, 0, 1)) for end in proportion_confint(right, total, method="wilson")]}
             for right, total in [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (95, 100), (971, 1000), (9_812, 10_000),
                                  (9_999, 10_000), (10_000, 10_000), (5_000, 10_000)]]

made_with = f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}"
found = {"made_with": made_with, "reports": REPORTS, "calibrations": CALIBRATIONS, "pairs": PAIRS,
         "intervals": INTERVALS}
Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
