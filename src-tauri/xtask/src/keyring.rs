//! A D-Bus session with an unlocked keyring of its own: practice and tests never touch the person's.

use crate::place;
use crate::process;
use anyhow::{Context, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Only the daemon sees the keyring's folders; the program after it keeps the person's environment.
const SCRIPT: &str = r#"
XDG_DATA_HOME="$1/data" gnome-keyring-daemon --unlock --components=secrets --control-directory="$1/control" \
  <"$1/password" >/dev/null || exit 1
shift
exec "$@"
"#;

/// A keyring kept in a folder.
pub(crate) struct Keyring {
    folder: PathBuf,
}

impl Keyring {
    /// Opens the keyring in `folder`, or makes it with a random password that only this user can read.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        for part in [folder.to_owned(), folder.join("data"), folder.join("control")] {
            place::made(&part)?;
            fs::set_permissions(&part, fs::Permissions::from_mode(0o700))
                .with_context(|| format!("close the folder {} to others", part.display()))?;
        }
        let password = folder.join("password");
        if !password.exists() {
            let doing = || format!("write the keyring's password to {}", password.display());
            let mut random = [0; 32];
            File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut random)).with_context(doing)?;
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&password).with_context(doing)?;
            file.write_all(hex(&random).as_bytes()).with_context(doing)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// `command` inside a session with this keyring. Sessions of one keyring run one after the other.
    pub(crate) fn session(&self, command: &Command) -> Command {
        let mut session = process::command("dbus-run-session");
        session.args(["--", "sh", "-c", SCRIPT, "sh"]).arg(&self.folder);
        session.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => session.env(name, value),
                None => session.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            session.current_dir(folder);
        }
        session
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes it");
        text
    })
}
