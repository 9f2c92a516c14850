use super::*;
use secrecy::ExposeSecret as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const SECRET: &str = "s3cret-pass";

/// A folder with a configuration, and with a program `docker-credential-test` of this script.
fn docker(config: &str, script: &str) -> (tempfile::TempDir, Docker) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("config.json"), config).expect("written");
    let program = folder.path().join("docker-credential-test");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("runs");
    let mut path = folder.path().as_os_str().to_owned();
    path.push(":/bin:/usr/bin");
    let docker = Docker { patience: Duration::from_secs(2), ..Docker::new(folder.path(), path) };
    (folder, docker)
}

async fn login(config: &str, script: &str, host: &str) -> Result<Option<(String, String)>, Failure> {
    let (_folder, docker) = docker(config, script);
    let login = docker.login(host).await?;
    Ok(login.map(|login| (login.username, login.password.expose_secret().to_owned())))
}

fn pair(username: &str, password: &str) -> (String, String) {
    (username.to_owned(), password.to_owned())
}

#[tokio::test]
async fn logins_that_are_written_are_found_by_every_form_of_a_key() {
    let auth = STANDARD.encode(format!("ci:{SECRET}"));
    for (key, host) in [
        ("registry.example.com", "registry.example.com"),
        ("https://registry.example.com/v2/", "registry.example.com"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("registry.example.com:5000", "registry.example.com:5000"),
    ] {
        let config = format!(r#"{{"auths":{{"{key}":{{"auth":"{auth}"}}}}}}"#);
        assert_eq!(login(&config, "", host).await, Ok(Some(pair("ci", SECRET))), "{key}");
    }
    let none = login(r#"{"auths":{"other.example.com":{"auth":"eDp5"}}}"#, "", "registry.example.com").await;
    assert_eq!(none, Ok(None));
    let token = format!(r#"{{"auths":{{"r.example.com":{{"auth":"eDo=","identitytoken":"{SECRET}"}}}}}}"#);
    assert_eq!(login(&token, "", "r.example.com").await, Ok(Some(pair("<token>", SECRET))));
}

#[tokio::test]
async fn programs_are_asked_for_the_registry() {
    let script = r#"read server; [ "$1" = get ] || exit 3
        echo "{\"ServerURL\":\"$server\",\"Username\":\"at-$server\",\"Secret\":\"s3cret-pass\"}""#;
    let of_host = r#"{"credsStore":"none","credHelpers":{"r.example.com":"test"}}"#;
    assert_eq!(login(of_host, script, "r.example.com").await, Ok(Some(pair("at-r.example.com", SECRET))));
    let of_all = r#"{"credsStore":"test"}"#;
    assert_eq!(login(of_all, script, "docker.io").await, Ok(Some(pair("at-https://index.docker.io/v1/", SECRET))));
    let none = "echo 'credentials not found in native keychain'; exit 1";
    assert_eq!(login(of_all, none, "r.example.com").await, Ok(None));
}

#[tokio::test]
async fn programs_that_hang_fail_or_lie_are_named_and_never_quoted() {
    let store = r#"{"credsStore":"test"}"#;
    for (config, script, reason) in [
        (store, "sleep 600 & wait", "no answer within 2 s"),
        (store, "echo 'the keychain is locked'; exit 1", "the keychain is locked"),
        (store, r#"echo '{"Secret":"s3cret-pass"'; exit 1"#, "it failed"),
        (store, "echo s3cret-pass", "its answer is no login"),
        (r#"{"credsStore":"nowhere"}"#, "", "it is not installed"),
        (r#"{"credsStore":"../../bin/sh"}"#, "", "this is no name of a program"),
    ] {
        let failure = login(config, script, "r.example.com").await.expect_err(reason);
        assert!(matches!(&failure, Failure::Helper { reason: told, .. } if told == reason), "{failure:?}");
        assert!(!format!("{failure:?}").contains(SECRET));
    }
}

#[tokio::test]
async fn a_broken_configuration_is_named_and_never_quoted() {
    for config in
        [r#"{"auths":{"r.example.com":{"auth":"s3cret-pass"#, r#"{"auths":{"r.example.com":{"auth":"s3cret-pass"}}}"#]
    {
        let failure = login(config, "", "r.example.com").await.expect_err(config);
        assert!(matches!(failure, Failure::Config { .. }), "{failure:?}");
        assert!(!format!("{failure:?} {failure}").contains(SECRET));
    }
    let nowhere = Docker::new(Path::new("/nowhere"), "/bin");
    assert!(nowhere.login("r.example.com").await.expect("no file is no error").is_none());
}
