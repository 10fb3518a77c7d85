//! The page without a mouse.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use crate::browser::{Lab, NAME_OF};
use crate::words::flat;

/// More than any page has places to stop at.
const MOST_TABS: usize = 150;
/// The kind of element that has the focus, and its name.
const FOCUS: &str = "return [document.activeElement.localName, nameOf(document.activeElement)];";

impl Lab {
    /// Presses and releases a key, wherever the focus is.
    pub async fn key(&self, key: Key) {
        let value = char::from(key);
        let press = KeyActions::new("keyboard".to_owned());
        let press = press.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(press).await.unwrap();
    }

    /// Types into the field that has the focus, over what is there.
    pub async fn type_over(&self, text: &str) {
        let control = char::from(Key::Control);
        let all = KeyActions::new("keyboard".to_owned());
        let all = all.then(KeyAction::Down { value: control }).then(KeyAction::Down { value: 'a' });
        let all = all.then(KeyAction::Up { value: 'a' }).then(KeyAction::Up { value: control });
        self.client.perform_actions(all).await.unwrap();
        self.type_in(text).await;
    }

    /// Types wherever the focus is; in a list that chooses the entry that begins so.
    pub async fn type_in(&self, text: &str) {
        let mut letters = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            letters = letters.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(letters).await.unwrap();
    }

    /// The kind of element that has the focus, such as `button`, and its name.
    pub async fn focus(&self) -> (String, String) {
        self.read(&format!("{NAME_OF}{FOCUS}"), vec![]).await
    }

    /// Walks on with Tab until the focus is on an element of that kind and name.
    pub async fn tab_to(&self, kind: &str, name: &str) {
        let mut passed = Vec::new();
        while passed.len() < MOST_TABS {
            self.key(Key::Tab).await;
            let focus = self.focus().await;
            if focus.0 == kind && focus.1 == flat(name) {
                return;
            }
            passed.push(focus.1);
        }
        panic!("Tab does not come to a {kind} named {name:?}, but to {passed:#?}");
    }
}
