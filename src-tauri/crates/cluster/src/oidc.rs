//! Identity tokens of `OpenID` Connect, as kubeconfigs hold them: used while they last, then exchanged for a new one by
//! their refresh token. Nothing is written back.
//!
//! kube's own exchange takes no client without a secret and no authority of the issuer's own; kubectl takes both.

use crate::SignInFailure;
use crate::certificate;
use crate::client;
use crate::sign_in::token_expiry;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::{Serializer, byte_serialize};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, StatusCode, Uri};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use kube::client::Body;
use kube::{Client, Config};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

/// A token that ends sooner is exchanged before it is used.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);
/// Discovery and exchange together.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An identity token that lasts, and until when.
pub(crate) async fn token(
    config: &HashMap<String, String>,
    now: Timestamp,
) -> Result<(SecretString, Option<Timestamp>), SignInFailure> {
    if let Some(token) = given(config, "id-token") {
        let expires = token_expiry(token);
        if expires.is_none_or(|at| at.duration_since(now) > AHEAD) {
            return Ok((token.into(), expires));
        }
    }
    let issuer = given(config, "idp-issuer-url").unwrap_or_default();
    let failed = |message: String| SignInFailure::Oidc { issuer: issuer.to_owned(), message };
    let exchanged = tokio::time::timeout(TIMEOUT, exchange(config, issuer)).await;
    let exchanged = exchanged.map_err(|_| failed(format!("no answer within {} s", TIMEOUT.as_secs())))?;
    let token = exchanged.map_err(failed)?;
    let expires = token_expiry(&token);
    Ok((token.into(), expires))
}

/// A setting that is there and not empty.
fn given<'a>(config: &'a HashMap<String, String>, name: &str) -> Option<&'a str> {
    config.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

async fn exchange(config: &HashMap<String, String>, issuer: &str) -> Result<String, String> {
    let wanted = |name: &str| {
        given(config, name).ok_or_else(|| format!("its identity token has ended, and the kubeconfig has no {name}"))
    };
    let (refresh, id) = (wanted("refresh-token")?, wanted("client-id")?);
    wanted("idp-issuer-url")?;
    let authority = authority(config)?;
    let metadata = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let metadata = Request::get(&metadata).body(Body::empty()).map_err(|error| error.to_string())?;
    let Discovered { token_endpoint } = read(ask(metadata, authority.as_deref()).await?)?;

    let secret = given(config, "client-secret");
    let mut answer = None;
    // Some issuers want the secret in the header, some in the form, and some refuse both at once.
    for in_header in [true, false].into_iter().skip(usize::from(secret.is_none())) {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh)];
        let mut request = Request::post(&token_endpoint).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        match secret {
            Some(secret) if in_header => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let basic = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
                request = request.header(AUTHORIZATION, format!("Basic {basic}"));
            }
            Some(secret) => fields.extend([("client_id", id), ("client_secret", secret)]),
            None => fields.push(("client_id", id)),
        }
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = request.body(Body::from(form.into_bytes())).map_err(|error| error.to_string())?;
        let said = ask(request, authority.as_deref()).await?;
        let accepted = said.0.is_success();
        answer = Some(said);
        if accepted {
            break;
        }
    }
    let (status, body) = answer.ok_or("nothing was asked")?;
    if !status.is_success() {
        return Err(refusal(status, &body));
    }
    let Issued { id_token } = read((status, body))?;
    id_token.ok_or_else(|| "its answer has no id_token".to_owned())
}

/// The authority that the issuer's certificate is of; `None` trusts the system's.
fn authority(config: &HashMap<String, String>) -> Result<Option<Vec<Vec<u8>>>, String> {
    let pem = match (given(config, "idp-certificate-authority-data"), given(config, "idp-certificate-authority")) {
        (Some(data), _) => STANDARD.decode(data).map_err(|error| format!("idp-certificate-authority-data: {error}"))?,
        (None, Some(file)) => std::fs::read(file).map_err(|error| format!("{file}: {error}"))?,
        (None, None) => return Ok(None),
    };
    let certificates = certificate::all_of_pem(&pem);
    if certificates.is_empty() { Err("its authority is no certificate".to_owned()) } else { Ok(Some(certificates)) }
}

