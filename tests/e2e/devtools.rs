//! What only Chromium's driver can do: its own protocol, a lost network; and the console of every engine.

use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::browser::Lab;
use crate::driver::Engine;

/// Notes what goes wrong in a document from now on.
const LISTEN: &str = "
if (window.heardErrors) return;
const heard = window.heardErrors = [];
addEventListener('error', event => heard.push(String(event.message ?? event.type)));
addEventListener('unhandledrejection', event => heard.push(String(event.reason)));
const say = console.error.bind(console);
console.error = (...parts) => { heard.push(parts.map(String).join(' ')); say(...parts); };
";

impl Lab {
    /// A command of Chromium's own protocol.
    pub async fn cdp(&self, name: &'static str, parameters: Value) -> Value {
        self.client
            .issue_cmd(Command {
                path: "goog/cdp/execute",
                body: json!({ "cmd": name, "params": parameters }),
            })
            .await
            .unwrap()
    }

    /// Hears from now on of this document's errors, where the driver does not tell of them.
    pub async fn listen(&self) {
        if self.engine != Engine::Chromium {
            // A page that is not there any more has no errors.
            let _ = self.client.execute(LISTEN, vec![]).await;
        }
    }

    /// Errors in the console since the last call.
    pub async fn console_errors(&self) -> Vec<String> {
        if self.engine != Engine::Chromium {
            let heard = self.client.execute("return (window.heardErrors ?? []).splice(0)", vec![]).await;
            let heard = heard.unwrap_or_else(|error| json!([error.to_string()]));
            return serde_json::from_value(heard).unwrap_or_default();
        }
        let entries =
            self.client.issue_cmd(Command { path: "se/log", body: json!({ "type": "browser" }) }).await;
        let entries =
            entries.unwrap_or_else(|error| json!([{ "level": "SEVERE", "message": error.to_string() }]));
        let entries = entries.as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Takes the network away: the host hangs up, and the browser knows that it is offline.
    pub async fn go_offline(&self) {
        self.site.borrow().stop();
        let nothing =
            json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.enable", json!({})).await;
        self.cdp("Network.emulateNetworkConditions", nothing).await;
    }
}

/// A POST below the session that the standard does not have.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
