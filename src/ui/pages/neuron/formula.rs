//! The sum, the activation, the loss and the chain rule with the numbers put in, as MathML.

use super::net::LossKind;
use super::state::NeuronState;
use crate::ui::locale::Language;
use crate::ui::mathml::{block, fraction, name, operator, row};

struct Writer(Language);

impl Writer {
    fn number(&self, value: f32) -> String {
        format!("<mn>{}</mn>", self.0.short(value.into(), 4))
    }

    /// In brackets where a sign would follow a sign.
    fn factor(&self, value: f32) -> String {
        let number = self.number(value);
        if value < 0.0 { row(&[operator("("), number, operator(")")]) } else { number }
    }
}

fn letter(text: &str) -> String {
    format!("<mi>{text}</mi>")
}

/// `∂L/∂w₁`
fn derivative(of: &str, by: &str) -> String {
    fraction(&row(&[operator("∂"), of.to_owned()]), &row(&[operator("∂"), by.to_owned()]))
}

/// Forward: the sum term by term, the output, the loss.
pub fn forward_formulas(state: &NeuronState, language: Language) -> Vec<String> {
    let write = Writer(language);
    let (equals, plus, times) = (operator("="), operator("+"), operator("·"));
    let layer = &state.trace.layers[0];
    let ([x, y], [w, v, b]) = (state.input.x, [state.params[0], state.params[1], state.params[2]]);
    let letters = [
        name("w", "1"),
        name("x", "1"),
        plus.clone(),
        name("w", "2"),
        name("x", "2"),
        plus.clone(),
        letter("b"),
    ];
    let mut sum = vec![letter("z"), equals.clone(), row(&letters), equals.clone()];
    sum.extend([write.factor(w), times.clone(), write.factor(x), plus.clone()]);
    sum.extend([write.factor(v), times.clone(), write.factor(y), plus.clone(), write.factor(b)]);
    sum.push(equals.clone());
    sum.extend([write.factor(w * x), plus.clone(), write.factor(v * y), plus, write.factor(b)]);
    sum.extend([equals.clone(), write.number(layer.sums[0])]);
    let function = format!("<mtext>{}</mtext>", state.net.activations[0].name());
    let output = [
        letter("y"),
        equals.clone(),
        function,
        row(&[operator("("), letter("z"), operator(")")]),
        equals.clone(),
        write.number(layer.output[0]),
    ];
    let target = state.trace.target[0];
    let loss = match state.net.loss {
        LossKind::Squared => {
            let inner = row(&[operator("("), letter("y"), operator("−"), letter("t"), operator(")")]);
            format!("<msup>{inner}<mn>2</mn></msup>")
        }
        LossKind::Crossentropy => row(&[
            operator("−"),
            letter("t"),
            letter("ln"),
            letter("y"),
            operator("−"),
            row(&[operator("("), "<mn>1</mn>".to_owned(), operator("−"), letter("t"), operator(")")]),
            letter("ln"),
            row(&[operator("("), "<mn>1</mn>".to_owned(), operator("−"), letter("y"), operator(")")]),
        ]),
    };
    let loss = [
        letter("L"),
        equals.clone(),
        loss,
        equals.clone(),
        write.number(state.trace.loss),
        operator(","),
        letter("t"),
        equals,
        write.number(target),
    ];
    vec![block(&sum), block(&output), block(&loss)]
}

/// Backward: the chain rule for the sum, both weights, the bias and both inputs.
pub fn backward_formulas(state: &NeuronState, slope: f32, language: Language) -> Vec<String> {
    let write = Writer(language);
    let (equals, times) = (operator("="), operator("·"));
    let layer = &state.trace.layers[0];
    let (l, y, z) = (letter("L"), letter("y"), letter("z"));
    let mut lines = vec![block(&[
        derivative(&l, &z),
        equals.clone(),
        derivative(&l, &y),
        times.clone(),
        derivative(&y, &z),
        equals.clone(),
        write.factor(layer.of_output[0]),
        times.clone(),
        write.factor(slope),
        equals.clone(),
        write.number(layer.of_sums[0]),
    ])];
    let mut line = |by: &str, other: &str, value: f32, result: f32| {
        lines.push(block(&[
            derivative(&l, by),
            equals.clone(),
            derivative(&l, &z),
            times.clone(),
            other.to_owned(),
            equals.clone(),
            write.factor(layer.of_sums[0]),
            times.clone(),
            write.factor(value),
            equals.clone(),
            write.number(result),
        ]));
    };
    let (w, x) = ([name("w", "1"), name("w", "2")], [name("x", "1"), name("x", "2")]);
    for idx in 0..2 {
        line(&w[idx], &x[idx], state.input.x[idx], layer.of_params[idx]);
    }
    line(&letter("b"), "<mn>1</mn>", 1.0, layer.of_params[2]);
    for idx in 0..2 {
        line(&x[idx], &w[idx], state.params[idx], layer.of_input[idx]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Activation;
    use crate::ui::mathml::words;
    use crate::ui::pages::neuron::NeuronSetup;

    #[test]
    fn the_sum_and_the_chain_rule_are_filled_in() {
        let setup =
            NeuronSetup { activation: Activation::Linear, loss: LossKind::Squared, ..NeuronSetup::default() };
        let state = NeuronState::new(&setup);
        let forward = forward_formulas(&state, Language::Ru);
        assert_eq!(words(&forward[0]), "z=w1x1+w2x2+b=0,5·1+(−0,75)·0,5+0,25=0,5+(−0,375)+0,25=0,375");
        assert_eq!(words(&forward[1]), "y=linear(z)=0,375");
        assert_eq!(words(&forward[2]), "L=(y−t)2=0,3906,t=1");
        let backward = backward_formulas(&state, 1.0, Language::En);
        assert_eq!(words(&backward[0]), "∂L∂z=∂L∂y·∂y∂z=(−1.25)·1=−1.25");
        assert_eq!(words(&backward[2]), "∂L∂w2=∂L∂z·x2=(−1.25)·0.5=−0.625");
        assert_eq!(backward.len(), 6);
        for line in forward.iter().chain(&backward) {
            assert_eq!(line.matches("</").count() * 2, line.matches('<').count());
        }
    }
}
