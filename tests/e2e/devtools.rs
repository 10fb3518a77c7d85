//! What only Chromium's driver can do: its own protocol, its console, a lost network.

use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::browser::Lab;

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

    /// Errors in the console since the last call.
    pub async fn console_errors(&self) -> Vec<String> {
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
