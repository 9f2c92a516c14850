//! Answers that a real registry will not give, from a server on this machine that gives any.

use super::*;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

const PASSWORD: &str = "s3cret-pass";

/// What was asked: the first line, and who asked.
#[derive(Clone, Debug)]
struct Question {
    method: String,
    /// With its query.
    path: String,
    authorization: String,
    /// As which it was asked.
    host: String,
}

struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn reply(status: &'static str, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into() }
}

impl Reply {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

struct Fake {
    host: String,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Fake {
    fn new(answer: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let host = listener.local_addr().expect("its address").to_string();
        let (asked, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let notes = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, notes) = (answer.clone(), notes.clone());
                std::thread::spawn(move || serve(stream, &notes, answer.as_ref()));
            }
        });
        Self { host, asked }
    }

    fn of(&self, path: &str) -> Repository {
        Repository::parse(&format!("{}/{path}", self.host)).expect("a repository")
    }

    fn asked(&self) -> Vec<Question> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn serve(stream: TcpStream, notes: &Mutex<Vec<Question>>, answer: &(dyn Fn(&Question) -> Reply + Sync)) {
    let mut first = [0];
    // A handshake of TLS is no question, and answered as servers do that have none.
    if stream.peek(&mut first).is_ok() && first[0] == 0x16 {
        let _ = (&stream).write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        return;
    }
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let mut words = first.split(' ').map(str::to_owned);
    let mut question = Question {
        method: words.next().unwrap_or_default(),
        path: words.next().unwrap_or_default(),
        authorization: String::new(),
        host: String::new(),
    };
    for line in lines.take_while(|line| !line.is_empty()) {
        match line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value)) {
            Some((name, value)) if name == "authorization" => question.authorization = value.to_owned(),
            Some((name, value)) if name == "host" => question.host = value.to_owned(),
            _ => {}
        }
    }
    notes.lock().expect("no panic").push(question.clone());
    let Reply { status, headers, body } = answer(&question);
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    // Who asked may have gone.
    let _ = (&stream).write_all(format!("{head}\r\n").as_bytes());
    if question.method != "HEAD" {
        let _ = (&stream).write_all(&body);
    }
}

fn plain() -> Access {
    Access { login: None, plain: true }
}

fn signed_in() -> Access {
    Access { login: Some(Login { username: "ci".into(), password: PASSWORD.to_owned().into() }), plain: true }
}

fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Tags of a repository, in the order of the registry.
fn many() -> Vec<String> {
    (0..2_500).map(|n| format!("1.{n:04}")).collect()
}

fn page(tags: &[String]) -> Vec<u8> {
    json!({ "name": "shop/api", "tags": tags }).to_string().into_bytes()
}

fn param<'q>(question: &'q Question, name: &str) -> Option<&'q str> {
    let (_, query) = question.path.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[tokio::test]
async fn pages_are_joined_by_link_and_by_the_last_tag() {
    let by_last = Fake::new(|question| {
        let last = param(question, "last").unwrap_or_default().to_owned();
        let rest: Vec<String> = many().into_iter().filter(|tag| *tag > last).take(1000).collect();
        reply("200 OK", page(&rest))
    });
    // Pages as small as it likes, with a mark that only it understands.
    let by_link = Fake::new(|question| {
        let from: usize = param(question, "next_page").and_then(|mark| mark.parse().ok()).unwrap_or(0);
        let (all, to) = (many(), from + 700);
        let told = reply("200 OK", page(&all[from..to.min(all.len())]));
        let next = format!("</v2/shop/api/tags/list?next_page={to}>; rel=\"next\"");
        if to < all.len() { told.with("Link", next) } else { told }
    });
    for (fake, questions) in [(by_last, 3), (by_link, 4)] {
        let found = Registries::default().tags(&fake.of("shop/api"), &plain()).await;
        assert_eq!(found, Ok(Tags { tags: many(), more: false }));
        assert_eq!(fake.asked().len(), questions);
    }
}

#[tokio::test]
async fn a_list_without_an_end_or_of_another_server_is_not_followed() {
    let again = Fake::new(|_| reply("200 OK", page(&many()[..1000])));
    let found = Registries::default().tags(&again.of("shop/api"), &plain()).await.expect("its tags, once");
    assert_eq!((found.tags.len(), again.asked().len()), (1000, 2));
    let away = Fake::new(|_| {
        reply("200 OK", page(&many()[..3])).with("Link", "<http://127.0.0.1:1/v2/shop/api/tags/list>; rel=\"next\"")
    });
    let failure = Registries::default().tags(&away.of("shop/api"), &signed_in()).await.expect_err("another server");
    assert!(matches!(&failure, Failure::Nonsense { reason } if reason.contains("another server")), "{failure:?}");
}

