//! A page under `WebKitWebDriver`, wherever its window stands: how it is reached, asked and pictured.

use super::eventually;
use anyhow::{Context, Result, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

/// For a window of which pictures are taken: without a graphics processor Slipway gives up the layers that the driver takes
/// them of, unless somebody has set this.
pub const PICTURED: (&str, &str) = ("WEBKIT_DISABLE_DMABUF_RENDERER", "0");

/// Where a driver listens.
#[derive(Clone, Copy, Debug)]
pub struct Port(u16);

impl Port {
    /// One that nobody has.
    pub fn free() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("find a free port")?;
        Ok(Self(listener.local_addr()?.port()))
    }

    /// Lets `WebKitWebDriver` listen here.
    pub fn serve(self, driver: &mut Command) {
        driver.arg("--host=127.0.0.1").arg(format!("--port={}", self.0)).env("TAURI_WEBVIEW_AUTOMATION", "true");
    }

    /// Opens a window of `binary` by the driver that is started here. `strategy`: how much of the page each later question
    /// waits for.
    pub async fn open(self, binary: &Path, arguments: &[&str], strategy: &str) -> Result<Client> {
        let address = (Ipv4Addr::LOCALHOST, self.0);
        eventually("WebKitWebDriver to listen", async || Ok(tokio::net::TcpStream::connect(address).await.ok()))
            .await?;
        let options = json!({ "binary": binary, "args": arguments });
        let capabilities = Map::from_iter([
            ("browserName".to_owned(), json!("wry")),
            ("pageLoadStrategy".to_owned(), json!(strategy)),
            ("webkitgtk:browserOptions".to_owned(), options),
        ]);
        let mut client = ClientBuilder::new(HttpConnector::new());
        let client = client.capabilities(capabilities).connect(&format!("http://127.0.0.1:{}", self.0)).await;
        client.with_context(|| format!("open the window of {}", binary.display()))
    }
}

/// Asks the core as the page does.
pub async fn call(client: &Client, name: &str, payload: &Value) -> Result<Value> {
    let script = "const [name, payload, done] = arguments;
        window.__TAURI_INTERNALS__.invoke('call', { name, payload })
            .then(({ value }) => done({ value }), (error) => done({ error }));";
    let asked = client.execute_async(script, vec![json!(name), payload.clone()]).await;
    let mut answer = asked.with_context(|| format!("call {name}"))?;
    ensure!(answer.get("error").is_none(), "{name} is refused: {}", answer["error"]);
    Ok(answer["value"].take())
}

/// The page as it is drawn now, as PNG.
pub async fn picture(client: &Client) -> Result<Vec<u8>> {
    // What is not drawn yet would be missing: a frame that was begun before, and the one after it.
    let frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
    client.execute_async(frames, vec![]).await.context("wait for two frames")?;
    client.screenshot().await.context("take a picture")
}
