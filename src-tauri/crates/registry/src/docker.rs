//! Logins that Docker keeps: in its configuration, or in a program that it names.

use crate::Login;
use crate::failure::{Failure, words};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// Longest that a program may take: some unlock a keyring first.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer of a program, and longest configuration, bytes.
const SIZE_MAX: u64 = 1024 * 1024;
/// How Docker's configuration calls its own hub.
const HUB: &str = "docker.io";
const HUB_KEY: &str = "https://index.docker.io/v1/";
/// What a program prints where it has no login (docker-credential-helpers).
const NOT_FOUND: &str = "credentials not found in native keychain";

/// The login for a registry that is written in a configuration of Docker's, which is also what an image pull secret holds.
///
/// # Errors
/// `Nonsense` for what is none; nothing of it is repeated.
pub fn of_docker(config: &[u8], host: &str) -> Result<Option<Login>, Failure> {
    let config: Config =
        serde_json::from_slice(config).map_err(|_| Failure::nonsense("it is no configuration of Docker"))?;
    config.written(key_of(host)).map_err(Failure::nonsense)
}

/// How Docker calls a registry.
fn key_of(host: &str) -> &str {
    if host == HUB { HUB_KEY } else { host }
}

/// Where Docker's configuration is, and where its programs are.
#[derive(Clone, Debug)]
pub struct Docker {
    file: PathBuf,
    path: OsString,
    patience: Duration,
}

impl Docker {
    /// `folder` is `DOCKER_CONFIG`, else `.docker` at home; programs are looked for in `path`.
    pub fn new(folder: &Path, path: impl Into<OsString>) -> Self {
        Self { file: folder.join("config.json"), path: path.into(), patience: TIMEOUT }
    }

    /// What Docker would sign in with at a registry.
    ///
    /// # Errors
    /// `Config` and `Helper`.
    pub async fn login(&self, host: &str) -> Result<Option<Login>, Failure> {
        let Some(config) = self.read().await? else { return Ok(None) };
        let key = key_of(host);
        let helper = config.cred_helpers.get(host).or_else(|| config.cred_helpers.get(key));
        let store = config.creds_store.as_ref().filter(|store| !store.is_empty());
        match (helper, store) {
            (Some(helper), _) | (None, Some(helper)) => self.ask(helper, key).await,
            (None, None) => config.written(key).map_err(|reason| self.unreadable(reason)),
        }
    }

    async fn read(&self) -> Result<Option<Config>, Failure> {
        let mut text = Vec::new();
        let file = match tokio::fs::File::open(&self.file).await {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unreadable(&error.to_string())),
        };
        let read = file.take(SIZE_MAX).read_to_end(&mut text).await;
        read.map_err(|error| self.unreadable(&error.to_string()))?;
        // The parser's own words would show a piece of the file, which holds passwords.
        let config = serde_json::from_slice(&text).map_err(|_| self.unreadable("it is no configuration of Docker"))?;
        Ok(Some(config))
    }

    fn unreadable(&self, reason: &str) -> Failure {
        Failure::Config { path: self.file.display().to_string(), reason: reason.to_owned() }
    }

    /// Runs `docker-credential-NAME get`: no terminal, and with a limit. What it started ends with it.
    async fn ask(&self, name: &str, server: &str) -> Result<Option<Login>, Failure> {
        let program = format!("docker-credential-{name}");
        let failed = |reason: String| Failure::Helper { program: program.clone(), reason };
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
            return Err(failed("this is no name of a program".to_owned()));
        }
        let here = std::env::current_dir().unwrap_or_default();
        let Ok(file) = which::which_in(&program, Some(&self.path), here) else {
            return Err(failed("it is not installed".to_owned()));
        };
        let mut run = Command::new(file);
        run.arg("get").env("PATH", &self.path).kill_on_drop(true);
        run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let (output, good) = tokio::time::timeout(self.patience, answer_of(&mut run, server))
            .await
            .map_err(|_| failed(format!("no answer within {} s", self.patience.as_secs())))?
            .map_err(|error| failed(error.to_string()))?;
        if !good {
            let said = String::from_utf8_lossy(&output);
            let said = words(&said);
            return if said.contains(NOT_FOUND) { Ok(None) } else { Err(failed(ended(&said))) };
        }
        let answer: Answer =
            serde_json::from_slice(&output).map_err(|_| failed("its answer is no login".to_owned()))?;
        if answer.secret.is_empty() {
            return Ok(None);
        }
        Ok(Some(Login { username: answer.username, password: answer.secret.into() }))
    }
}

/// Programs print why they fail; what one prints may also be half of a secret, so JSON is not repeated.
fn ended(said: &str) -> String {
    if said.is_empty() || said.contains(['{', '"']) { "it failed".to_owned() } else { said.to_owned() }
}

/// What a program prints, and whether it ended well.
async fn answer_of(run: &mut Command, input: &str) -> std::io::Result<(Vec<u8>, bool)> {
    #[cfg(unix)]
    run.process_group(0);
    let mut child = run.spawn()?;
    #[cfg(unix)]
    let family = Family(child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())));
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read it may answer all the same.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(SIZE_MAX).read_to_end(&mut output).await?;
    }
    let good = child.wait().await?.success();
    #[cfg(unix)]
    family.leave();
    Ok((output, good))
}

/// A program and what it started, ended together unless it ended by itself.
#[cfg(unix)]
struct Family(Option<rustix::process::Pid>);

#[cfg(unix)]
impl Family {
    fn leave(mut self) {
        self.0 = None;
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        // Nobody left is no error.
        if let Some(group) = self.0 {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Config {
    auths: HashMap<String, Written>,
    creds_store: Option<String>,
    cred_helpers: HashMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    /// Base64 of `username:password`.
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
}

impl Config {
    /// Written in the file itself; keys may carry a scheme and a path, as old ones do.
    fn written(&self, key: &str) -> Result<Option<Login>, &'static str> {
        fn bare(key: &str) -> &str {
            let key = key.split_once("://").map_or(key, |(_, rest)| rest);
            key.split('/').next().unwrap_or_default()
        }
        let wanted = bare(key);
        let same = || self.auths.iter().find(|(key, _)| bare(key) == wanted).map(|(_, auth)| auth);
        let Some(auth) = self.auths.get(key).or_else(same) else { return Ok(None) };
        if !auth.identitytoken.is_empty() {
            return Ok(Some(Login::identity(auth.identitytoken.clone().into())));
        }
        if auth.auth.is_empty() {
            let known = !auth.username.is_empty();
            let password = SecretString::from(auth.password.clone());
            return Ok(known.then(|| Login { username: auth.username.clone(), password }));
        }
        let decoded = STANDARD.decode(auth.auth.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let decoded = decoded.ok_or("a login in it is not readable")?;
        let (username, password) = decoded.split_once(':').ok_or("a login in it is not readable")?;
        let password = password.trim_end_matches('\0');
        Ok(Some(Login { username: username.to_owned(), password: password.to_owned().into() }))
    }
}

#[cfg(test)]
mod tests;