/// A registry that wants a token, and gives it to `ci`.
fn with_tokens() -> Fake {
    Fake::new(|question| {
        if question.path.starts_with("/token") {
            let known = question.authorization == "Basic Y2k6czNjcmV0LXBhc3M=";
            return if known {
                reply("200 OK", r#"{"token":"t0ken","expires_in":300}"#)
            } else {
                reply("401 Unauthorized", r#"{"errors":[{"code":"UNAUTHORIZED","message":"bad password"}]}"#)
            };
        }
        if question.authorization == "Bearer t0ken" {
            return reply("200 OK", page(&many()[..2]));
        }
        let realm = format!("Bearer realm=\"http://{}/token\",service=\"a registry\"", question.host);
        reply("401 Unauthorized", "{}").with("WWW-Authenticate", realm)
    })
}

#[tokio::test]
async fn a_token_is_asked_for_once_to_pull_and_nothing_else() {
    let fake = with_tokens();
    let (registries, of) = (Registries::default(), fake.of("shop/api"));
    for _ in 0..3 {
        let found = registries.tags(&of, &signed_in()).await.expect("it takes the token");
        assert_eq!(found.tags.len(), 2);
    }
    let asked = fake.asked();
    let tokens: Vec<_> = asked.iter().filter(|question| question.path.starts_with("/token")).collect();
    assert_eq!(tokens.len(), 1, "{asked:#?}");
    assert_eq!(tokens[0].path, "/token?scope=repository%3Ashop%2Fapi%3Apull&service=a+registry");
    let to_registry = asked.iter().filter(|question| !question.path.starts_with("/token"));
    assert!(to_registry.clone().all(|question| !question.authorization.contains("Basic")), "{asked:#?}");
    assert_eq!(to_registry.count(), 4, "one that was refused, and three with the token");
    let another = fake.of("shop/other");
    registries.tags(&another, &signed_in()).await.expect("it takes the token");
    let last = fake.asked();
    assert!(last.iter().any(|question| question.path.contains("shop%2Fother")), "a token of its own: {last:#?}");
    let nobody = registries.tags(&of, &plain()).await.expect_err("nobody has no token");
    assert_eq!(nobody, Failure::Refused { signed_in: false, message: "bad password".into() });
}

#[tokio::test]
async fn limits_troubles_and_refusals_are_told_apart() {
    for (status, header, body, expected) in [
        ("429 Too Many Requests", "90", "{}", Failure::Limited { retry_after: Some(Duration::from_secs(90)) }),
        ("429 Too Many Requests", "soon", "{}", Failure::Limited { retry_after: None }),
        (
            "403 Forbidden",
            "",
            r#"{"errors":[{"code":"DENIED","message":"not\nyours"}]}"#,
            Failure::Refused { signed_in: true, message: "not yours".into() },
        ),
        ("404 Not Found", "", r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#, Failure::NoRepository),
        ("503 Service Unavailable", "", "<html>", Failure::Broken { status: 503, message: String::new() }),
        ("200 OK", "", "<html>", Failure::Nonsense { reason: "its list of tags is none".into() }),
    ] {
        let fake = Fake::new(move |_| reply(status, body).with("Retry-After", header));
        let found = Registries::default().tags(&fake.of("shop/api"), &signed_in()).await;
        assert_eq!(found, Err(expected));
        assert_eq!(fake.asked().len(), 1, "it is not asked again by itself");
    }
}

#[tokio::test]
async fn nobody_signs_in_where_nobody_asks_who_it_is() {
    let fake = Fake::new(|_| reply("200 OK", page(&many()[..1])));
    Registries::default().tags(&fake.of("shop/api"), &signed_in()).await.expect("an open list");
    assert_eq!(fake.asked()[0].authorization, "");
}

#[tokio::test]
async fn what_has_no_tls_is_not_asked_in_plain_unless_somebody_said_so() {
    let fake = Fake::new(|_| reply("200 OK", page(&many()[..1])));
    let access = Access { plain: false, ..signed_in() };
    let failure = Registries::default().tags(&fake.of("shop/api"), &access).await.expect_err("no TLS");
    assert_eq!(failure, Failure::Plain);
    assert!(fake.asked().iter().all(|question| !question.authorization.contains("Basic")));
}

#[tokio::test]
async fn who_does_not_answer_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("its address");
    drop(listener);
    let of = Repository::parse(&format!("{at}/shop/api")).expect("a repository");
    let failure = Registries::default().tags(&of, &plain()).await.expect_err("nobody is there");
    assert!(matches!(&failure, Failure::Unreachable { reason } if reason.contains("refused")), "{failure:?}");
}

/// A registry with one image: an index of OCI or a list of Docker, whose second entry is what `pick` gives.
fn image(index: Value, parts: Vec<Vec<u8>>) -> (Fake, String) {
    let index = index.to_string().into_bytes();
    let of_index = digest(&index);
    let all: Vec<(String, Vec<u8>)> = std::iter::once(index).chain(parts).map(|body| (digest(&body), body)).collect();
    let first = of_index.clone();
    let fake = Fake::new(move |question| {
        let name = question.path.rsplit('/').next().unwrap_or_default();
        let wanted = if name == "2.14.0" { first.as_str() } else { name };
        match all.iter().find(|(digest, _)| digest == wanted) {
            Some((digest, body)) => reply("200 OK", body.clone()).with("Docker-Content-Digest", digest.clone()),
            None => reply("404 Not Found", r#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#),
        }
    });
    (fake, of_index)
}

#[tokio::test]
async fn indexes_of_both_kinds_are_read_for_the_architecture_that_is_wanted() {
    let config = json!({ "os": "linux", "architecture": "arm64", "created": "2025-11-19T15:48:00Z",
        "config": { "Labels": { "org.opencontainers.image.revision": "4f1c9e2" } } });
    let config = config.to_string().into_bytes();
    for (index_type, manifest_type, config_type) in [
        (
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.config.v1+json",
        ),
        (
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.container.image.v1+json",
        ),
    ] {
        let manifest = json!({ "schemaVersion": 2, "mediaType": manifest_type,
            "config": { "mediaType": config_type, "digest": digest(&config), "size": 100 },
            "layers": [{ "digest": digest(b"a"), "size": 2000 }, { "digest": digest(b"b"), "size": 30000 }] });
        let manifest = manifest.to_string().into_bytes();
        let entry = |os: &str, architecture: &str, digest: String| json!({ "digest": digest, "size": 1, "platform": { "os": os, "architecture": architecture } });
        let index = json!({ "schemaVersion": 2, "mediaType": index_type, "manifests": [
            entry("linux", "amd64", digest(b"amd64")),
            entry("linux", "arm64", digest(&manifest)),
            entry("unknown", "unknown", digest(b"attestation")),
        ] });
        let (fake, of_index) = image(index, vec![manifest.clone(), config.clone()]);
        let (registries, of) = (Registries::default(), fake.of("shop/api"));
        assert_eq!(registries.digest(&of, "2.14.0", &plain()).await, Ok(of_index.clone()));
        assert_eq!(fake.asked()[0].method, "HEAD", "which is no pull");
        let facts = registries.image(&of, &of_index, &["arm64".into()], &plain()).await.expect("its facts");
        let platforms: Vec<_> = facts.platforms.iter().map(|image| image.architecture.as_str()).collect();
        assert_eq!(platforms, ["amd64", "arm64"]);
        let looked = facts.looked_at().expect("the one that was wanted");
        assert_eq!((looked.architecture.as_str(), looked.size), ("arm64", Some(32_100)));
        assert_eq!(looked.revision.as_deref(), Some("4f1c9e2"));
        assert!(facts.is(&digest(&manifest)) && facts.is(&of_index));
        let missing = registries.digest(&of, "none", &plain()).await;
        assert_eq!(missing, Err(Failure::NoImage));
    }
}

#[tokio::test]
async fn content_that_is_not_what_its_digest_says_or_has_no_end_is_refused() {
    let lie = Fake::new(|_| reply("200 OK", r#"{"schemaVersion":2}"#));
    let failure = Registries::default().image(&lie.of("shop/api"), &digest(b"true"), &[], &plain()).await;
    assert!(matches!(failure, Err(Failure::Nonsense { .. })), "{failure:?}");
    let long = Fake::new(|_| reply("200 OK", vec![b' '; answer::BODY_MAX + 1]));
    let failure = Registries::default().tags(&long.of("shop/api"), &plain()).await;
    assert!(matches!(&failure, Err(Failure::Nonsense { reason }) if reason.contains("longer")), "{failure:?}");
}

#[tokio::test]
async fn something_that_is_no_image_is_named() {
    let chart = json!({ "schemaVersion": 2, "config": { "mediaType": "application/vnd.cncf.helm.config.v1+json",
        "digest": digest(b"{}"), "size": 2 }, "layers": [] });
    let (fake, of) = image(chart, Vec::new());
    let facts = Registries::default().image(&fake.of("shop/api"), &of, &[], &plain()).await.expect("its facts");
    assert_eq!(facts.other.as_deref(), Some("application/vnd.cncf.helm.config.v1+json"));
    assert!(facts.platforms.is_empty());
}

#[tokio::test]
async fn no_failure_tells_a_password() {
    let fake = with_tokens();
    let wrong =
        Access { login: Some(Login { username: "ci".into(), password: "wr0ng".to_owned().into() }), plain: true };
    let failure = Registries::default().tags(&fake.of("shop/api"), &wrong).await.expect_err("refused");
    let told = format!("{failure:?} {failure}");
    assert!(!told.contains("wr0ng") && !told.contains("Y2k6"), "{told}");
    let login = wrong.login.expect("one");
    assert!(!format!("{login:?}").contains(login.password.expose_secret()));
}
