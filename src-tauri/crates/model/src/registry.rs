//! Registries: where images come from, and who one is there.

use crate::field::{FieldCode, FieldError, Fields, Refusal};
use crate::group::object_name;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest name of a host (RFC 1035), with `:` and a port.
const HOST_MAX: usize = 253 + 6;
/// Basic authentication has one line for both.
const LOGIN_MAX: usize = 8 * 1024;

/// Whom a registry knows this person as. The password is in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RegistryLogin {
    /// `host` or `host:port`, as image references begin.
    pub host: String,
    /// Empty for nobody: only how it is asked is known then.
    pub username: String,
    /// It is asked without TLS, because somebody said so.
    pub plain: bool,
}

impl RegistryLogin {
    /// # Errors
    /// `host`, `username` and `password`, each where it is wrong.
    pub fn parse(host: &str, username: &str, password: &str, plain: bool) -> Result<Self, Vec<FieldError>> {
        let mut fields = Fields::new();
        let host = fields.take("host", registry_host(host));
        if plain && username.trim().is_empty() && password.is_empty() {
            return match (host, fields.into_errors()) {
                (Some(host), errors) if errors.is_empty() => Ok(Self { host, username: String::new(), plain }),
                (_, errors) => Err(errors),
            };
        }
        // A colon ends the name in basic authentication (RFC 7617).
        let username = fields.take("username", line(username.trim()).and_then(|name| without_colon(&name)));
        fields.take("password", line(password));
        match (host, username, fields.into_errors()) {
            (Some(host), Some(username), errors) if errors.is_empty() => Ok(Self { host, username, plain }),
            (.., errors) => Err(errors),
        }
    }
}

/// The name of a Secret to be made.
///
/// # Errors
/// `Required`, `TooLong` or `NotAnObjectName`.
pub fn secret_name(typed: &str) -> Result<String, Refusal> {
    object_name(typed)?.ok_or_else(|| Refusal::new(FieldCode::Required))
}

fn registry_host(typed: &str) -> Result<String, Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let bare = typed.split_once("://").map_or(typed, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let good = |host: &str| {
        let (name, port) = host.rsplit_once(':').map_or((host, "1"), |(name, port)| (name, port));
        host.len() <= HOST_MAX
            && port.parse::<u16>().is_ok_and(|port| port > 0)
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
            && !name.starts_with(['.', '-'])
            && !name.ends_with(['.', '-'])
    };
    match (good(typed), good(bare)) {
        (true, _) => Ok(typed.to_ascii_lowercase()),
        (false, true) => Err(Refusal::new(FieldCode::NotAHost).fix(bare.to_ascii_lowercase())),
        (false, false) => Err(Refusal::new(FieldCode::NotAHost)),
    }
}

fn line(typed: &str) -> Result<String, Refusal> {
    if typed.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if typed.len() > LOGIN_MAX {
        return Err(Refusal::new(FieldCode::TooLarge).with("max", LOGIN_MAX));
    }
    if typed.chars().any(char::is_control) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    Ok(typed.to_owned())
}

fn without_colon(name: &str) -> Result<String, Refusal> {
    if name.contains(':') { Err(Refusal::new(FieldCode::Unknown)) } else { Ok(name.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins() {
        let login = RegistryLogin::parse(" Registry.example.com:5000 ", " ci ", "s3cret", false).expect("good");
        assert_eq!((login.host.as_str(), login.username.as_str()), ("registry.example.com:5000", "ci"));
        let nobody = RegistryLogin::parse("registry.example.com", "", "", true).expect("good");
        assert_eq!((nobody.username.as_str(), nobody.plain), ("", true));
        for (host, username, password, field, code, fix) in [
            ("", "ci", "x", "host", FieldCode::Required, None),
            ("https://registry.example.com/shop", "ci", "x", "host", FieldCode::NotAHost, Some("registry.example.com")),
            ("registry.example.com:99999", "ci", "x", "host", FieldCode::NotAHost, None),
            ("a b", "ci", "x", "host", FieldCode::NotAHost, None),
            ("registry.example.com", "", "x", "username", FieldCode::Required, None),
            ("registry.example.com", "c:i", "x", "username", FieldCode::Unknown, None),
            ("registry.example.com", "ci", "", "password", FieldCode::Required, None),
            ("registry.example.com", "ci", "a\nb", "password", FieldCode::ControlCharacters, None),
        ] {
            let errors = RegistryLogin::parse(host, username, password, false).expect_err(field);
            assert_eq!((errors[0].field.as_str(), errors[0].code, errors[0].fix.as_deref()), (field, code, fix));
        }
    }
}
