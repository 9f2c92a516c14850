//! A credential program of a kubeconfig (client-go credential plugin), as good or bad as its first argument says.

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["sign-in", file] => sign_in(Path::new(file)),
        ["fail"] => {
            eprintln!("trying…\nyour session has ended: run `plugin login` first");
            ExitCode::FAILURE
        }
        ["nonsense"] => {
            println!("token: {{ of nobody's");
            ExitCode::SUCCESS
        }
        ["die"] => std::process::abort(),
        ["hang", file] => hang(Path::new(file)),
        other => {
            eprintln!("no such verb: {other:?}");
            ExitCode::FAILURE
        }
    }
}

/// The token that stands in a file.
fn sign_in(file: &Path) -> ExitCode {
    match std::fs::read_to_string(file) {
        Ok(token) => {
            let credential = serde_json::json!({
                "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": { "token": token.trim() },
            });
            println!("{credential}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            ExitCode::FAILURE
        }
    }
}

/// Starts a program of its own, as wrappers do, notes both process ids, and never answers.
fn hang(file: &Path) -> ExitCode {
    let child = Command::new("sleep").arg("infinity").spawn();
    let noted = child.and_then(|child| {
        std::fs::write(file.with_extension("child"), child.id().to_string())?;
        std::fs::write(file, std::process::id().to_string())
    });
    if let Err(error) = noted {
        eprintln!("{}: {error}", file.display());
        return ExitCode::FAILURE;
    }
    loop {
        std::thread::park();
    }
}
