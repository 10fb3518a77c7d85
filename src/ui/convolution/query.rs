//! A [`Setup`] in the address and back, by Keras's argument names.

use super::{Filter, LayerSetup, PadChoice, Preset, Setup, Source, limit, text};
use crate::engine::layers::Activation;
use crate::ui::routes::Query;
use std::ops::RangeInclusive;

/// The address's form.
pub fn to_query(setup: &Setup) -> Query {
    let layer = &setup.layer;
    let [height, width, depth] = setup.shape;
    let pair = |[a, b]: [usize; 2]| if a == b { a.to_string() } else { format!("{a},{b}") };
    let mut query = Query::default()
        .with("input", &setup.source.to_text())
        .with("shape", &format!("{height},{width},{depth}"))
        .with("layer", &if layer.depthwise { "depthwise" } else { "conv" })
        .with("filters", &layer.filters)
        .with("kernel_size", &pair(layer.kernel_size))
        .with("strides", &pair(layer.strides))
        .with("padding", &layer.padding.name())
        .with("dilation_rate", &pair(layer.dilation_rate))
        .with("groups", &layer.groups)
        .with("activation", &layer.activation.name())
        .with("use_bias", &layer.use_bias)
        .with("flip", &setup.flip);
    if layer.use_bias {
        query = query.with("bias", &text::numbers(&setup.bias));
    }
    for (idx, filter) in setup.filters.iter().enumerate() {
        query = query.with(&kernel_name(idx), &filter.to_text());
    }
    query
}

fn kernel_name(idx: usize) -> String {
    if idx == 0 { "kernel".into() } else { format!("kernel{}", idx + 1) }
}

/// Reads the address; names of values that make no sense come second and keep their defaults.
pub fn from_query(query: &Query) -> (Setup, Vec<String>) {
    let mut setup = Setup::default();
    let mut bad = Vec::new();
    let mut read = |name: &str, accept: &mut dyn FnMut(&str) -> Option<()>| {
        if query.get(name).is_some_and(|text| accept(text).is_none()) {
            bad.push(name.to_owned());
        }
    };
    read("input", &mut |text| {
        Source::from_text(text).map(|source| {
            setup.shape = source.natural_shape();
            setup.source = source;
        })
    });
    read("shape", &mut |text| {
        let shape = numbers::<3>(text, [limit::SIDE, limit::SIDE, limit::DEPTH])?;
        setup.shape = shape;
        Some(())
    });
    let layer = &mut setup.layer;
    read("layer", &mut |text| {
        layer.depthwise = text == "depthwise";
        matches!(text, "conv" | "depthwise").then_some(())
    });
    let most = if layer.depthwise { limit::MULTIPLIER } else { limit::FILTERS };
    read("filters", &mut |text| number(text, &most).map(|number| layer.filters = number));
    read("kernel_size", &mut |text| pair(text, limit::KERNEL).map(|pair| layer.kernel_size = pair));
    read("strides", &mut |text| pair(text, limit::STRIDE).map(|pair| layer.strides = pair));
    read("padding", &mut |text| PadChoice::from_name(text).map(|padding| layer.padding = padding));
    read("dilation_rate", &mut |text| pair(text, limit::DILATION).map(|pair| layer.dilation_rate = pair));
    read("groups", &mut |text| number(text, &limit::GROUPS).map(|number| layer.groups = number));
    read("activation", &mut |text| {
        let activation = Activation::ALL.into_iter().find(|activation| activation.name() == text);
        activation.map(|activation| layer.activation = activation)
    });
    read("use_bias", &mut |text| text.parse().ok().map(|on| layer.use_bias = on));
    read("flip", &mut |text| text.parse().ok().map(|on| setup.flip = on));
    setup.fit();
    let LayerSetup { kernel_size, .. } = setup.layer;
    let (depth, outputs) = (setup.layer.filter_depth(setup.shape[2]), setup.outputs());
    if setup.layer.use_bias {
        let bias = &mut setup.bias;
        read("bias", &mut |text| text::parse_numbers(text, outputs).map(|read| *bias = read));
    }
    for idx in 0..outputs {
        let filter = &mut setup.filters[idx];
        read(&kernel_name(idx), &mut |text| {
            *filter = Filter::from_text(text, kernel_size, depth)?;
            Some(())
        });
    }
    // A kernel that could not be read gives way to the one a new filter begins with.
    for name in &bad {
        if let Some(idx) = (0..outputs).find(|idx| kernel_name(*idx) == *name) {
            setup.filters[idx] = Filter::preset(Preset::of_filter(idx), kernel_size, depth);
        }
    }
    (setup, bad)
}

