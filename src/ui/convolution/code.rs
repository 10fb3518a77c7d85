//! The same layer as CSV and as a Python program, in Keras and in plain NumPy.

use super::{Axis, Computed, LayerSetup, PadChoice};
use crate::engine::layers::Activation;
use crate::ui::python::{array, boolean, pair};
use std::fmt::Write as _;

/// One line per number: the input, the kernels, the bias, and of every output map the sums and what the
/// activation makes of them. Filters, channels, rows and columns count from 1.
pub fn to_csv(computed: &Computed) -> String {
    let setup = &computed.setup;
    let [_, width, depth] = setup.shape;
    let mut out = String::from("array,filter,channel,row,column,value\n");
    // Writing to a String cannot fail.
    for (idx, value) in computed.image.iter().enumerate() {
        let (cell, channel) = (idx / depth, idx % depth + 1);
        let _ = writeln!(out, "input,,{channel},{},{},{value}", cell / width + 1, cell % width + 1);
    }
    for (output, filter) in setup.filters.iter().enumerate() {
        let channels = setup.layer.channels_of(output, depth);
        for (idx, value) in filter.weights.iter().enumerate() {
            let (cell, channel) = (idx / filter.depth, channels.start + idx % filter.depth + 1);
            let (row, col) = (cell / filter.size[1] + 1, cell % filter.size[1] + 1);
            let _ = writeln!(out, "kernel,{},{channel},{row},{col},{value}", output + 1);
        }
    }
    if setup.layer.use_bias {
        for (output, value) in setup.bias.iter().enumerate() {
            let _ = writeln!(out, "bias,{},,,,{value}", output + 1);
        }
    }
    let Ok(maps) = &computed.maps else { return out };
    let (cols, outputs) = (computed.output()[1], computed.outputs());
    for (array, values) in [("sum", &maps.sums), ("output", &maps.values)] {
        for (idx, value) in values.iter().enumerate() {
            let (cell, filter) = (idx / outputs, idx % outputs + 1);
            let _ = writeln!(out, "{array},{filter},,{},{},{value}", cell / cols + 1, cell % cols + 1);
        }
    }
    out
}

/// A program that computes every output map in Keras and in NumPy and compares them. Where Keras refuses
/// the settings, the program asks it and prints what it says.
pub fn to_python(computed: &Computed) -> String {
    let setup = &computed.setup;
    let layer = &setup.layer;
    let [height, width, depth] = setup.shape;
    let image = array(&computed.image);
    let [kernel_rows, kernel_cols] = layer.kernel_size;
    let (filters, each) = (setup.filters.len(), layer.filter_depth(depth));
    let weights: Vec<f32> = setup.filters.iter().flat_map(|filter| filter.weights.iter().copied()).collect();
    let kernels = array(&weights);
    let mut head = format!(
        "import keras\nimport numpy as np\n\n\
         image = {image}.reshape({height}, {width}, {depth})\n\
         # One kernel for each output map: rows, columns, channels\n\
         kernels = {kernels}.reshape({filters}, {kernel_rows}, {kernel_cols}, {each})\n"
    );
    if setup.flip {
        head.push_str(
            "# A convolution turns its kernel by half a turn; Keras lays it on as it is\n\
             kernels = kernels[:, ::-1, ::-1]\n",
        );
    }
    if layer.use_bias {
        let _ = writeln!(head, "bias = {}", array(&setup.bias));
    }
    if let Err(problem) = &computed.maps {
        let model = keras_model(layer, setup.shape, None);
        let model = model.trim_end().replace('\n', "\n    ");
        return format!(
            "{head}\n# Keras refuses these settings: {problem}\ntry:\n    {model}\n\
             except ValueError as error:\n    print(error)\n"
        );
    }
    let [oh, ow] = computed.output();
    let border = border(computed.axes);
    let keras = keras_program(computed, &border);
    let by_hand = by_hand(computed, &border, [oh, ow]);
    let erf = if layer.activation == Activation::Gelu {
        head.insert_str(0, "import math\n\n");
        "erf = np.vectorize(math.erf)\n"
    } else {
        ""
    };
    format!(
        "{head}\n# Keras\n{keras}\n\
         # The same in NumPy: the sum of products under the window at every position\n\
         {erf}{by_hand}\n\
         # Both round, by a small part of the largest sum there can be\n\
         largest = np.abs(image).max() * np.abs(kernels).sum(axis=(1, 2, 3)).max()\n\
         np.testing.assert_allclose(maps, keras_maps, rtol=1e-4, atol=1e-6 * (1 + largest))\n\
         print(maps.shape)\nprint(maps[..., 0])\n"
    )
}

