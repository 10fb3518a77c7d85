import keras
from keras import layers

model = keras.Sequential([
    keras.Input(shape=(12, 10, 3)),
    layers.BatchNormalization(
        momentum=0.9,
        epsilon=1e-05,
        scale=False,
        moving_mean_initializer="ones",
        beta_regularizer=keras.regularizers.L2(l2=0.1),
    ),
    layers.BatchNormalization(axis=2, trainable=False),
    layers.LayerNormalization(axis=[2, 3], center=False),
    layers.LayerNormalization(epsilon=1e-06),
    layers.Dropout(0.25, noise_shape=(None, 1, 1, 3)),
    layers.SpatialDropout2D(0.125),
    layers.GaussianNoise(0.1, seed=7),
    layers.ActivityRegularization(l1=0.01),
    layers.GlobalMaxPooling2D(),
])
