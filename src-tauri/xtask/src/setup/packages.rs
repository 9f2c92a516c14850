//! System packages: looked for by what they bring, installed with apt as root, named for the other package managers.

use super::Purpose;
use crate::process;
use crate::root;
use anyhow::{Result, bail};
use std::env;
use std::path::{Path, PathBuf};

/// How it shows that a package is there, whoever installed it.
enum Brings {
    Program(&'static str),
    /// A library with its headers, by its name for pkg-config.
    Library(&'static str),
    /// One of these files.
    File(&'static [&'static str]),
    /// A font for this language.
    Font(&'static str),
}

struct Package {
    purpose: Purpose,
    brings: Brings,
    apt: &'static str,
    /// dnf also takes the path of a file.
    dnf: &'static str,
    pacman: &'static str,
}

const fn package(
    purpose: Purpose,
    brings: Brings,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
) -> Package {
    Package { purpose, brings, apt, dnf, pacman }
}

#[rustfmt::skip]
const PACKAGES: &[Package] = {
    use Brings::{File, Font, Library, Program};
    use Purpose::{Build, Cluster, Headless, Keyring};
    &[
        package(Build, Program("cc"), "build-essential", "gcc", "base-devel"),
        package(Build, Program("pkg-config"), "pkg-config", "pkgconf-pkg-config", "pkgconf"),
        package(Build, Library("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"),
        package(Cluster, Program("containerd"), "containerd", "containerd", "containerd"),
        package(Cluster, Program("runc"), "runc", "runc", "runc"),
        package(Cluster, File(&["/usr/lib/cni/bridge", "/opt/cni/bin/bridge"]), "containernetworking-plugins", "containernetworking-plugins", "cni-plugins"),
        package(Cluster, Program("busybox"), "busybox-static", "busybox", "busybox"),
        package(Cluster, Program("iptables"), "iptables", "iptables-nft", "iptables-nft"),
        package(Cluster, Program("nft"), "nftables", "nftables", "nftables"),
        package(Keyring, Program("gnome-keyring-daemon"), "gnome-keyring", "gnome-keyring", "gnome-keyring"),
        package(Keyring, Program("dbus-run-session"), "dbus", "dbus-daemon", "dbus"),
        package(Headless, Program("WebKitWebDriver"), "webkit2gtk-driver", "/usr/bin/WebKitWebDriver", "webkit2gtk-4.1"),
        package(Headless, Program("Xvfb"), "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
        package(Headless, Font("zh-cn"), "fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk"),
    ]
};

/// The package managers we know, with their way to install.
const MANAGERS: [(&str, &str); 3] = [
    ("apt-get", "apt-get install -y --no-install-recommends"),
    ("dnf", "dnf install"),
    ("pacman", "pacman -S --needed"),
];

impl Package {
    fn name(&self, manager: &str) -> &'static str {
        match manager {
            "dnf" => self.dnf,
            "pacman" => self.pacman,
            _ => self.apt,
        }
    }

    fn missing(&self) -> bool {
        match self.brings {
            Brings::Program(name) => program(name).is_none(),
            Brings::Library(name) => {
                !process::command("pkg-config").args(["--exists", name]).status().is_ok_and(|status| status.success())
            }
            Brings::File(paths) => !paths.iter().any(|path| Path::new(path).exists()),
            Brings::Font(language) => {
                let mut list = process::command("fc-list");
                process::printed(list.arg(format!(":lang={language}")).arg("file")).is_none_or(|fonts| fonts.is_empty())
            }
        }
    }
}

pub(crate) fn ensure(purposes: &[Purpose]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing = || PACKAGES.iter().filter(|package| purposes.contains(&package.purpose) && package.missing());
    let first: Vec<_> = missing().collect();
    if first.is_empty() {
        return Ok(());
    }
    let Some((manager, install)) = MANAGERS.into_iter().find(|(manager, _)| program(manager).is_some()) else {
        bail!("these packages are missing (by their Debian names): {}", names(&first, "apt-get").join(" "));
    };
    let names = names(&first, manager);
    if manager != "apt-get" {
        bail!("packages are missing; install them with\n\n  sudo {install} {}", names.join(" "));
    }
    install_with_apt(&names)?;
    let still: Vec<_> = missing().map(|package| package.apt).collect();
    if !still.is_empty() {
        bail!("apt-get installed {}, and yet what they bring is not found", still.join(", "));
    }
    Ok(())
}

fn install_with_apt(names: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get install -y --no-install-recommends {}", names.join(" "));
    let doing = "install system packages";
    eprintln!("Installing {}", names.join(" "));
    for words in [&["update"][..], &["install", "-y", "--no-install-recommends"]] {
        // `env`, because sudo does not hand the variable on.
        let mut command = root::command("env", &format!("{doing} (`{by_hand}`)"))?;
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(words);
        if words[0] == "install" {
            command.args(names);
        }
        let status = process::run_at_terminal(&mut command, doing)?;
        if !status.success() {
            bail!("{doing}: apt-get {} ended with {status}; by hand: {by_hand}", words[0]);
        }
    }
    Ok(())
}

fn names(packages: &[&Package], manager: &str) -> Vec<&'static str> {
    let mut names: Vec<_> = packages.iter().map(|package| package.name(manager)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A program of PATH, or of the folders for root's programs, which Debian leaves out of a user's PATH.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    which::which_in(name, env::join_paths(folders).ok(), "/").ok()
}

#[cfg(test)]
mod tests {
    use super::{Brings, MANAGERS, PACKAGES, Purpose, names, package, program};

    #[test]
    fn every_manager_has_a_name_for_every_package() {
        let all: Vec<_> = PACKAGES.iter().collect();
        for (manager, _) in MANAGERS {
            assert!(names(&all, manager).iter().all(|name| !name.is_empty()), "{manager}");
        }
    }

    #[test]
    fn what_is_not_there_is_missing() {
        let missing = |brings| package(Purpose::Build, brings, "a", "b", "c").missing();
        assert!(missing(Brings::Program("slipway-no-such-program")));
        assert!(missing(Brings::Library("slipway-no-such-library")));
        assert!(missing(Brings::File(&["/nonexistent/slipway"])));
        assert!(!missing(Brings::Program("sh")));
        assert!(!missing(Brings::File(&["/nonexistent/slipway", "/"])));
    }

    #[test]
    fn programs_are_found_by_name_only() {
        assert!(program("sh").is_some());
        assert!(program("slipway-no-such-program").is_none());
    }
}