/// Zeros around the image, as `((above, below), (left, right))`.
fn border(axes: [Axis; 2]) -> String {
    let [rows, cols] = axes.map(|axis| pair([axis.before(), axis.after()]));
    format!("({rows}, {cols})")
}

/// Model, weights and maps. Without oneDNN, TensorFlow's depthwise convolution has one stride for both axes.
fn keras_program(computed: &Computed, border: &str) -> String {
    let setup = &computed.setup;
    let layer = &setup.layer;
    let [down, across] = layer.strides;
    let is_thinned = layer.depthwise && down != across && layer.dilation_rate == [1, 1];
    let remark = if is_thinned {
        "# Not every TensorFlow has a depthwise convolution with two strides: every position is computed\n\
         # here, and those that the window skips are left out\n"
    } else {
        ""
    };
    let model = keras_model(layer, setup.shape, is_thinned.then_some(border));
    let [rows, cols] = layer.kernel_size;
    let (depth, multiplier) = (setup.shape[2], layer.filters);
    let kernels = if layer.depthwise {
        format!("kernels.reshape({depth}, {multiplier}, {rows}, {cols}).transpose(2, 3, 0, 1)")
    } else {
        "kernels.transpose(1, 2, 3, 0)".into()
    };
    let bias = if layer.use_bias { ", bias" } else { "" };
    let left_out = if is_thinned { format!(", ::{down}, ::{across}") } else { String::new() };
    format!(
        "{remark}{model}model.layers[-1].set_weights([{kernels}{bias}])\n\
         keras_maps = keras.ops.convert_to_numpy(model(image[None]))[0{left_out}]\n"
    )
}

/// The model. With `border` its padding is given in full, and the window stops everywhere.
fn keras_model(layer: &LayerSetup, [height, width, depth]: [usize; 3], border: Option<&str>) -> String {
    let mut out = format!("model = keras.Sequential([\n    keras.Input(({height}, {width}, {depth})),\n");
    let zeros = match (border, layer.padding) {
        (Some(border), _) => Some(border.to_owned()),
        (None, PadChoice::Cells(cells)) => Some(cells.to_string()),
        (None, PadChoice::Valid | PadChoice::Same) => None,
    };
    if let Some(zeros) = &zeros {
        let _ = writeln!(out, "    keras.layers.ZeroPadding2D({zeros}),");
    }
    let padding = if zeros.is_none() && layer.padding == PadChoice::Same { "same" } else { "valid" };
    let strides = pair(if border.is_some() { [1, 1] } else { layer.strides });
    let size = pair(layer.kernel_size);
    let dilation = pair(layer.dilation_rate);
    let (activation, use_bias) = (layer.activation.name(), boolean(layer.use_bias));
    let own = if layer.depthwise {
        format!("DepthwiseConv2D({size}, depth_multiplier={}", layer.filters)
    } else {
        format!("Conv2D({}, {size}, groups={}", layer.filters, layer.groups)
    };
    let _ = writeln!(
        out,
        "    keras.layers.{own}, strides={strides}, padding=\"{padding}\",\n        \
         dilation_rate={dilation}, activation=\"{activation}\", use_bias={use_bias}),\n])"
    );
    out
}

fn by_hand(computed: &Computed, border: &str, [oh, ow]: [usize; 2]) -> String {
    let setup = &computed.setup;
    let layer = &setup.layer;
    let filters = setup.filters.len();
    let [row_step, col_step] = layer.strides;
    let [rows, cols] = computed.axes.map(Axis::effective);
    let [down, across] = layer.dilation_rate;
    let each = layer.filter_depth(setup.shape[2]);
    // The channels of map k, as Computed's `channels_of` counts them.
    let first = if layer.depthwise {
        format!("k // {}", layer.filters)
    } else if layer.groups == 1 {
        "0".into()
    } else {
        format!("k // {} * {each}", layer.filters / layer.groups)
    };
    let bias = if layer.use_bias { " + bias[k]" } else { "" };
    let activated = match numpy_of(layer.activation) {
        Some(expression) => format!("x = maps\nmaps = {expression}\n"),
        None => String::new(),
    };
    format!(
        "padded = np.pad(image, (*{border}, (0, 0)))\n\
         maps = np.empty(({oh}, {ow}, {filters}), dtype=\"float32\")\n\
         for i, j, k in np.ndindex(maps.shape):\n    \
             top, left, first = i * {row_step}, j * {col_step}, {first}\n    \
             window = padded[top:top + {rows}:{down}, left:left + {cols}:{across}, first:first + {each}]\n    \
             maps[i, j, k] = np.sum(window * kernels[k]){bias}\n\
         {activated}"
    )
}

