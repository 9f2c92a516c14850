//! The log: `logs/slipway.log` in the data folder. Bounded in size and age, and without a readable secret in it.

use regex::Regex;
use rolling_file::{BasicRollingFileAppender, RollingConditionBasic};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{LazyLock, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, filter::LevelFilter, fmt, registry};

/// The file in use and those before it.
const FILES: usize = 7;
const BYTES_PER_FILE: u64 = 10 * 1024 * 1024;

/// Starts to log for the whole process: everything from `info` on to the file, warnings also to stderr. Panics too.
pub(crate) fn start(data_dir: &Path) -> io::Result<()> {
    let folder = data_dir.join("logs");
    std::fs::create_dir_all(&folder)?;
    let file = rolling(&folder.join("slipway.log"), BYTES_PER_FILE)?;
    registry().with(layer(file, LevelFilter::INFO)).with(layer(io::stderr(), LevelFilter::WARN)).init();
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(())
}

fn rolling(path: &Path, bytes: u64) -> io::Result<BasicRollingFileAppender> {
    BasicRollingFileAppender::new(path, RollingConditionBasic::new().daily().max_size(bytes), FILES - 1)
}

fn layer<S, W>(to: W, least: LevelFilter) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> registry::LookupSpan<'a>,
    W: Write + Send + 'static,
{
    fmt::layer().with_ansi(false).with_writer(Redacted(Mutex::new(to))).with_filter(least)
}

/// Writes each event without its secrets. An event arrives whole, so a secret that spans lines is seen whole.
struct Redacted<W>(Mutex<W>);

impl<'a, W: Write + 'a> MakeWriter<'a> for Redacted<W> {
    type Writer = Event<'a, W>;

    fn make_writer(&'a self) -> Self::Writer {
        Event { to: &self.0, text: Vec::new() }
    }
}

/// One event, written when it is complete.
struct Event<'a, W: Write> {
    to: &'a Mutex<W>,
    text: Vec<u8>,
}

impl<W: Write> Write for Event<'_, W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for Event<'_, W> {
    fn drop(&mut self) {
        let text = redact(String::from_utf8_lossy(&self.text).trim_end());
        let mut to = self.to.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A log that cannot be written must not end what it tells of.
        writeln!(to, "{text}").and_then(|()| to.flush()).ok();
    }
}

/// What a secret looks like, and what is left of it.
static SECRETS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        // Private keys, also cut off, also with their line ends escaped.
        (r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)", "[private key]"),
        // `-----BEGIN ` in base64, as a kubeconfig has keys.
        (r"LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]+", "[key]"),
        (r"slw1\.[A-Za-z0-9_\-.=]+", "[authorization code]"),
        (r"\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?", "[token]"),
        (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", "$1 [secret]"),
        (r"://[^/\s@]*:[^/\s@]+@", "://[secret]@"),
        (
            r#"(?i)\b((?:access_|refresh_|id_|bearer_)?token|password|passphrase|client_secret|secret|authorization)(\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;&}]{4,}"#,
            "$1$2[secret]",
        ),
    ]
    .map(|(pattern, rest)| (Regex::new(pattern).expect("the pattern is valid"), rest))
    .into()
});

fn redact(text: &str) -> String {
    SECRETS.iter().fold(text.to_owned(), |text, (secret, rest)| secret.replace_all(&text, *rest).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const JWT: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl-canary";
    const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\nMIIEcanaryAKCAQEA\nq83vcanary\n-----END RSA PRIVATE KEY-----";

    /// Everything that is logged while `act` runs, as the file would have it.
    fn logged(act: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Memory(Arc<Mutex<Vec<u8>>>);
        impl Write for Memory {
            fn write(&mut self, text: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(text)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let memory = Memory::default();
        let subscriber = registry().with(layer(memory.clone(), LevelFilter::INFO));
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(memory.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn no_secret_reaches_the_log_whichever_way_it_comes() {
        let code = "slw1.KLUv_QBYcanary-.9f";
        let key_data = "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpjanarycanary";
        let log = logged(|| {
            let _span = tracing::info_span!("link", code).entered();
            tracing::info!(token = JWT, "sent Authorization: Bearer opaque.canary-123");
            tracing::info!("read {PEM} of the file");
            tracing::info!(key = PEM, "debug");
            tracing::info!("got {JWT} from the server");
            tracing::warn!(error = ?format!("cut off {}", &PEM[..50]), "parse");
            tracing::info!("client-key-data: {key_data}");
            tracing::info!("dial https://user:canary@registry.example.com/v2/");
            tracing::info!(r#"answer {{"access_token":"canary-opaque","password": "canary!","expires_in":3600}}"#);
            tracing::error!("Basic dXNlcjpjanary{}", "canary");
        });
        assert!(!log.contains("canary"), "{log}");
        for left in ["[private key] of the file", "[authorization code]", "[token]", "registry.example.com/v2/", "3600"]
        {
            assert!(log.contains(left), "{left} is missing in {log}");
        }
        assert_eq!(log.lines().count(), 9, "{log}");
    }

    #[test]
    fn what_is_no_secret_stays() {
        let plain = "read pods of shop/checkout-api: 403 Forbidden; the token expires in 3 days; \
                     sha256:0123456789abcdef; -----BEGIN CERTIFICATE-----; secrets \"registry\" not found";
        assert_eq!(redact(plain), plain);
    }

    #[test]
    fn traces_are_left_out() {
        let log = logged(|| {
            tracing::trace!("loud");
            tracing::debug!("loud");
            tracing::info!("said");
        });
        assert!(log.contains("said") && !log.contains("loud"), "{log}");
    }

    #[test]
    fn the_files_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = rolling(&folder.path().join("slipway.log"), 1000).unwrap();
        for _ in 0..200 {
            log.write_all(&[b'x'; 100]).unwrap();
            log.flush().unwrap();
        }
        let sizes: Vec<_> =
            folder.path().read_dir().unwrap().map(|file| file.unwrap().metadata().unwrap().len()).collect();
        assert_eq!(sizes.len(), FILES);
        assert!(sizes.iter().all(|size| *size <= 1000), "{sizes:?}");
    }
}
