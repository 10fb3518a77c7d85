//! [`Looking`]: how the result is looked at, as the address says.

use crate::ui::context::{Shell, shell};
use crate::ui::pages::evaluation::Look;
use crate::ui::routes::Route;
use leptos::prelude::*;

/// A `Copy` handle.
#[derive(Clone, Copy)]
pub struct Looking {
    /// As the address says now.
    pub look: Memo<Look>,
    shell: Shell,
}

impl Looking {
    /// Follows the address of the page that is open now.
    pub fn start() -> Looking {
        let shell = shell();
        let query = shell.query();
        Looking { look: Memo::new(move |_| Look::from_query(&query.read())), shell }
    }

    /// Writes a change into the address.
    pub fn change(self, change: impl FnOnce(&mut Look)) {
        let mut look = self.look.get_untracked();
        change(&mut look);
        self.shell.replace_query(Route::Evaluation, look.write(self.shell.query_untracked()));
    }
}
