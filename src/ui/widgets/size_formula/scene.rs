//! The formulas as MathML.

use super::state::Counts;
use crate::ui::convolution::{Axis, PadChoice};
use crate::ui::locale::Language;
use crate::ui::mathml::{block, fenced, fraction, name, number, operator, quotient, row};

/// The size along one axis: in letters, with numbers, and carried out. `letter` is H or W.
pub fn size_formulas(axis: Axis, letter: &str, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    if axis.dilation > 1 {
        lines.extend(effective_formula(axis));
    }
    if axis.padding == PadChoice::Same {
        lines.extend(same_formula(axis, letter, language));
    } else {
        lines.extend(valid_formula(axis, letter, language));
    }
    lines
}

/// The window's letter: with dilation what it spans has another.
fn window(axis: Axis) -> String {
    if axis.dilation > 1 { "<msup><mi>F</mi><mo>′</mo></msup>".into() } else { name("F", "") }
}

/// `F′ = F + (F − 1)(d − 1)`, then with numbers.
fn effective_formula(axis: Axis) -> Vec<String> {
    let less_one = |inner: String| fenced("(", &row(&[inner, operator("−"), number(1)]), ")");
    let line = |parts: [String; 3]| {
        let [first, again, step] = parts;
        block(&[window(axis), operator("="), first, operator("+"), less_one(again), less_one(step)])
    };
    let filled = block(&[
        window(axis),
        operator("="),
        number(axis.window),
        operator("+"),
        less_one(number(axis.window)),
        less_one(number(axis.dilation)),
        operator("="),
        number(axis.effective()),
    ]);
    vec![line([name("F", ""), name("F", ""), name("d", "")]), filled]
}

/// `W₂ = ⌊(W − F + 2P)/S⌋ + 1`.
fn valid_formula(axis: Axis, letter: &str, language: Language) -> Vec<String> {
    let padding = axis.padding.cells();
    let over = (axis.length + 2 * padding).saturating_sub(axis.effective());
    let (plus, one, equals, result) = (operator("+"), number(1), operator("="), name(letter, "2"));
    let letters =
        row(&[name(letter, ""), operator("−"), window(axis), operator("+"), number(2), name("P", "")]);
    let numbers = row(&[
        number(axis.length),
        operator("−"),
        number(axis.effective()),
        operator("+"),
        number(2),
        operator("·"),
        number(padding),
    ]);
    let general = fenced("⌊", &fraction(&letters, &name("S", "")), "⌋");
    let filled = fenced("⌊", &fraction(&numbers, &number(axis.stride)), "⌋");
    let divided = fenced("⌊", &quotient(over, axis.stride, language), "⌋");
    vec![
        block(&[result.clone(), equals.clone(), general, plus.clone(), one.clone()]),
        block(&[result, equals.clone(), filled, plus.clone(), one.clone()]),
        block(&[
            equals.clone(),
            divided,
            plus.clone(),
            one.clone(),
            equals.clone(),
            number(over / axis.stride),
            plus,
            one,
            equals,
            number(axis.output()),
        ]),
    ]
}

/// `W₂ = ⌈W/S⌉`, and how many zeros that takes: `max((W₂ − 1)·S + F − W, 0)`.
fn same_formula(axis: Axis, letter: &str, language: Language) -> Vec<String> {
    let (equals, result) = (operator("="), name(letter, "2"));
    let rounded = |inner: &str| fenced("⌈", inner, "⌉");
    let letters = fraction(&name(letter, ""), &name("S", ""));
    let numbers = fraction(&number(axis.length), &number(axis.stride));
    let zeros = |parts: [String; 4]| {
        let [output, stride, window, length] = parts;
        let less = fenced("(", &row(&[output, operator("−"), number(1)]), ")");
        let inner = row(&[
            less,
            operator("·"),
            stride,
            operator("+"),
            window,
            operator("−"),
            length,
            operator(","),
            number(0),
        ]);
        row(&[name("max", ""), fenced("(", &inner, ")")])
    };
    vec![
        block(&[result.clone(), equals.clone(), rounded(&letters)]),
        block(&[
            result.clone(),
            equals.clone(),
            rounded(&numbers),
            equals.clone(),
            rounded(&quotient(axis.length, axis.stride, language)),
            equals.clone(),
            number(axis.output()),
        ]),
        block(&[zeros([result, name("S", ""), window(axis), name(letter, "")])]),
        block(&[
            equals.clone(),
            zeros([axis.output(), axis.stride, axis.effective(), axis.length].map(number)),
        ]),
        block(&[equals, number(axis.before() + axis.after())]),
    ]
}

