"""Keras's signatures, one call a line, as `src/formats/keras_code/signatures.txt` has them.

Only what the engine has, or what is said of it, is listed: classes by the module they are taken from.
"""

import inspect

import keras

CLASSES = {
    "layers": """Dense Conv2D DepthwiseConv2D SeparableConv2D MaxPooling2D AveragePooling2D GlobalMaxPooling2D
        GlobalAveragePooling2D ZeroPadding2D Flatten Reshape Activation Softmax ReLU LeakyReLU PReLU ELU
        ActivityRegularization Dropout SpatialDropout2D GaussianNoise BatchNormalization LayerNormalization
        RandomTranslation RandomRotation RandomZoom RandomFlip Rescaling InputLayer""",
    "optimizers": "SGD RMSprop Adagrad Nadam AdamW Adam",
    "optimizers.schedules": """ExponentialDecay CosineDecay CosineDecayRestarts PiecewiseConstantDecay
        PolynomialDecay InverseTimeDecay""",
    "losses": """CategoricalCrossentropy SparseCategoricalCrossentropy BinaryCrossentropy KLDivergence
        MeanSquaredError MeanAbsoluteError Huber MeanAbsolutePercentageError MeanSquaredLogarithmicError LogCosh
        Hinge SquaredHinge CategoricalHinge CosineSimilarity Poisson""",
    "metrics": """Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy
        SparseTopKCategoricalAccuracy Precision Recall F1Score FBetaScore AUC MeanSquaredError
        RootMeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError
        CosineSimilarity LogCoshError Hinge SquaredHinge CategoricalHinge KLDivergence Poisson
        CategoricalCrossentropy BinaryCrossentropy SparseCategoricalCrossentropy""",
    "callbacks": """EarlyStopping ReduceLROnPlateau ModelCheckpoint TensorBoard CSVLogger LearningRateScheduler
        TerminateOnNaN BackupAndRestore History ProgbarLogger""",
    "initializers": """Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotUniform
        GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal Identity""",
    "regularizers": "L1 L2 L1L2 OrthogonalRegularizer",
    "constraints": "MaxNorm NonNeg UnitNorm MinMaxNorm",
}
CALLS = {"Sequential": keras.Sequential.__init__, "Input": keras.Input, "compile": keras.Model.compile,
         "fit": keras.Model.fit}


def written(name, call):
    """`layers.Dense(units, activation=None)`"""
    parameters = []
    for parameter in inspect.signature(call).parameters.values():
        if parameter.name == "self" or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        given = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parameters.append(parameter.name + given)
    return f"{name}({', '.join(parameters)})"


def signatures():
    lines = [written(name, call) for name, call in CALLS.items()]
    for module, names in CLASSES.items():
        found = keras
        for part in module.split("."):
            found = getattr(found, part)
        lines += [written(f"{module}.{name}", getattr(found, name)) for name in names.split()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(signatures(), end="")
