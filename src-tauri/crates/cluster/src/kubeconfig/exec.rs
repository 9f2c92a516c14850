//! Credential programs of kubeconfigs (client-go credential plugins), run by us: kube's own call blocks a thread
//! without a limit and may take the terminal.

use super::{KubeconfigError, family, program};
use crate::{ClusterError, SignInFailure};
use jiff::Timestamp;
use kube::config::ExecConfig;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Longest that a program may take: some of them open a browser and wait.
const TIMEOUT: Duration = Duration::from_mins(1);
const VERSIONS: [&str; 2] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/// What a program answered.
#[derive(Debug)]
pub(crate) struct Issued {
    pub token: Option<SecretString>,
    /// PEM of certificate and key.
    pub certificate: Option<(String, SecretString)>,
    pub expires: Option<Timestamp>,
}

/// Runs the program: PATH of a login shell, no stdin, 60 s. Dropping the future kills it, and what it has started.
pub(crate) async fn run(exec: &ExecConfig) -> Result<Issued, ClusterError> {
    let command = exec.command.clone().unwrap_or_default();
    let because = |failure: SignInFailure| ClusterError::SignIn { doing: format!("sign in with {command}"), failure };
    let failed = |message: String| because(SignInFailure::Program { program: command.clone(), message });
    let version = exec.api_version.clone().unwrap_or_else(|| VERSIONS[0].to_owned());
    if !VERSIONS.contains(&version.as_str()) {
        return Err(because(KubeconfigError::Unsupported { what: format!("apiVersion: {version}") }.into()));
    }
    let path = program::login_path().await;
    let Some(resolved) = program::resolve(&command, &path) else {
        return Err(because(KubeconfigError::ExecNotInstalled { program: command.clone(), path }.into()));
    };
    let info = json!({
        "apiVersion": version,
        "kind": "ExecCredential",
        "spec": { "interactive": false, "cluster": exec.cluster },
    });
    let variables = exec.env.iter().flatten().filter_map(|entry| Some((entry.get("name")?, entry.get("value")?)));
    let mut run = Command::new(resolved);
    run.args(exec.args.iter().flatten())
        .env("PATH", &path)
        .envs(variables)
        .env("KUBERNETES_EXEC_INFO", info.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let (child, family) = family::spawn(&mut run).map_err(|error| failed(error.to_string()))?;
    let output = tokio::time::timeout(TIMEOUT, child.wait_with_output())
        .await
        .map_err(|_| because(SignInFailure::ProgramSilent { program: command.clone(), seconds: TIMEOUT.as_secs() }))?
        .map_err(|error| failed(error.to_string()))?;
    family.leave();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let status = output.status.to_string();
        return Err(failed(if last.is_empty() { status } else { format!("{status}: {}", last.trim()) }));
    }
    issued(&output.stdout, &version).map_err(failed)
}

/// Client-go reads YAML here too, and some programs print it.
fn issued(stdout: &[u8], version: &str) -> Result<Issued, String> {
    let text = std::str::from_utf8(stdout).map_err(|_| "its answer is not text".to_owned())?;
    // The parser's own message would show a piece of the answer, which is a credential.
    let answer: ExecCredential =
        serde_saphyr::from_str(text).map_err(|_| "its answer is no ExecCredential".to_owned())?;
    if answer.api_version != version {
        return Err(format!("it answered in {} to a question in {version}", answer.api_version));
    }
    let status = answer.status.ok_or("its answer has no status")?;
    let expires = match status.expiration_timestamp.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| "its answer has no readable expirationTimestamp".to_owned())?),
    };
    let token = status.token.filter(|token| !token.is_empty()).map(SecretString::from);
    let certificate = match (status.client_certificate_data, status.client_key_data) {
        (Some(certificate), Some(key)) => Some((certificate, SecretString::from(key))),
        _ => None,
    };
    if token.is_none() && certificate.is_none() {
        return Err("its answer has neither token nor certificate".to_owned());
    }
    Ok(Issued { token, certificate, expires })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential {
    api_version: String,
    status: Option<ExecStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecStatus {
    expiration_timestamp: Option<String>,
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn shell(script: &str) -> ExecConfig {
        ExecConfig {
            api_version: Some(VERSIONS[0].to_owned()),
            command: Some("sh".to_owned()),
            args: Some(vec!["-c".to_owned(), script.to_owned()]),
            ..ExecConfig::default()
        }
    }

    async fn fails(script: &str) -> String {
        run(&shell(script)).await.expect_err(script).to_string()
    }

    #[tokio::test]
    async fn a_token_is_taken_from_the_answer() {
        let answer = r#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
            "status":{"token":"'$NAME'","expirationTimestamp":"2030-01-01T00:00:00Z"}}'"#;
        let mut exec = shell(answer);
        exec.env = Some(vec![[("name", "NAME"), ("value", "t1")].map(|(a, b)| (a.to_owned(), b.to_owned())).into()]);
        let issued = run(&exec).await.expect("issued");
        assert_eq!(issued.token.expect("a token").expose_secret(), "t1");
        assert_eq!(issued.expires.map(|at| at.to_string()).as_deref(), Some("2030-01-01T00:00:00Z"));
    }

    #[tokio::test]
    async fn the_program_is_told_what_it_needs_and_has_no_stdin() {
        let answer = r#"read line && exit 3
            case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) ;; *) exit 4;; esac
            printf 'apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus: {token: yes-yaml}\n'"#;
        let issued = run(&shell(answer)).await.expect("issued");
        assert_eq!(issued.token.expect("a token").expose_secret(), "yes-yaml");
    }

    #[tokio::test]
    async fn failures_say_why() {
        assert!(fails("echo one >&2; echo 'log in first' >&2; exit 7").await.ends_with("log in first"));
        let secret = fails("echo 'not { yaml secret-abc'").await;
        assert!(secret.contains("no ExecCredential") && !secret.contains("secret-abc"), "{secret}");
        assert!(fails(r#"echo '{"apiVersion":"client.authentication.k8s.io/v1"}'"#).await.contains("no status"));
        let other = r#"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"a"}}'"#;
        assert!(fails(other).await.contains("v1beta1"));
        let mut exec = shell("");
        exec.command = Some("no-such-program-here".to_owned());
        let missing = run(&exec).await.expect_err("missing");
        assert!(
            matches!(&missing, ClusterError::SignIn { failure: SignInFailure::Kubeconfig(
                KubeconfigError::ExecNotInstalled { program, .. }), .. } if program == "no-such-program-here"),
            "{missing}"
        );
    }
}
