//! Reading: files into contexts, and one context into what kube needs to connect.

use super::{ContextRow, Contexts, KubeconfigError, SignIn, program};
use crate::certificate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kube::config::{AuthInfo, Kubeconfig, KubeconfigError as KubeError, NamedContext};
use std::path::{Path, PathBuf};

/// The files that `kubectl` reads: those of `KUBECONFIG`, else `~/.kube/config`. They need not exist.
pub fn default_files() -> Vec<PathBuf> {
    let listed: Vec<PathBuf> = std::env::var_os("KUBECONFIG")
        .map(|list| std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect())
        .unwrap_or_default();
    if listed.is_empty() {
        std::env::home_dir().map(|home| vec![home.join(".kube").join("config")]).unwrap_or_default()
    } else {
        listed
    }
}

/// Reads kubeconfig files, the first to name a thing winning. Of several, those that do not exist are passed over, as
/// kubectl does.
///
/// # Errors
/// `Missing`, `NotYaml`, `NoContexts`. What is wrong with single contexts stands in their rows.
pub async fn read(files: &[PathBuf]) -> Result<Contexts, KubeconfigError> {
    let loaded = load(files)?;
    let path = program::login_path().await;
    let rows: Vec<ContextRow> = rows(&loaded, &path, Timestamp::now());
    if rows.is_empty() {
        return Err(KubeconfigError::NoContexts { files: files.iter().map(|file| shown(file)).collect() });
    }
    Ok(Contexts { files: loaded.parts.into_iter().map(|(file, _)| file).collect(), rows })
}

/// Reads pasted text.
///
/// # Errors
/// As `read`.
pub async fn parse(text: &str) -> Result<Contexts, KubeconfigError> {
    let loaded = Loaded { merged: from_text(text)?, parts: Vec::new() };
    let rows = rows(&loaded, &program::login_path().await, Timestamp::now());
    if rows.is_empty() {
        return Err(KubeconfigError::NoContexts { files: Vec::new() });
    }
    Ok(Contexts { files: Vec::new(), rows })
}

/// The whole of some files, and what each of them says.
pub(crate) struct Loaded {
    pub merged: Kubeconfig,
    parts: Vec<(PathBuf, Kubeconfig)>,
}

pub(crate) fn load(files: &[PathBuf]) -> Result<Loaded, KubeconfigError> {
    let mut parts = Vec::new();
    for file in files {
        match Kubeconfig::read_from(file) {
            Ok(part) => parts.push((file.clone(), part)),
            Err(KubeError::ReadConfig(error, _)) if files.len() > 1 && error.kind() == std::io::ErrorKind::NotFound => {
            }
            Err(error) => return Err(refused(&error, &shown(file))),
        }
    }
    if parts.is_empty() {
        let file = files.iter().map(|file| shown(file)).collect::<Vec<_>>().join(", ");
        return Err(KubeconfigError::Missing { file, reason: "there is no such file".to_owned() });
    }
    let merged = parts
        .iter()
        .try_fold(Kubeconfig::default(), |merged, (_, part)| merged.merge(part.clone()))
        .map_err(|error| refused(&error, &shown(&files[0])))?;
    Ok(Loaded { merged, parts })
}

pub(crate) fn from_text(text: &str) -> Result<Kubeconfig, KubeconfigError> {
    Kubeconfig::from_yaml(text).map_err(|error| refused(&error, ""))
}

