//! A network with nothing in it but the cluster's API server: whoever else is spoken to is seen.
//!
//! The test runs itself once more in a network namespace. There every address is this machine's, so that no packet gets
//! out, and whatever is not loopback comes to a listener that counts it. A socket in a folder leads out to the API server.

use anyhow::{Context, Result, ensure};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream, UdpSocket, UnixListener, UnixStream};
use tokio::process::Command;

/// Names the folder with the way out, inside.
const WAY: &str = "SLIPWAY_TEST_WAY_OUT";
/// Reserved for documentation: nobody's, wherever this runs.
const ELSEWHERE: [&str; 2] = ["198.51.100.1:443", "[2001:db8::1]:443"];

/// What reached the listener, each as protocol and where it was sent to or came from.
type Visits = Arc<Mutex<Vec<String>>>;

/// The inside of such a network.
#[derive(Debug)]
pub(super) struct Alone {
    visits: Visits,
}

impl Alone {
    /// Whether this process is inside.
    pub(super) fn is_inside() -> bool {
        std::env::var_os(WAY).is_some()
    }

    /// Runs the test of this name again inside, with a way to `server`, and expects that it passes there.
    pub(super) async fn run(test: &str, server: &str) -> Result<()> {
        let folder = tempfile::tempdir().context("make a folder for the way out")?;
        let way = UnixListener::bind(way_in(folder.path())).context("make the way out")?;
        let server = address(server)?;
        tokio::spawn(async move {
            while let Ok((mut inside, _)) = way.accept().await {
                tokio::spawn(async move {
                    // A server that is gone ends the connection inside too.
                    if let Ok(mut outside) = TcpStream::connect(server).await {
                        tokio::io::copy_bidirectional(&mut inside, &mut outside).await.ok();
                    }
                });
            }
        });
        let mut inside = Command::new("unshare");
        inside.arg("--net").arg("--").arg(std::env::current_exe()?).args(["--exact", test, "--nocapture"]);
        inside.env(WAY, folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        // Kept back: its result is ours, and would count twice.
        let ended = inside.output().await.context("start unshare")?;
        let said = [ended.stdout, ended.stderr].concat();
        ensure!(ended.status.success(), "inside: {}\n{}", ended.status, String::from_utf8_lossy(&said));
        Ok(())
    }

    /// Makes the network that this process is in one where only `server` is.
    pub(super) async fn enter(server: &str) -> Result<Self> {
        let folder = PathBuf::from(std::env::var_os(WAY).context("this process is not inside")?);
        for words in [
            &["ip", "link", "set", "lo", "up"][..],
            &["ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo"],
            &["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"],
        ] {
            run("busybox", words).await?;
        }
        lead_out(address(server)?, way_in(&folder)).await?;
        let visits = Visits::default();
        let (tcp, udp) = (count_tcp(visits.clone()).await?, count_udp(visits.clone()).await?);
        // Questions to a resolver are caught on loopback too.
        let rules = format!(
            "table inet slipway {{ chain out {{ type nat hook output priority -100; \
                 udp dport 53 redirect to :{udp}; \
                 ip daddr 127.0.0.0/8 accept; ip6 daddr ::1 accept; \
                 meta l4proto tcp redirect to :{tcp}; meta l4proto udp redirect to :{udp}; }}; }}"
        );
        run("nft", &[&rules]).await?;
        Ok(Self { visits })
    }

    /// Expects that nobody was spoken to so far, and that somebody would have been seen.
    pub(super) async fn nobody_was_visited(&self) -> Result<()> {
        let so_far = self.so_far();
        ensure!(so_far.is_empty(), "somebody was spoken to: {so_far:?}");
        let mut expected = 0;
        for address in ELSEWHERE {
            TcpStream::connect(address).await.with_context(|| format!("visit {address}"))?;
            let socket = UdpSocket::bind(if address.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" }).await?;
            socket.send_to(b"?", address).await.with_context(|| format!("write to {address}"))?;
            expected += 2;
            slipway_tests::window::eventually(format!("a visit to {address} to be seen"), async || {
                Ok((self.so_far().len() == expected).then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    fn so_far(&self) -> Vec<String> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn way_in(folder: &Path) -> PathBuf {
    folder.join("way")
}

/// `https://HOST:PORT`
fn address(server: &str) -> Result<SocketAddr> {
    let host = server.trim_start_matches("https://").trim_end_matches('/');
    let mut found = host.to_socket_addrs().with_context(|| format!("find {host}"))?;
    found.next().with_context(|| format!("{host} has no address"))
}

/// Listens where the server is expected, and hands on what comes.
async fn lead_out(server: SocketAddr, way: PathBuf) -> Result<()> {
    let here = TcpListener::bind(server).await.with_context(|| format!("listen on {server}"))?;
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = here.accept().await {
            let way = way.clone();
            tokio::spawn(async move {
                if let Ok(mut out) = UnixStream::connect(way).await {
                    tokio::io::copy_bidirectional(&mut connection, &mut out).await.ok();
                }
            });
        }
    });
    Ok(())
}

async fn count_tcp(visits: Visits) -> Result<u16> {
    let listener = TcpListener::bind("[::]:0").await.context("listen for visits")?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((_, from)) = listener.accept().await {
            visits.lock().unwrap_or_else(PoisonError::into_inner).push(format!("tcp from {from}"));
        }
    });
    Ok(port)
}

async fn count_udp(visits: Visits) -> Result<u16> {
    let socket = UdpSocket::bind("[::]:0").await.context("listen for packets")?;
    let port = socket.local_addr()?.port();
    tokio::spawn(async move {
        let mut packet = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            let said = String::from_utf8_lossy(&packet[..length]).into_owned();
            visits.lock().unwrap_or_else(PoisonError::into_inner).push(format!("udp from {from}: {said:?}"));
        }
    });
    Ok(port)
}

async fn run(program: &str, words: &[&str]) -> Result<()> {
    let doing = || format!("run {program} {}", words.join(" "));
    let ended = Command::new(program).args(words).stdin(Stdio::null()).output().await.with_context(doing)?;
    ensure!(ended.status.success(), "{}: {}", doing(), String::from_utf8_lossy(&ended.stderr).trim());
    Ok(())
}
