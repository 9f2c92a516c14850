//! One question to a registry and its answer: within a time, of a bounded length, signed in as it asks for.

use crate::Login;
use crate::address::Repository;
use crate::failure::{Failure, words};
use crate::{Access, Registries};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_auth::{ChallengeRef, parser::ChallengeParser};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::time::{Duration, Instant};
use url::Url;

/// Manifests may not be longer (OCI distribution specification), and nothing else that is asked for is, bytes.
pub(crate) const BODY_MAX: usize = 4 * 1024 * 1024;
const ERROR_MAX: usize = 64 * 1024;
/// How long a token is good where its server does not say (Docker's token specification).
const TOKEN_SECONDS: u64 = 60;
/// A token is asked for anew this long before it ends.
const TOKEN_MARGIN: Duration = Duration::from_secs(10);

/// What a registry said.
#[derive(Debug)]
pub(crate) struct Said {
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Said {
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A line of `Authorization` that a registry took, and until when.
#[derive(Debug)]
pub(crate) struct Pass {
    line: SecretString,
    until: Option<Instant>,
}

/// Whose pass it is: no two people and no two repositories share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PassOf {
    server: String,
    path: String,
    /// A hash of name and password: a new password is asked about anew.
    login: Option<[u8; 32]>,
}

impl Registries {
    /// Asks; where the registry wants to know who does, it is told, once.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: &str,
        accept: &str,
        of: &Repository,
        access: &Access,
    ) -> Result<Said, Failure> {
        let key = PassOf {
            server: of.server().to_owned(),
            path: of.path().to_owned(),
            login: access.login.as_ref().map(|login| Sha256::digest(basic_line(login).expose_secret()).into()),
        };
        let known = self.pass(&key);
        let response = self.send(method.clone(), url, accept, known.as_ref()).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return read(response, access).await;
        }
        let Some(pass) = self.sign_in(&response, of, access).await? else {
            return read(response, access).await;
        };
        let line = pass.line.clone();
        let response = self.send(method, url, accept, Some(&line)).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            self.passes.lock().expect("no panic while it is held").insert(key, pass);
        }
        read(response, access).await
    }

    fn pass(&self, key: &PassOf) -> Option<SecretString> {
        let passes = self.passes.lock().expect("no panic while it is held");
        let pass = passes.get(key)?;
        pass.until.is_none_or(|until| Instant::now() < until).then(|| pass.line.clone())
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        accept: &str,
        line: Option<&SecretString>,
    ) -> Result<Response, Failure> {
        let mut request = self.http.request(method, url).header(ACCEPT, accept);
        if let Some(line) = line {
            request = request.header(AUTHORIZATION, sensitive(line)?);
        }
        request.send().await.map_err(Failure::of)
    }

    /// Answers what a registry asks for: the password itself, or a token of its own server for it. `None` where there is
    /// nothing to say.
    async fn sign_in(&self, response: &Response, of: &Repository, access: &Access) -> Result<Option<Pass>, Failure> {
        let lines = response.headers().get_all(WWW_AUTHENTICATE).iter().filter_map(|line| line.to_str().ok());
        let challenges: Vec<ChallengeRef<'_>> = lines.flat_map(|line| ChallengeParser::new(line).flatten()).collect();
        let of_scheme =
            |scheme: &str| challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme));
        if let Some(bearer) = of_scheme("bearer") {
            return self.token(bearer, of, access).await.map(Some);
        }
        let basic = of_scheme("basic").and(access.login.as_ref()).filter(|login| !login.is_identity());
        Ok(basic.map(|login| Pass { line: basic_line(login), until: None }))
    }

    /// Asks the server that the registry names for a token to pull this repository, and for nothing else.
    async fn token(&self, bearer: &ChallengeRef<'_>, of: &Repository, access: &Access) -> Result<Pass, Failure> {
        let param = |name: &str| {
            let found = bearer.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        let realm = param("realm").ok_or_else(|| Failure::nonsense("it wants a token and does not say whose"))?;
        let realm = Url::parse(&realm).map_err(|_| Failure::nonsense("the address of its token server is none"))?;
        if realm.scheme() != "https" && !(realm.scheme() == "http" && access.plain) {
            return Err(Failure::nonsense("its token server is not asked over TLS"));
        }
        let scope = format!("repository:{}:pull", of.path());
        let mut query = vec![("scope", scope)];
        query.extend(param("service").map(|service| ("service", service)));
        let request = match &access.login {
            Some(login) if login.is_identity() => {
                query.push(("grant_type", "refresh_token".to_owned()));
                query.push(("client_id", "slipway".to_owned()));
                query.push(("refresh_token", login.password.expose_secret().to_owned()));
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&query).finish();
                let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
                self.http.post(realm).header(reqwest::header::CONTENT_TYPE, kind).body(form)
            }
            Some(login) => self.http.get(realm).query(&query).header(AUTHORIZATION, sensitive(&basic_line(login))?),
            None => self.http.get(realm).query(&query),
        };
        let said = read(request.send().await.map_err(Failure::of)?, access).await.map_err(|failure| match failure {
            // Token servers have no images: it does not know who asks.
            Failure::NoImage | Failure::NoRepository => {
                Failure::Refused { signed_in: access.login.is_some(), message: String::new() }
            }
            failure => failure,
        })?;
        // The parser's own words would show a piece of the token.
        let granted: Granted =
            serde_json::from_slice(&said.body).map_err(|_| Failure::nonsense("its token server gives no token"))?;
        let text = [granted.token, granted.access_token].into_iter().flatten().find(|token| !token.is_empty());
        let text = text.ok_or_else(|| Failure::nonsense("its token server gives no token"))?;
        let lasts = Duration::from_secs(granted.expires_in.unwrap_or(TOKEN_SECONDS)).saturating_sub(TOKEN_MARGIN);
        // A time that no clock has is as good as no end.
        Ok(Pass { line: format!("Bearer {text}").into(), until: Instant::now().checked_add(lasts) })
    }
}

