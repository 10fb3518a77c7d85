//! [`Widget`]: what can be embedded, and what of it a teacher may fix or take away.

use super::TaskKind;
use crate::ui::routes::Route;

/// A page in its embedded form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widget {
    Convolution,
    Pooling,
    Chain,
    Backwards,
    Losses,
    Neuron,
    Optimizers,
    Network,
    Training,
    Callbacks,
    /// The evaluation page.
    Confusion,
    Inside,
}

impl Widget {
    /// Every widget.
    pub const ALL: [Widget; 12] = [
        Widget::Convolution,
        Widget::Pooling,
        Widget::Chain,
        Widget::Backwards,
        Widget::Losses,
        Widget::Neuron,
        Widget::Optimizers,
        Widget::Network,
        Widget::Training,
        Widget::Callbacks,
        Widget::Confusion,
        Widget::Inside,
    ];

    /// The page it shows.
    pub fn route(self) -> Route {
        match self {
            Widget::Convolution => Route::Convolution,
            Widget::Pooling => Route::Pooling,
            Widget::Chain => Route::Chain,
            Widget::Backwards => Route::Backwards,
            Widget::Losses => Route::Losses,
            Widget::Neuron => Route::Neuron,
            Widget::Optimizers => Route::Optimizers,
            Widget::Network => Route::Network,
            Widget::Training => Route::Training,
            Widget::Callbacks => Route::Callbacks,
            Widget::Confusion => Route::Evaluation,
            Widget::Inside => Route::Inside,
        }
    }

