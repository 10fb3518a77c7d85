//! [`Class`]: modules that torch lacks, in Python.

/// A small module of the program's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Permute,
    AveragePooling,
    BatchNormalization,
    LayerNormalization,
    Softmax,
    Relu,
    Prelu,
    Exponential,
    SparsePlus,
    SparseSigmoid,
    Squareplus,
    Dropout,
    GaussianNoise,
}

impl Class {
    #[cfg(test)]
    pub const ALL: [Self; 13] = [
        Self::Permute,
        Self::AveragePooling,
        Self::BatchNormalization,
        Self::LayerNormalization,
        Self::Softmax,
        Self::Relu,
        Self::Prelu,
        Self::Exponential,
        Self::SparsePlus,
        Self::SparseSigmoid,
        Self::Squareplus,
        Self::Dropout,
        Self::GaussianNoise,
    ];

    pub fn name(self) -> &'static str {
        let rest = self.source().split_once("class ").map_or("", |(_, rest)| rest);
        rest.split_once('(').map_or(rest, |(name, _)| name)
    }

    pub fn source(self) -> &'static str {
        match self {
            Self::Permute => PERMUTE,
            Self::AveragePooling => AVERAGE_POOLING,
            Self::BatchNormalization => BATCH_NORMALIZATION,
            Self::LayerNormalization => LAYER_NORMALIZATION,
            Self::Softmax => SOFTMAX,
            Self::Relu => RELU,
            Self::Prelu => PRELU,
            Self::Exponential => EXPONENTIAL,
            Self::SparsePlus => SPARSE_PLUS,
            Self::SparseSigmoid => SPARSE_SIGMOID,
            Self::Squareplus => SQUAREPLUS,
            Self::Dropout => DROPOUT,
            Self::GaussianNoise => GAUSSIAN_NOISE,
        }
    }
}

const PERMUTE: &str = r#"class Permute(nn.Module):
    """Puts the axes into another order."""

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        return x.permute(self.axes)
"#;

const AVERAGE_POOLING: &str = r#"class AveragePooling(nn.Module):
    """Means over the cells of a window that lie inside the image.

    padding is (left, right, top, bottom); AvgPool2d knows no border that differs.
    """

    def __init__(self, kernel_size, stride, padding):
        super().__init__()
        self.pool = nn.AvgPool2d(kernel_size, stride)
        self.padding = padding

    def forward(self, x):
        inside = F.pad(torch.ones_like(x[:1, :1]), self.padding)
        return self.pool(F.pad(x, self.padding)) / self.pool(inside)
"#;

const BATCH_NORMALIZATION: &str = r#"class BatchNormalization(nn.BatchNorm1d):
    """Batch normalization along any axis."""

    def __init__(self, num_features, axis, eps, momentum):
        super().__init__(num_features, eps=eps, momentum=momentum)
        self.axis = axis

    def forward(self, x):
        moved = x.movedim(self.axis, 1)
        return super().forward(moved.flatten(2)).reshape(moved.shape).movedim(1, self.axis)
"#;

const LAYER_NORMALIZATION: &str = r#"class LayerNormalization(nn.Module):
    """Layer normalization over any axes; with rms the mean is left in."""

    def __init__(self, shape, axes, eps, rms=False):
        super().__init__()
        self.axes, self.eps, self.rms = axes, eps, rms
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        variance = x.var(self.axes, unbiased=False, keepdim=True)
        centered = x if self.rms else x - x.mean(self.axes, keepdim=True)
        return centered / torch.sqrt(variance + self.eps) * self.weight + self.bias
"#;

const SOFTMAX: &str = r#"class Softmax(nn.Module):
    """Softmax over several axes at once."""

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        powers = torch.exp(x - x.amax(self.axes, keepdim=True))
        return powers / powers.sum(self.axes, keepdim=True)
"#;

const RELU: &str = r#"class Relu(nn.Module):
    """Keras's ReLU with all its arguments."""

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0):
        super().__init__()
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def forward(self, x):
        above = x if self.max_value is None else x.clamp(max=self.max_value)
        return torch.where(x > self.threshold, above, self.negative_slope * (x - self.threshold))
"#;

const PRELU: &str = r#"class Prelu(nn.Module):
    """PReLU whose slopes are shared along the axes of extent 1."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)
"#;

const EXPONENTIAL: &str = r#"class Exponential(nn.Module):
    """e^x"""

    def forward(self, x):
        return torch.exp(x)
"#;

const SPARSE_PLUS: &str = r#"class SparsePlus(nn.Module):
    """x, 0 up to -1, and (x + 1)²/4 between -1 and 1."""

    def forward(self, x):
        return (x.clamp(-1, 1) + 1) ** 2 / 4 + torch.relu(x - 1)
"#;

const SPARSE_SIGMOID: &str = r#"class SparseSigmoid(nn.Module):
    """(x + 1)/2, at least 0 and at most 1."""

    def forward(self, x):
        return ((x + 1) / 2).clamp(0, 1)
"#;

const SQUAREPLUS: &str = r#"class Squareplus(nn.Module):
    """(x + √(x² + 4))/2"""

    def forward(self, x):
        return (x + torch.sqrt(x * x + 4)) / 2
"#;

const DROPOUT: &str = r#"class Dropout(nn.Module):
    """Dropout with one decision for all positions along the axes of extent 1; None is the input's extent."""

    def __init__(self, p, shape):
        super().__init__()
        self.p, self.shape = p, shape

    def forward(self, x):
        if not self.training:
            return x
        shape = [own if own else extent for own, extent in zip(self.shape, x.shape)]
        return x * F.dropout(torch.ones(shape, dtype=x.dtype, device=x.device), self.p)
"#;

const GAUSSIAN_NOISE: &str = r#"class GaussianNoise(nn.Module):
    """Adds normally distributed numbers in training."""

    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * torch.randn_like(x) if self.training else x
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_as_they_are_written() {
        let mut all = Class::ALL.to_vec();
        all.sort_unstable();
        assert_eq!(all, Class::ALL);
        for class in Class::ALL {
            assert_eq!(class.name(), format!("{class:?}"));
            assert!(class.source().lines().all(|line| line.chars().count() <= 110), "{class:?}");
        }
    }
}
