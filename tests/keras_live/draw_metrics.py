"""Random metrics for each kind of target."""

MEANS = ["mse", "MAE", "mape", "cosine_similarity", {"RootMeanSquaredError": {}}, {"LogCoshError": {}},
         {"MeanSquaredError": {"name": "squares"}}, {"MeanAbsoluteError": {}}]
SCORES = [{"Precision": {}}, {"Precision": {"class_id": 1, "top_k": 1}}, {"Precision": {"thresholds": [0.2, 0.5]}},
          {"Recall": {"thresholds": 0.3}}, {"Recall": {"top_k": 1}}, {"Recall": {"class_id": 0}}, "Precision", "AUC",
          {"AUC": {}}, {"AUC": {"curve": "PR"}}, {"AUC": {"num_thresholds": 20}},
          {"AUC": {"num_thresholds": 30, "summation_method": "minoring"}}, {"AUC": {"summation_method": "majoring"}},
          {"AUC": {"multi_label": True, "num_thresholds": 50}}]
F_SCORES = [{"F1Score": {"average": average}} for average in ("macro", "micro", "weighted")] + [
    {"F1Score": {"average": "weighted", "threshold": 0.4}}, {"FBetaScore": {"average": "macro", "beta": 2.0}},
    {"FBetaScore": {"average": "micro", "beta": 0.5, "threshold": 0.3}}]
METRICS = {
    "one_hot": ["accuracy", "acc", "categorical_accuracy", "top_k_categorical_accuracy", "categorical_crossentropy",
                {"TopKCategoricalAccuracy": {"k": 2}}, {"CategoricalCrossentropy": {"label_smoothing": 0.1}},
                "kl_divergence", "categorical_hinge", {"Hinge": {}}, "poisson", *MEANS, *SCORES, *F_SCORES],
    "classes": ["accuracy", "acc", "sparse_categorical_accuracy", "sparse_categorical_crossentropy",
                {"SparseTopKCategoricalAccuracy": {"k": 2}}, {"SparseCategoricalAccuracy": {"name": "right"}}],
    "bits": ["accuracy", "binary_accuracy", {"BinaryAccuracy": {"threshold": 0.4}}, "binary_crossentropy", "bce",
             {"BinaryCrossentropy": {"label_smoothing": 0.2}}, "hinge", "squared_hinge", *MEANS, *SCORES],
    "shares": ["accuracy", "kl_divergence", {"KLDivergence": {}}, *MEANS],
    "values": [*MEANS, "mean_squared_error", "accuracy"],
}


def of_size(kind, size):
    """Metrics whose arguments depend on the number of classes."""
    if kind == "classes":
        return [{"SparseTopKCategoricalAccuracy": {"k": 1, "from_sorted_ids": True}},
                {"SparseCategoricalCrossentropy": {"axis": 1}}]
    if kind != "one_hot":
        return []
    label_weights = [0.5, 2.0] + [1.0] * (size - 2)
    return [{"AUC": {"thresholds": [0.1, 0.15, 0.5]}}, {"AUC": {"label_weights": label_weights}},
            {"AUC": {"multi_label": True, "num_labels": size, "label_weights": label_weights}},
            {"CategoricalCrossentropy": {"axis": 1}}]


def metrics(random, targets, may_weight):
    """metrics and weighted_metrics of compile."""
    kind, size = targets
    known = [one for one in METRICS[kind] + of_size(kind, size) if fits(one, kind, size)]
    chosen = {"metrics": random.sample(known, random.randint(0, min(3, len(known))))}
    if may_weight and random.random() < 0.2:
        chosen["weighted_metrics"] = random.sample(known, 1)
    return chosen


def fits(metric, kind, size):
    """Whether Keras takes it there."""
    name, arguments = next(iter(metric.items())) if isinstance(metric, dict) else (metric, {})
    if kind == "values" and name == "accuracy":
        return False  # the class of a number: whichever of two near ones is larger
    if "class_id" in arguments or "top_k" in arguments or arguments.get("multi_label"):
        return size > 1
    return True