type Answer = (StatusCode, Vec<u8>);

/// Sends one request to wherever it says.
async fn ask(request: Request<Body>, authority: Option<&[Vec<u8>]>) -> Result<Answer, String> {
    let mut parts = request.uri().clone().into_parts();
    let path = parts.path_and_query.replace("/".parse().expect("a path"));
    let server = Uri::from_parts(parts).map_err(|error| error.to_string())?;
    let mut config = Config::new(server);
    config.root_cert = authority.map(<[_]>::to_vec);
    let client: Client = client::for_issuer(config).map_err(|error| deepest(&error))?;
    let (mut head, body) = request.into_parts();
    head.uri = path.map(Uri::from).unwrap_or_default();
    let answer = client.send(Request::from_parts(head, body)).await.map_err(|error| deepest(&error))?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(|error| deepest(&error))?;
    Ok((status, body.to_bytes().to_vec()))
}

/// The sentence that says most.
fn deepest(error: &(dyn Error + 'static)) -> String {
    crate::error::causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

fn read<T: DeserializeOwned>((status, body): Answer) -> Result<T, String> {
    if !status.is_success() {
        return Err(refusal(status, &body));
    }
    // The parser's own message would show a piece of the answer, which is a credential.
    serde_json::from_slice(&body).map_err(|_| "its answer is not what was asked for".to_owned())
}

/// RFC 6749, 5.2.
fn refusal(status: StatusCode, body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(Refused { error, error_description: Some(description) }) => format!("{error}: {description}"),
        Ok(Refused { error, error_description: None }) => error,
        Err(_) => status.to_string(),
    }
}

#[derive(Deserialize)]
struct Discovered {
    token_endpoint: String,
}

#[derive(Deserialize)]
struct Issued {
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    error_description: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use secrecy::ExposeSecret as _;

    fn config(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn jwt(expiry: i64) -> String {
        format!("h.{}.s", URL_SAFE_NO_PAD.encode(format!(r#"{{"exp":{expiry}}}"#)))
    }

    #[tokio::test]
    async fn a_token_that_lasts_is_used_as_it_is() {
        let now = Timestamp::from_second(1_000).expect("a time");
        let (token, expires) = token(&config(&[("id-token", &jwt(1_061))]), now).await.expect("it lasts");
        assert_eq!((token.expose_secret(), expires.map(Timestamp::as_second)), (jwt(1_061).as_str(), Some(1_061)));
    }

    #[tokio::test]
    async fn what_an_exchange_lacks_is_named() {
        let now = Timestamp::from_second(1_000).expect("a time");
        let ended = jwt(1_060);
        let issuer = ("idp-issuer-url", "https://sso");
        for (settings, lacks) in [
            (vec![("id-token", ended.as_str()), issuer], "no refresh-token"),
            (vec![issuer, ("refresh-token", "r")], "no client-id"),
            (vec![("refresh-token", "r"), ("client-id", "c")], "no idp-issuer-url"),
            (
                vec![issuer, ("refresh-token", "r"), ("client-id", "c"), ("idp-certificate-authority", "/no/such")],
                "/no/such",
            ),
        ] {
            let failure = token(&config(&settings), now).await.expect_err(lacks);
            assert!(failure.to_string().contains(lacks), "{failure}");
        }
    }

    #[test]
    fn refusals_are_read_as_the_standard_has_them() {
        let said = br#"{"error":"invalid_grant","error_description":"it has ended"}"#;
        assert_eq!(refusal(StatusCode::BAD_REQUEST, said), "invalid_grant: it has ended");
        assert_eq!(refusal(StatusCode::BAD_GATEWAY, b"<html>"), "502 Bad Gateway");
    }
}