fn refused(error: &KubeError, file: &str) -> KubeconfigError {
    let file = file.to_owned();
    match error {
        KubeError::ReadConfig(error, _) => KubeconfigError::Missing { file, reason: error.to_string() },
        KubeError::Parse(error) => {
            let (line, column) = error.location().map_or((0, 0), |at| (at.line(), at.column()));
            // The library shows the offending lines below its sentence, and they may hold a secret.
            let sentence = error.to_string();
            let sentence = sentence.lines().next().unwrap_or_default();
            // It begins with the place, which is said already.
            let reason = sentence.split_once(&format!("column {column}: ")).map_or(sentence, |(_, reason)| reason);
            let reason = reason.to_owned();
            KubeconfigError::NotYaml { file, line, column, reason }
        }
        other => KubeconfigError::NotYaml { file, line: 0, column: 0, reason: other.to_string() },
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

fn rows(loaded: &Loaded, path: &str, now: Timestamp) -> Vec<ContextRow> {
    loaded.merged.contexts.iter().map(|context| row(loaded, context, path, now)).collect()
}

fn row(loaded: &Loaded, named: &NamedContext, path: &str, now: Timestamp) -> ContextRow {
    let config = &loaded.merged;
    let context = named.context.clone().unwrap_or_default();
    let user = context.user.unwrap_or_default();
    let cluster = config.clusters.iter().find(|cluster| cluster.name == context.cluster);
    let server = cluster.and_then(|cluster| cluster.cluster.as_ref()?.server.clone());
    let auth = config.auth_infos.iter().find(|auth| auth.name == user);
    let auth_info = auth.and_then(|auth| auth.auth_info.clone()).unwrap_or_default();
    let sign_in = sign_in(&auth_info, path);
    let file = loaded.parts.iter().find(|(_, part)| part.contexts.iter().any(|context| context.name == named.name));
    let problem = match (&server, &auth) {
        (None, _) => {
            Some(KubeconfigError::DanglingCluster { context: named.name.clone(), cluster: context.cluster.clone() })
        }
        (_, None) if !user.is_empty() => {
            Some(KubeconfigError::DanglingUser { context: named.name.clone(), user: user.clone() })
        }
        _ => trouble(&auth_info, &sign_in, (&named.name, &user), path, now),
    };
    ContextRow {
        name: named.name.clone(),
        file: file.map(|(file, _)| file.clone()).unwrap_or_default(),
        cluster: context.cluster,
        user,
        server: server.unwrap_or_default(),
        namespace: context.namespace.filter(|namespace| !namespace.is_empty()).unwrap_or_else(|| "default".to_owned()),
        current: config.current_context.as_deref() == Some(named.name.as_str()),
        sign_in,
        problem,
    }
}

/// In the order that kube tries them.
fn sign_in(auth: &AuthInfo, path: &str) -> SignIn {
    if let Some(provider) = auth.auth_provider.as_ref().filter(|provider| provider.name == "oidc") {
        return SignIn::Oidc { issuer: provider.config.get("idp-issuer-url").cloned().unwrap_or_default() };
    }
    if auth.username.is_some() && auth.password.is_some() {
        return SignIn::Basic;
    }
    if auth.token.is_some() || auth.token_file.is_some() {
        return SignIn::Token;
    }
    if let Some(exec) = &auth.exec {
        let command = exec.command.clone().unwrap_or_default();
        let resolved = program::resolve(&command, path);
        return SignIn::Exec { command, args: exec.args.clone().unwrap_or_default(), resolved };
    }
    if auth.client_certificate.is_some() || auth.client_certificate_data.is_some() {
        return SignIn::Certificate { expires: certificate(auth).map(|facts| facts.not_after) };
    }
    SignIn::None
}

fn trouble(
    auth: &AuthInfo,
    sign_in: &SignIn,
    (context, user): (&str, &str),
    path: &str,
    now: Timestamp,
) -> Option<KubeconfigError> {
    if let Some(provider) = auth.auth_provider.as_ref().filter(|provider| provider.name != "oidc") {
        return Some(KubeconfigError::Unsupported { what: format!("auth-provider: {}", provider.name) });
    }
    match sign_in {
        SignIn::Certificate { expires: Some(at) } if *at <= now => {
            Some(KubeconfigError::CertificateExpired { user: user.to_owned(), at: *at })
        }
        SignIn::Certificate { expires: None } => match &auth.client_certificate {
            Some(file) if !Path::new(file).exists() => Some(KubeconfigError::Unusable {
                context: context.to_owned(),
                reason: format!("{file}: there is no such file"),
            }),
            _ => Some(KubeconfigError::Unusable {
                context: context.to_owned(),
                reason: format!("the certificate of user {user} cannot be read"),
            }),
        },
        SignIn::Exec { command, resolved: None, .. } => {
            Some(KubeconfigError::ExecNotInstalled { program: command.clone(), path: path.to_owned() })
        }
        _ => None,
    }
}

pub(crate) fn certificate(auth: &AuthInfo) -> Option<certificate::Facts> {
    let pem = match (&auth.client_certificate_data, &auth.client_certificate) {
        (Some(data), _) => STANDARD.decode(data).ok()?,
        (None, Some(file)) => std::fs::read(file).ok()?,
        (None, None) => return None,
    };
    certificate::first_of_pem(&pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r"
apiVersion: v1
kind: Config
current-context: a
clusters:
- {name: c, cluster: {server: 'https://127.0.0.1:6443'}}
contexts:
- {name: a, context: {cluster: c, user: u, namespace: shop}}
users:
";

    async fn one(users: &str) -> ContextRow {
        parse(&format!("{BASE}{users}")).await.expect("readable").rows.remove(0)
    }

    #[tokio::test]
    async fn how_each_user_signs_in() {
        let oidc =
            "- {name: u, user: {auth-provider: {name: oidc, config: {idp-issuer-url: 'https://sso', id-token: x}}}}";
        let exec =
            "- {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, x]}}}";
        for (user, fits) in [
            ("- {name: u, user: {token: t}}", (|s| *s == SignIn::Token) as fn(&SignIn) -> bool),
            ("- {name: u, user: {username: a, password: b}}", |s| *s == SignIn::Basic),
            ("- {name: u, user: {}}", |s| *s == SignIn::None),
            (oidc, |s| matches!(s, SignIn::Oidc { issuer } if issuer == "https://sso")),
            (exec, |s| matches!(s, SignIn::Exec { command, resolved: Some(_), .. } if command == "sh")),
        ] {
            let row = one(user).await;
            assert!(fits(&row.sign_in), "{:?}", row.sign_in);
            assert_eq!((row.problem, row.namespace.as_str(), row.current), (None, "shop", true));
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_context() {
        use KubeconfigError as E;
        let missing = "- {name: u, user: {exec: {command: no-such-program-here}}}";
        for (user, fits) in [
            (
                "- {name: other, user: {token: t}}",
                (|e| matches!(e, E::DanglingUser { user, .. } if user == "u")) as fn(&E) -> bool,
            ),
            (missing, |e| matches!(e, E::ExecNotInstalled { program, .. } if program == "no-such-program-here")),
            ("- {name: u, user: {auth-provider: {name: gcp}}}", |e| matches!(e, E::Unsupported { .. })),
            (
                "- {name: u, user: {client-certificate: /no/such, client-key: /no/such}}",
                |e| matches!(e, E::Unusable { reason, .. } if reason.starts_with("/no/such: ")),
            ),
        ] {
            let problem = one(user).await.problem.expect(user);
            assert!(fits(&problem), "{problem:?}");
        }
        let dangling = BASE.replace("cluster: c, user", "cluster: gone, user") + "- {name: u, user: {token: t}}";
        let row = parse(&dangling).await.expect("readable").rows.remove(0);
        assert!(matches!(row.problem, Some(E::DanglingCluster { .. })));
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_file() {
        let broken = parse("apiVersion: v1\nclusters: [\n  {name: x\n").await.expect_err("broken");
        assert!(matches!(&broken, KubeconfigError::NotYaml { line, .. } if *line > 0), "{broken:?}");
        let secret = parse("users:\n- name: u\n  user: {token: very-secret, exec: 7}\n").await.expect_err("wrong type");
        assert!(!secret.to_string().contains("very-secret"), "{secret}");
        assert_eq!(parse("kind: Config").await.expect_err("empty"), KubeconfigError::NoContexts { files: vec![] });
        let missing = read(&[PathBuf::from("/no/such/file")]).await.expect_err("missing");
        assert!(matches!(missing, KubeconfigError::Missing { .. }));
    }

    #[tokio::test]
    async fn files_are_merged_and_remembered() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        std::fs::write(&first, format!("{BASE}- {{name: u, user: {{token: t}}}}")).expect("written");
        std::fs::write(&second, BASE.replace("name: a,", "name: b,").replace("context: a", "context: b"))
            .expect("written");
        let gone = folder.path().join("gone");
        let contexts = read(&[first.clone(), gone, second.clone()]).await.expect("readable");
        let rows: Vec<_> = contexts.rows.iter().map(|row| (row.name.as_str(), &row.file, row.current)).collect();
        assert_eq!(rows, [("a", &first, true), ("b", &second, false)]);
        assert_eq!(contexts.files, [first, second]);
    }
}