/// The activation of `x` in NumPy; nothing for the value itself.
fn numpy_of(activation: Activation) -> Option<&'static str> {
    Some(match activation {
        Activation::Linear => return None,
        Activation::Relu => "np.maximum(x, 0)",
        Activation::Sigmoid => "1 / (1 + np.exp(-x))",
        Activation::Tanh => "np.tanh(x)",
        Activation::Softmax => {
            "np.exp(x - x.max(axis=-1, keepdims=True))\nmaps /= maps.sum(axis=-1, keepdims=True)"
        }
        Activation::LogSoftmax => {
            "x - x.max(axis=-1, keepdims=True)\n\
             maps -= np.log(np.exp(maps).sum(axis=-1, keepdims=True))"
        }
        Activation::LeakyRelu => "np.where(x < 0, 0.2 * x, x)",
        Activation::Relu6 => "np.clip(x, 0, 6)",
        Activation::Elu | Activation::Celu => "np.where(x < 0, np.expm1(np.minimum(x, 0)), x)",
        Activation::Selu => "1.05070098 * np.where(x < 0, 1.67326324 * np.expm1(np.minimum(x, 0)), x)",
        Activation::Gelu => "0.5 * x * (1 + erf(x / np.sqrt(2)))",
        Activation::Silu => "x / (1 + np.exp(-x))",
        Activation::HardSilu => "x * np.clip(x + 3, 0, 6) / 6",
        Activation::Softplus => "np.logaddexp(0, x)",
        Activation::Softsign => "x / (1 + np.abs(x))",
        Activation::HardSigmoid => "np.clip(x + 3, 0, 6) / 6",
        Activation::SparseSigmoid => "np.clip((x + 1) / 2, 0, 1)",
        Activation::LogSigmoid => "-np.logaddexp(0, -x)",
        Activation::HardTanh => "np.clip(x, -1, 1)",
        Activation::TanhShrink => "x - np.tanh(x)",
        Activation::SoftShrink => "np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)",
        Activation::HardShrink => "np.where(np.abs(x) <= 0.5, 0, x)",
        Activation::Squareplus => "(x + np.sqrt(x * x + 4)) / 2",
        Activation::SparsePlus => "np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x))",
        Activation::Exponential => "np.exp(x)",
        Activation::Mish => "x * np.tanh(np.logaddexp(0, x))",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::{Setup, Source};
    use std::sync::Arc;

    fn computed(edit: impl FnOnce(&mut Setup)) -> Computed {
        let mut setup = Setup { source: Source::Count, shape: [5, 4, 2], ..Setup::default() };
        setup.change(|setup| {
            setup.layer.kernel_size = [3, 3];
            edit(setup);
        });
        Computed::new(Arc::new(setup), None)
    }

    #[test]
    fn every_number_has_its_line() {
        let with_bias = computed(|setup| {
            setup.layer.filters = 2;
            setup.layer.use_bias = true;
            setup.layer.activation = Activation::Relu;
        });
        let csv = to_csv(&with_bias);
        // 40 pixels, 2 kernels of 18 weights, 2 biases, 2 maps of 6 cells twice, and the head.
        assert_eq!(csv.lines().count(), 40 + 36 + 2 + 24 + 1);
        assert!(csv.contains("\ninput,,2,1,1,2\n") && csv.contains("\nbias,2,,,,0\n"));
        let depthwise = computed(|setup| setup.layer.depthwise = true);
        assert!(to_csv(&depthwise).contains("\nkernel,2,2,1,1,"), "filter 2 looks at channel 2");
    }

    #[test]
    fn arguments_are_written_by_keras_names() {
        let python = to_python(&computed(|setup| {
            setup.layer.padding = PadChoice::Cells(2);
            setup.layer.strides = [1, 2];
            setup.layer.activation = Activation::Relu;
        }));
        for part in [
            "    keras.layers.ZeroPadding2D(2),\n",
            "keras.layers.Conv2D(1, (3, 3), groups=1, strides=(1, 2), padding=\"valid\",",
            "padded = np.pad(image, (*((2, 2), (2, 2)), (0, 0)))",
            "maps = np.maximum(x, 0)",
        ] {
            assert!(python.contains(part), "{part} in {python}");
        }
    }

    #[test]
    fn what_keras_refuses_is_asked_and_not_compared() {
        let python = to_python(&computed(|setup| setup.layer.kernel_size = [7, 7]));
        assert!(python.contains("# Keras refuses these settings: ") && python.contains("except ValueError"));
        assert!(!python.contains("assert_allclose"));
    }
}