fn number(text: &str, range: &RangeInclusive<usize>) -> Option<usize> {
    text.parse().ok().filter(|number| range.contains(number))
}

fn numbers<const N: usize>(text: &str, ranges: [RangeInclusive<usize>; N]) -> Option<[usize; N]> {
    let parts: Vec<&str> = text.split(',').take(N + 1).collect();
    let parts: [&str; N] = parts.try_into().ok()?;
    let mut out = [0; N];
    for ((out, part), range) in out.iter_mut().zip(parts).zip(ranges) {
        *out = number(part, &range)?;
    }
    Some(out)
}

/// One number for both axes, or one for each.
fn pair(text: &str, range: RangeInclusive<usize>) -> Option<[usize; 2]> {
    number(text, &range).map(|both| [both; 2]).or_else(|| numbers::<2>(text, [range.clone(), range]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    fn through(setup: &Setup) -> (Setup, Vec<String>) {
        let query = to_query(setup);
        let hash = Location { route: Some(crate::ui::routes::Route::Convolution), query }.to_hash();
        from_query(&Location::parse(&hash).query)
    }

    #[test]
    fn a_setup_survives_the_address() {
        assert_eq!(through(&Setup::default()), (Setup::default(), vec![]));
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.shape = [9, 12, 4];
            setup.layer = LayerSetup {
                filters: 4,
                kernel_size: [2, 3],
                strides: [1, 2],
                padding: PadChoice::Cells(3),
                groups: 2,
                use_bias: true,
                activation: Activation::Relu,
                ..setup.layer
            };
            setup.flip = true;
        });
        setup.bias = vec![0.5, -1.0, 0.0, 1.0 / 3.0];
        setup.filters[1] = setup.filters[1].with(5, -0.1);
        setup.filters[2] = Filter::random(9, [2, 3], 2);
        assert_eq!(through(&setup), (setup.clone(), vec![]));
        setup.change(|setup| setup.layer.depthwise = true);
        setup.change(|setup| setup.layer.dilation_rate = [2, 1]);
        assert_eq!(through(&setup), (setup, vec![]));
    }

    #[test]
    fn what_makes_no_sense_is_named_and_replaced() {
        let hash = "#/convolution?input=digit-12&shape=2,28,1&layer=dense&filters=9&kernel_size=12&strides=0\
            &padding=-1&dilation_rate=1,2,3&groups=x&activation=swish2&use_bias=1&flip=yes&kernel=1,2&other=1";
        let (setup, bad) = from_query(&Location::parse(hash).query);
        assert_eq!(setup, Setup::default());
        let expected = [
            "input",
            "shape",
            "layer",
            "filters",
            "kernel_size",
            "strides",
            "padding",
            "dilation_rate",
            "groups",
            "activation",
            "use_bias",
            "flip",
            "kernel",
        ];
        assert_eq!(bad, expected);
    }

    #[test]
    fn a_long_link_is_bounded() {
        let long = format!("#/convolution?kernel={}&bias={0}&use_bias=true", "1,".repeat(200_000));
        let (setup, bad) = from_query(&Location::parse(&long).query);
        assert_eq!(bad, ["bias", "kernel"]);
        assert!(setup.is_within_limits());
    }
}