    /// The name in addresses: that of the page, except that the evaluation is known by its confusion matrix.
    pub fn name(self) -> &'static str {
        match self {
            Widget::Confusion => "confusion",
            other => other.route().name(),
        }
    }

    /// The widget of that name.
    pub fn from_name(name: &str) -> Option<Widget> {
        Widget::ALL.into_iter().find(|widget| widget.name() == name)
    }

    /// The widget that shows a page.
    pub fn of_route(route: Route) -> Option<Widget> {
        Widget::ALL.into_iter().find(|widget| widget.route() == route)
    }

    /// What can be fixed or taken away: each a name, then the further names in the address that go with it. A name
    /// stands for itself with any number behind it, too: `kernel` for `kernel2`.
    pub fn settings(self) -> &'static [&'static [&'static str]] {
        match self {
            Widget::Convolution => &[
                &["layer"],
                &["filters"],
                &["groups"],
                &["kernel_size"],
                &["strides"],
                &["padding"],
                &["dilation_rate"],
                &["activation"],
                &["use_bias"],
                &["kernel"],
                &["bias"],
                &["flip"],
                &["input", "shape"],
            ],
            Widget::Pooling => &[&["kind"], &["padding"], &["pool_size"], &["strides"], &["input"]],
            Widget::Chain => &[&["image"], &["layers"], &["kernels", "seed", "network"]],
            Widget::Backwards => &[
                &["view"],
                &["strides"],
                &["dilation_rate"],
                &["padding"],
                &["input"],
                &["kernel"],
                &["sent"],
                &["stack"],
            ],
            Widget::Losses => &[
                &["view"],
                &["p"],
                &["q"],
                &["smoothing"],
                &["y"],
                &["prediction"],
                &["logit"],
                &["from_logits"],
                &["label_smoothing"],
                &["regularizer"],
                &["l1"],
                &["l2"],
                &["optimum"],
                &["w"],
                &["learning_rate"],
                &["steps"],
            ],
            Widget::Neuron => &[
                &["view"],
                &["points", "seed"],
                &["x", "y"],
                &["loss"],
                &["learning_rate"],
                &["batch"],
                &["activation"],
                &["neuron"],
                &["units", "activations"],
                &["params"],
            ],
            Widget::Optimizers => {
                &[&["surface", "condition"], &["start"], &["steps"], &["noise", "seed"], &["racers"]]
            }
            Widget::Network => &[&["network", "preset", "model"]],
            Widget::Training => &[
                &["dataset"],
                &["samples"],
                &["validation_samples"],
                &["test_samples"],
                &["class_counts"],
                &["network", "preset", "model"],
                &["optimizer", "nesterov", "optimizer_arguments", "momentum"],
                &["learning_rate"],
                &["batch_size"],
                &["epochs"],
                &["seed"],
                &["loss"],
                &["metrics"],
                &["fit"],
                &["callbacks"],
            ],
            Widget::Callbacks => &[&["metric"], &["curve"], &["callbacks"], &["learning_rate"], &["steps"]],
            Widget::Confusion => &[&["dataset"], &["images"]],
            Widget::Inside => &[&["image", "prepared"]],
        }
    }

    /// What can be taken away beside the settings: whole cards.
    pub fn parts(self) -> &'static [&'static str] {
        match self {
            Widget::Convolution => &["guess", "products", "formula", "take"],
            Widget::Pooling => &["guess", "formula", "take"],
            Widget::Chain => &["table", "take"],
            Widget::Backwards | Widget::Losses | Widget::Neuron => &["take"],
            Widget::Optimizers => &["numbers", "charts", "networks", "take"],
            Widget::Network => &["palette", "diagram", "summary", "code"],
            Widget::Training => &["setup", "data", "curves", "protocol", "log"],
            Widget::Callbacks => &["happens", "protocol"],
            Widget::Confusion => &["lists", "classes", "calibration", "take", "compare", "predictions"],
            Widget::Inside => &["layers", "maps", "modes", "units", "points"],
        }
    }

    /// Names of what can be fixed.
    pub fn setting_names(self) -> impl Iterator<Item = &'static str> {
        self.settings().iter().filter_map(|names| names.first().copied())
    }

    /// The setting that a name in the address belongs to.
    pub fn setting_of(self, key: &str) -> Option<&'static str> {
        let stem = key.trim_end_matches(|c: char| c.is_ascii_digit());
        let own = |names: &&&[&str]| names.contains(&key);
        // `l1` is a name of its own, and no `l` with a number.
        let numbered = |names: &&&[&str]| names.contains(&stem);
        let all = self.settings();
        all.iter().find(own).or_else(|| all.iter().find(numbered))?.first().copied()
    }

    /// What it means to be done with it.
    pub fn task(self) -> TaskKind {
        match self {
            Widget::Convolution | Widget::Pooling => TaskKind::Guesses,
            Widget::Chain | Widget::Backwards | Widget::Optimizers | Widget::Callbacks => TaskKind::Walk,
            Widget::Losses | Widget::Neuron | Widget::Inside => TaskKind::Changes,
            Widget::Network => TaskKind::Network,
            Widget::Training => TaskKind::Training,
            Widget::Confusion => TaskKind::Evaluation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages;
    use crate::ui::routes::Query;

    #[test]
    fn every_widget_is_found_by_its_name_and_its_page() {
        for widget in Widget::ALL {
            assert_eq!(Widget::from_name(widget.name()), Some(widget));
            assert_eq!(Widget::of_route(widget.route()), Some(widget));
        }
        assert_eq!(Widget::from_name("evaluation"), None);
        assert_eq!(Widget::of_route(Route::Home), None);
    }

    #[test]
    fn the_scorm_packages_know_the_same_widgets() {
        assert_eq!(crate::formats::scorm::WIDGETS, Widget::ALL.map(Widget::name));
    }

    /// What the page of a widget says of a value that makes no sense.
    fn bad_names(widget: Widget, query: &Query) -> Vec<String> {
        let owned = |names: Vec<&'static str>| names.into_iter().map(str::to_owned).collect();
        match widget {
            Widget::Convolution => pages::convolution::read_query(query).2,
            Widget::Pooling => owned(pages::pooling::PoolSetup::from_query(query).1),
            Widget::Chain => owned(pages::chain::ChainSetup::from_query(query).1),
            Widget::Backwards => owned(pages::backwards::BackSetup::from_query(query).1),
            Widget::Losses => owned(pages::losses::LossSetup::read(query).1),
            Widget::Neuron => owned(pages::neuron::NeuronSetup::read(query).1),
            Widget::Optimizers => owned(pages::optimizers::Setup::from_query(query).1),
            Widget::Network | Widget::Training => owned(pages::training::from_query(query).1),
            Widget::Callbacks => owned(pages::callbacks::Setup::from_query(query).1),
            Widget::Confusion => {
                pages::evaluation::Look::bad_names(query).split(", ").map(str::to_owned).collect()
            }
            Widget::Inside => owned(pages::inside::Setup::from_query(query).1),
        }
    }

    #[test]
    fn every_setting_is_read_by_its_page() {
        // What has another name than its place in the address, and what is read without a complaint.
        let silent = ["network", "shape", "bias"];
        for widget in Widget::ALL {
            for key in widget.settings().iter().flat_map(|names| names.iter()) {
                let query = Query::default().with(key, &"\u{1}nonsense");
                let bad = bad_names(widget, &query);
                assert!(
                    bad.iter().any(|name| name == key) || silent.contains(key),
                    "{widget:?} {key}: {bad:?}"
                );
            }
        }
    }

    #[test]
    fn a_name_with_a_number_belongs_to_its_setting_and_a_place_to_none() {
        assert_eq!(Widget::Convolution.setting_of("kernel12"), Some("kernel"));
        assert_eq!(Widget::Convolution.setting_of("shape"), Some("input"));
        assert_eq!(Widget::Losses.setting_of("l1"), Some("l1"));
        assert_eq!(Widget::Training.setting_of("model"), Some("network"));
        for place in ["at", "look", "filter", "channel"] {
            assert_eq!(Widget::Convolution.setting_of(place), None, "{place}");
        }
    }

    /// The names that `Held` is given in the sources of the front end, also those that are filled in.
    fn held_names(folder: &std::path::Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                held_names(&path, names);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let after = text.split("Held name=\"").skip(1);
                names.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
                // Where several fields are made by one function, it gets the name first.
                let after = text.split("field(\"").skip(1).filter(|_| text.contains("<Held name>"));
                names.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
            }
        }
    }

    #[test]
    fn every_setting_and_part_is_held_somewhere() {
        let mut held = vec!["p".to_owned(), "q".to_owned()];
        held_names(std::path::Path::new("src/ui"), &mut held);
        for widget in Widget::ALL {
            for name in widget.setting_names().chain(widget.parts().iter().copied()) {
                assert!(held.iter().any(|other| other == name), "{widget:?}: nothing holds {name}");
            }
        }
        for name in &held {
            let is_known = |widget: &Widget| {
                widget.setting_names().chain(widget.parts().iter().copied()).any(|known| known == name)
            };
            assert!(Widget::ALL.iter().any(is_known), "no widget knows {name}, which is held");
        }
    }

    #[test]
    fn the_script_for_course_pages_is_small() {
        assert!(include_str!("../../../www/lab.js").len() <= 3 << 10);
    }

    #[test]
    fn no_part_is_called_like_a_setting() {
        for widget in Widget::ALL {
            for part in widget.parts() {
                assert_eq!(widget.setting_of(part), None, "{widget:?} {part}");
            }
        }
    }
}
