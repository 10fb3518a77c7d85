//! Programs of Keras that would become much more memory than they are long.

use super::readers::{check, known};
use super::texts::{LENGTHS, check_all, filled, nested};

#[test]
#[expect(clippy::too_many_lines, reason = "a list")]
fn programs_that_say_much_in_few_letters_take_little() {
    let setup = "import keras\nfrom keras import layers\nm = keras.Sequential()\n";
    let model = "import keras\nm = keras.Sequential([keras.Input((4,)),";
    let mut cases = Vec::new();
    for line in [
        "a\n",
        "1\n",
        "\n",
        "#\n",
        "# a\n",
        ";\n",
        "a;",
        "x=1\n",
        "x#=1\n",
        "x#=y#\n",
        "x=x+1\n",
        "f()\n",
        "x#=f()\n",
        "''\n",
        "'a'\n",
        "x#='a'\n",
        "x#=''\n",
        "a.b\n",
        "x=[]\n",
        "x#=[1]\n",
        "x#={1:1}\n",
        "x#=range(999)\n",
        "x#=[1,2,3,4,5,6,7,8]\n",
        "x#=list(range(999))\n",
        "x=range(999)+range(999)\n",
        "x#=lambda a: a\n",
        "x#=l1()\n",
        "x#=Dense(1)\n",
        "Dense(1)\n",
        "Dense\n",
        "def f#(): a\n",
        "def f(): pass\n",
        "if a: b\n",
        "if 1: b\n",
        "for a in b: c\n",
        "class A#: pass\n",
        "class A(keras.Model): a\n",
        "import a#\n",
        "from a import *\n",
        "from a import b#, c#\n",
        "pass\n",
        "return\n",
        "del a\n",
        "!a\n",
        "%a\n",
        "try: a\n",
        "with a: b\n",
        "a=b=c=d=1\n",
        "a,b=1,2\n",
        "x#=(1,)\n",
        "x#=m.add\n",
        "m.add(Dense(1))\n",
        "x#=Sequential()\n",
        "x#=Sequential([m])\n",
        "m.compile()\n",
        "m.compile(loss='mse')\n",
        "m.fit(a)\n",
        "m.summary()\n",
        "x#=keras.Input((4,))\n",
        "x#=None\n",
        "x#=not a\n",
        "x+=1\n",
        "x#=a[1:2]\n",
        "a if b else c\n",
        "f'{a}'\n",
        "keras.utils.set_random_seed(1)\n",
        "x#=keras\n",
        "1 1\n",
        "$\n",
        "a b\n",
        "Dense b\n",
        "x#=keras.datasets.mnist.load_data()\n",
        "while a: b\n",
        "x: int = 1\n",
        "'''a'''\n",
        "(a)\n",
        "[a]\n",
        "-1\n",
    ] {
        cases.push(("", line.to_owned(), ""));
        cases.push((setup, line.to_owned(), ""));
        cases.push(("def f():\n", format!("    {line}"), "f()\n"));
        cases.push(("x1=range(999)\nfor i in x1:\n", format!("    {line}"), ""));
    }
    for part in [
        "1,",
        "a,",
        "'',",
        "'a',",
        "(),",
        "[],",
        "{},",
        "f(),",
        "1.5,",
        "-1,",
        "a.b,",
        "[1],",
        "Dense(1),",
        "m,",
    ] {
        for (begin, end) in [
            ("x = [", "]"),
            ("x = (", ")"),
            ("x = {", "}"),
            ("f(", ")"),
            ("m = keras.Sequential([", "])"),
            ("import keras\nkeras.layers.Dense(", ")"),
            ("import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(", ")])"),
            ("import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Reshape([", "])])"),
            ("import keras\nm = keras.Sequential([keras.Input((", ")), keras.layers.Dense(1)])"),
            ("import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.compile(metrics=[", "])"),
            ("import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.fit(callbacks=[", "])"),
            ("", ""),
            ("x = ", ""),
            ("a[", "]"),
            ("for a in ", ": b"),
        ] {
            cases.push((begin, part.to_owned(), end));
        }
    }
    for layer in [
        "keras.layers.Flatten(),",
        "keras.layers.Dense(4),",
        "keras.layers.Dense(4, name='a', dtype='float32'),",
        "keras.layers.Dense(4, kernel_regularizer='l2', bias_regularizer=keras.regularizers.l2(0.1)),",
        "keras.layers.Reshape((2, 2, 1, 1, 1, 1)),",
        "keras.layers.Dense(x#=1),",
        "layers.Dense(1),",
    ] {
        cases.push((model, layer.to_owned(), "])\n"));
    }
    for (begin, piece, end) in [
        ("x = f(", "a#=1,", ")"),
        ("import keras\nm = keras.Sequential(", "a#=1,", ")"),
        ("import keras\nkeras.layers.Dense(1,", "a#=1,", ")"),
        ("x = {", "#:1,", "}"),
        ("x = {", "'#':[],", "}"),
        ("def f(", "a#,", "): pass"),
        ("def f(", "a#=1,", "): pass\nf()\n"),
        ("lambda ", "a#,", ": 1"),
        ("from a import ", "b#,", "c"),
        ("import ", "a#,", "b"),
        ("import ", "a.", "b"),
        ("global ", "a,", "b"),
        ("x = '", "a", "'"),
        ("x = '", "\u{7f}", "'"),
        ("x = '", "\\n", "'"),
        ("x = '", "й", "'"),
        ("'''", "a\n", "'''"),
        ("'''", "\u{7f}", "'''"),
        ("x = '''", "a", ""),
        ("# ", "a", ""),
        ("", "'' ", ""),
        ("x = ", "'a' ", ""),
        ("", "a", ""),
        ("", "a", " = 1"),
        ("a", " ", "b"),
        ("", " ", ""),
        ("", "\\\n", ""),
        ("", "1", ""),
        ("", "9.", ""),
        ("", "0x1", ""),
        ("", "- ", "1"),
        ("x = a", "+a", ""),
        ("x = 'a'", "+'a'", ""),
        ("x = [1]", "+[1]", ""),
        ("x = a", "[0]", ""),
        ("x = a", ".b#", ""),
        ("x = a", "(1)", ""),
        ("x = a", " and a", ""),
        ("import keras\nm = keras.Sequential([keras.layers.Dense(1, name='", "a", "')])"),
        ("import keras\nm = keras.Sequential([keras.layers.Dense(1, activation='", "\u{7f}", "')])"),
        ("import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, ", "a", "=1)])"),
        ("import keras\nm = keras.Sequential(name='", "\u{7f}", "')\nm.add(1)"),
        ("import keras\nm = keras.Sequential()\nm.add('", "\u{7f}", "')"),
        ("import keras\nkeras.layers.", "a", "(1)"),
        ("import keras\nm = keras.Sequential()\nm.compile(loss='", "й", "')"),
        ("import keras\nkeras.optimizers.", "a", "()"),
        (
            "x = {'a':1}\nl = []\nfor i in range(999):\n  for j in range(40):\n    l.append({1:2,3:4,5:6,7:8})\n",
            "a",
            "",
        ),
        ("l = []\nfor i in range(999):\n    l.append(range(999))\n", "#", ""),
        ("l = []\nfor i in range(999):\n    l.append(Dense(1, 2, 3, 4, 5, 6, 7, 8))\n", "#", ""),
        ("l = []\nfor i in range(900):\n    l = [l, l, range(999)]\n", "#", ""),
        ("s = 'a'\nfor i in range(99):\n    s = s + s\n", "l=[s+'#']\n", ""),
        ("s = 'aaaaaaaaaa'*1\nfor i in range(10):\n    s = s + s\n", "l#=s+'#'\n", ""),
        (
            "import keras\nl = range(999)\nm = keras.Sequential([keras.Input((4,)),",
            "keras.layers.Reshape(l),",
            "])",
        ),
        (
            "import keras\nr=range(999)\nl=[r,r,r,r,r,r,r,r,r,r]\nm = keras.Sequential([keras.Input((4,)),",
            "keras.layers.Dense(l),",
            "])",
        ),
        (
            "import keras\nx = i = keras.Input((4,))\n",
            "x# = x = keras.layers.Dense(1)(x)\n",
            "m = keras.Model(i, x)",
        ),
        (
            "import keras\nx = i = keras.Input((4,))\n",
            "x = keras.layers.Dense(1)(x)\n",
            "m = keras.Model(i, x)",
        ),
        (
            "import keras\nm = keras.Sequential()\nfor i in range(499):\n    m.add(Dense(1))\n",
            "x#=Sequential([m])\n",
            "",
        ),
        (
            "import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.fit(callbacks=[",
            "keras.callbacks.LearningRateScheduler(lambda epoch: [1,2,3][min(epoch, 2)]),",
            "])",
        ),
        ("import keras\nclass A(keras.optimizers.SGD):\n", "  a = 1\n", ""),
        ("import keras\n", "class A(keras.optimizers.SGD): pass\n", ""),
    ] {
        cases.push((begin, piece.to_owned(), end));
    }
    check_all("keras_code", &cases);
}

#[test]
fn programs_deep_within_take_little() {
    let known = known();
    for (opening, closing) in
        [("(", ")"), ("[", "]"), ("[[],", "]"), ("f(", ")"), ("{1:", "}"), ("-", ""), ("lambda: ", "")]
    {
        for len in LENGTHS {
            let line = nested(usize::MAX / 2, opening, "1", closing, 50) + "\n";
            check("keras_code", &known, filled(len, "", &line, "").as_bytes());
            check("keras_code", &known, filled(len, "x = [", &line.replace('\n', ","), "]").as_bytes());
        }
    }
    for len in LENGTHS {
        let blocks: String = (0..50).flat_map(|depth| [" ".repeat(depth), "if 1:\n".to_owned()]).collect();
        check("keras_code", &known, filled(len, "", &(blocks + &" ".repeat(50) + "a\n"), "").as_bytes());
        let line = |depth| [" ".repeat(depth), format!("for i{depth} in range(999):\n")];
        let loops: String = (0..40).flat_map(line).collect();
        check(
            "keras_code",
            &known,
            filled(len, "", &(loops + &" ".repeat(40) + "m = Dense(1)\n"), "").as_bytes(),
        );
    }
}
