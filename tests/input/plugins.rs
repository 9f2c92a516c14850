//! Credential programs of kubeconfigs: built with these tests, one that signs in, and those that do not.

use crate::kubeconfig::{member, plain_at_once, with_user};
use crate::site::{Site, on_site};
use crate::table::{Control, cases};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;

/// See `plugin.rs`.
const PROGRAM: &str = env!("CARGO_BIN_EXE_plugin");

cases! {
    "exec/not_installed" => not_installed,
    "exec/fails" => fails,
    "exec/answers_nonsense" => answers_nonsense,
    "exec/killed" => killed,
    "exec/hangs" => hangs,
    "exec/ended_by_the_person" => ended_by_the_person,
}

pub(crate) fn controls() -> Vec<Control> {
    vec![
        Control { name: "exec_signs_in", run: || on_site("exec-good", signs_in).map(drop) },
        Control { name: "exec_is_ended_with_its_call", run: || on_site("exec-ended", ended_with_its_call).map(drop) },
    ]
}

/// What the window sends to link with this program.
fn signing_in_with(site: &mut Site, command: &str, args: &[&str]) -> Result<Value> {
    site.differs(PROGRAM, "plugin");
    let exec = json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": command, "args": args });
    with_user(site, json!({ "exec": exec }))
}

async fn not_installed(site: &mut Site) -> Result<Value> {
    let config = signing_in_with(site, "slipway-no-such-plugin", &["get-token"])?;
    let mut met = plain_at_once(site, &config).await?;
    // The PATH of a login shell, whatever it is here.
    let path = met["error"]["params"]["path"].as_str().context("it says where it looked")?;
    ensure!(path.split(':').any(|folder| folder == "/usr/bin"), "{path}");
    met["error"]["params"]["path"] = "{path}".into();
    Ok(met)
}

async fn refused(site: &mut Site, args: &[&str]) -> Result<Value> {
    let config = signing_in_with(site, PROGRAM, args)?;
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn fails(site: &mut Site) -> Result<Value> {
    refused(site, &["fail"]).await
}

async fn answers_nonsense(site: &mut Site) -> Result<Value> {
    refused(site, &["nonsense"]).await
}

async fn killed(site: &mut Site) -> Result<Value> {
    refused(site, &["die"]).await
}

/// The clock is stopped once the program runs, and then goes straight on to whatever is next on it: the end of its time.
async fn hangs(site: &mut Site) -> Result<Value> {
    let begun = site.file("begun");
    let config = signing_in_with(site, PROGRAM, &["hang", &begun.display().to_string()])?;
    let from = site.context_of(&config)?;
    let api = site.api.clone();
    let answer = site
        .unchanged(async || {
            let mut call = std::pin::pin!(api.call("cluster_inspect", from));
            tokio::select! {
                answer = &mut call => answer,
                pid = site.eventually("the program to run", async || Ok(pid_in(&begun))) => {
                    pid.expect("it runs");
                    tokio::time::pause();
                    let answer = call.await;
                    tokio::time::resume();
                    answer
                }
            }
        })
        .await?;
    let error = answer.err().context("it never answers")?;
    gone(site, &begun).await?;
    site.error(&error)
}

async fn ended_by_the_person(site: &mut Site) -> Result<Value> {
    let begun = site.file("begun");
    let config = signing_in_with(site, PROGRAM, &["hang", &begun.display().to_string()])?;
    let from = site.context_of(&config)?;
    let (answer, stopped) = site
        .unchanged(async || {
            let looking = Box::pin(site.api.call("cluster_inspect", from));
            tokio::join!(looking, async {
                site.eventually("the program to run", async || Ok(pid_in(&begun))).await?;
                site.call("cluster_inspect_stop", Value::Null).await
            })
        })
        .await?;
    stopped?;
    gone(site, &begun).await?;
    site.error(&answer.err().context("it never answers")?)
}

/// The process that a program wrote down, once it has.
fn pid_in(file: &Path) -> Option<u32> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// Waits until neither the program nor what it started is there any more.
async fn gone(site: &Site, begun: &Path) -> Result<()> {
    let program = pid_in(begun).context("it has run")?;
    let child = pid_in(&begun.with_extension("child")).context("it has started another")?;
    for pid in [program, child] {
        site.eventually("the program to be gone", async || Ok((!runs(pid)).then_some(()))).await?;
    }
    Ok(())
}

fn runs(pid: u32) -> bool {
    // A zombie has ended, and waits for whoever started it.
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

async fn ended_with_its_call(site: &mut Site) -> Result<Value> {
    let begun = site.file("begun");
    let config = signing_in_with(site, PROGRAM, &["hang", &begun.display().to_string()])?;
    let from = site.context_of(&config)?;
    let api = site.api.clone();
    let call = tokio::spawn(async move { api.call("cluster_inspect", from).await });
    site.eventually("the program to run", async || Ok(pid_in(&begun))).await?;
    call.abort();
    gone(site, &begun).await?;
    Ok(Value::Null)
}

async fn signs_in(site: &mut Site) -> Result<Value> {
    let token = site.write("token", &member(site).await?)?;
    let config = signing_in_with(site, PROGRAM, &["sign-in", &token])?;
    let preview = site.answered("cluster_inspect", site.context_of(&config)?).await?;
    let identity = preview["identity"].as_str().unwrap_or_default();
    ensure!(identity.ends_with("-access:li-hua"), "{preview}");
    Ok(Value::Null)
}
