import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(12, 10, 3)),
    layers.ZeroPadding2D(padding=((1, 2), (0, 3))),
    layers.Conv2D(
        6,
        (3, 2),
        strides=(2, 1),
        padding="same",
        groups=3,
        activation="elu",
        use_bias=False,
        kernel_initializer="he_normal",
    ),
    layers.Conv2D(
        4,
        (3, 3),
        dilation_rate=(2, 1),
        kernel_regularizer=keras.regularizers.L1L2(l1=0.0001, l2=0.001),
        activity_regularizer="l1",
        bias_constraint="non_neg",
        trainable=False,
    ),
    layers.DepthwiseConv2D((2, 2), depth_multiplier=2, activation="relu"),
    layers.SeparableConv2D(
        5,
        (2, 2),
        padding="same",
        depth_multiplier=3,
        depthwise_regularizer="l2",
        pointwise_constraint=keras.constraints.UnitNorm(axis=[0, 1, 2]),
    ),
    layers.MaxPooling2D(pool_size=(2, 1), strides=(1, 1), padding="same"),
    layers.AveragePooling2D((2, 2)),
    layers.GlobalAveragePooling2D(keepdims=True),
])
