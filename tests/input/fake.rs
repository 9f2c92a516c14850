//! A server on loopback that says what a test wants: for answers that no real API server gives.

use anyhow::Result;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is said to one request.
pub(crate) enum Say {
    /// Status, content type, body.
    All(u16, &'static str, Vec<u8>),
    /// The head, and never a body.
    Nothing,
}

impl Say {
    pub(crate) fn json(value: &Value) -> Self {
        Self::All(200, "application/json", value.to_string().into_bytes())
    }
}

/// The path with its query; `None` leaves it to what an honest cluster with one empty namespace would say.
type Script = fn(&str) -> Option<Say>;

pub(crate) struct Fake {
    pub address: String,
    /// Requests that would have changed something.
    written: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fake {
    pub(crate) async fn start(script: Script) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let written = Arc::new(AtomicU32::new(0));
        let counted = written.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script, counted.clone()));
            }
        });
        Ok(Self { address, written, task })
    }

    pub(crate) fn written(&self) -> u32 {
        self.written.load(Ordering::SeqCst)
    }

    /// A kubeconfig that leads here.
    pub(crate) fn kubeconfig(&self) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Config",
            "clusters": [{ "name": "fake", "cluster": { "server": self.address } }],
            "contexts": [{ "name": "fake", "context": { "cluster": "fake", "user": "ann", "namespace": "shop" } }],
            "users": [{ "name": "ann", "user": { "token": "t" } }],
        })
    }
}

/// One connection, one request after the other.
async fn serve(mut stream: TcpStream, script: Script, written: Arc<AtomicU32>) {
    let mut buffer = Vec::new();
    while let Some((method, path)) = request(&mut stream, &mut buffer).await {
        let asks = method == "GET" || path.contains("/selfsubject");
        if !asks {
            written.fetch_add(1, Ordering::SeqCst);
        }
        let (head, body) = match script(&path).unwrap_or_else(|| honest(&path)) {
            Say::All(status, content, body) => (
                format!("HTTP/1.1 {status} Said\r\ncontent-type: {content}\r\ncontent-length: {}\r\n\r\n", body.len()),
                body,
            ),
            Say::Nothing => (
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
                Vec::new(),
            ),
        };
        if stream.write_all(head.as_bytes()).await.is_err() || stream.write_all(&body).await.is_err() {
            return;
        }
    }
}

/// Method and path of the next request; its body is read and left alone.
async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<(String, String)> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let whole = end + 4 + length.unwrap_or(0);
            if buffer.len() >= whole {
                buffer.drain(..whole);
                let mut words = head.split(' ').map(str::to_owned);
                return Some((words.next()?, words.next()?));
            }
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

fn honest(path: &str) -> Say {
    let answer = match path.split('?').next().unwrap_or_default() {
        "/version" => json!({ "gitVersion": "v1.36.3" }),
        "/api/v1/namespaces/shop" => json!({ "metadata": { "name": "shop", "uid": "5d0e" } }),
        path if path.ends_with("/selfsubjectreviews") => json!({ "status": { "userInfo": { "username": "ann" } } }),
        path if path.ends_with("/selfsubjectaccessreviews") => json!({ "status": { "allowed": true } }),
        _ => json!({ "metadata": { "resourceVersion": "1" }, "items": [] }),
    };
    Say::json(&answer)
}