fn product(parts: &[usize]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| number(*part)).collect();
    parts.join(&operator("·"))
}

/// The maps, the parameters and the multiplications, in that order, each on one line or more.
pub fn count_formulas(counts: Counts, language: Language) -> [Vec<String>; 3] {
    let Counts { kernel, depth, outputs, depthwise, cells, has_bias, .. } = counts;
    let count = |value: usize| format!("<mn>{}</mn>", language.count(value));
    let equals = operator("=");
    let filter = product(&[kernel[0], kernel[1], depth]);
    let maps = match depthwise {
        None => row(&[name("K", ""), equals.clone(), number(outputs)]),
        Some([depth, each]) => row(&[
            name("D", ""),
            operator("·"),
            name("M", ""),
            equals.clone(),
            product(&[depth, each]),
            equals.clone(),
            number(outputs),
        ]),
    };
    let each = if has_bias {
        fenced("(", &row(&[filter.clone(), operator("+"), number(1)]), ")")
    } else {
        filter.clone()
    };
    [
        vec![block(&[name("D", "2"), equals.clone(), maps])],
        vec![block(&[number(outputs), operator("·"), each, equals.clone(), count(counts.params())])],
        // The greatest products are long, and have the result below.
        vec![
            block(&[product(&[cells[0], cells[1], outputs]), operator("·"), filter]),
            block(&[equals, count(counts.multiplications())]),
        ],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::convolution::Setup;
    use crate::ui::mathml::words;

    fn axis(padding: PadChoice, stride: usize, dilation: usize) -> Axis {
        Axis { length: 28, window: 5, stride, dilation, padding }
    }

    fn lines(axis: Axis, language: Language) -> Vec<String> {
        size_formulas(axis, "W", language).iter().map(|line| words(line)).collect()
    }

    #[test]
    fn the_floor_is_shown_before_it_is_taken() {
        let lines = lines(axis(PadChoice::Cells(1), 2, 1), Language::Ru);
        assert_eq!(lines, ["W2=⌊W−F+2PS⌋+1", "W2=⌊28−5+2·12⌋+1", "=⌊12,5⌋+1=12+1=13"]);
    }

    #[test]
    fn a_dilated_window_is_spread_first() {
        let lines = lines(axis(PadChoice::Valid, 1, 3), Language::En);
        assert_eq!(lines[0], "F′=F+(F−1)(d−1)");
        assert_eq!(lines[1], "F′=5+(5−1)(3−1)=13");
        assert_eq!(lines[2], "W2=⌊W−F′+2PS⌋+1");
        assert_eq!(lines[4], "=⌊15⌋+1=15+1=16");
    }

    #[test]
    fn same_says_its_size_and_its_zeros() {
        let lines = lines(axis(PadChoice::Same, 3, 1), Language::En);
        assert_eq!(lines[1], "W2=⌈283⌉=⌈9.33…⌉=10");
        assert_eq!(lines[2], "max((W2−1)·S+F−W,0)");
        assert_eq!(lines[3..], ["=max((10−1)·3+5−28,0)", "=4"]);
    }

    #[test]
    fn counts_are_filled_in() {
        let mut setup = Setup::default();
        setup.change(|setup| {
            setup.shape = [64, 64, 3];
            setup.layer.filters = 8;
            setup.layer.use_bias = true;
        });
        let [maps, params, multiplications] = count_formulas(Counts::of(&setup), Language::En);
        assert_eq!(words(&maps.concat()), "D2=K=8");
        assert_eq!(words(&params.concat()), "8·(5·5·3+1)=608");
        assert_eq!(words(&multiplications.concat()), "60·60·8·5·5·3=2,160,000");
        setup.change(|setup| {
            setup.layer.depthwise = true;
            setup.layer.filters = 2;
        });
        assert_eq!(words(&count_formulas(Counts::of(&setup), Language::En)[0].concat()), "D2=D·M=3·2=6");
    }

    #[test]
    fn tags_are_balanced() {
        for padding in [PadChoice::Valid, PadChoice::Same, PadChoice::Cells(2)] {
            for (stride, dilation) in [(1, 1), (3, 1), (1, 2)] {
                for text in size_formulas(axis(padding, stride, dilation), "H", Language::En) {
                    assert_eq!(text.matches("</").count() * 2, text.matches('<').count(), "{text}");
                }
            }
        }
    }
}