#[derive(Deserialize)]
struct Granted {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

fn basic_line(login: &Login) -> SecretString {
    let pair = format!("{}:{}", login.username, login.password.expose_secret());
    format!("Basic {}", STANDARD.encode(pair)).into()
}

fn sensitive(line: &SecretString) -> Result<HeaderValue, Failure> {
    let value = HeaderValue::from_str(line.expose_secret());
    let mut value = value.map_err(|_| Failure::nonsense("its token can not be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The whole answer, or what it says is wrong.
async fn read(mut response: Response, access: &Access) -> Result<Said, Failure> {
    let status = response.status();
    let good = status.is_success();
    let (url, headers) = (response.url().clone(), response.headers().clone());
    let most = if good { BODY_MAX } else { ERROR_MAX };
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(Failure::of)? {
        if body.len() + piece.len() > most {
            if good {
                return Err(Failure::nonsense(format!("its answer is longer than {most} bytes")));
            }
            break;
        }
        body.extend_from_slice(&piece);
    }
    if good { Ok(Said { url, headers, body }) } else { Err(refusal(status, &headers, &body, access)) }
}

fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], access: &Access) -> Failure {
    let errors: Errors = serde_json::from_slice(body).unwrap_or_default();
    let message = errors.errors.first().map(|error| words(&error.message)).unwrap_or_default();
    let is = |code: &str| errors.errors.iter().any(|error| error.code == code);
    match status {
        StatusCode::TOO_MANY_REQUESTS => Failure::Limited { retry_after: retry_after(headers) },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Failure::Refused { signed_in: access.login.is_some(), message }
        }
        StatusCode::NOT_FOUND if is("NAME_UNKNOWN") => Failure::NoRepository,
        StatusCode::NOT_FOUND => Failure::NoImage,
        status if is("TOOMANYREQUESTS") => {
            tracing::debug!(%status, "a limit is told by another status");
            Failure::Limited { retry_after: retry_after(headers) }
        }
        status if status.is_server_error() => Failure::Broken { status: status.as_u16(), message },
        status => Failure::nonsense(if message.is_empty() { format!("status {status}") } else { message }),
    }
}

/// In seconds, or at a time (RFC 9110 § 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Duration::try_from(at.duration_since(jiff::Timestamp::now())).ok()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    errors: Vec<ErrorSaid>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorSaid {
    code: String,
    message: String,
}
