//! `cargo xtask run`: from nothing to an open window.

use crate::arguments;
use crate::build::{self, Profile};
use crate::cluster;
use crate::display;
use crate::keyring::Keyring;
use crate::place;
use crate::process::{self, Group};
use crate::setup::{self, Purpose};
use crate::shots;
use anyhow::{Context, Result, bail};
use lexopt::Arg::Long;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What there is to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Show {
    #[default]
    Window,
    /// A window of an unoptimised build, its pages from the dev server.
    DebugWindow,
    /// A picture of each page.
    Pictures,
    /// Pictures of each page in every theme, language and size.
    AllPictures,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    practice: bool,
    show: Show,
    /// Builds quickly what runs slowly.
    unoptimised: bool,
    /// For Slipway.
    arguments: Vec<OsString>,
}

impl Options {
    pub(crate) fn parse(from: lexopt::Parser) -> Result<Self> {
        let (own, arguments) = arguments::split(from)?;
        let mut options = Self { arguments, ..Self::default() };
        let mut from = lexopt::Parser::from_args(own);
        while let Some(argument) = from.next()? {
            let show = match argument {
                Long("practice") => {
                    options.practice = true;
                    continue;
                }
                Long("headless") => Show::Pictures,
                Long("debug") => {
                    options.unoptimised = true;
                    Show::DebugWindow
                }
                other => bail!("run: {}", other.unexpected()),
            };
            if ![Show::Window, show].contains(&options.show) {
                bail!("run: --headless takes pictures of the built pages, --debug shows the dev server's: choose one");
            }
            options.show = show;
        }
        if options.show == Show::Pictures && !options.arguments.is_empty() {
            bail!("run: --headless opens no window that arguments could be for");
        }
        Ok(options)
    }

    /// `cargo xtask shots`: the practice run, photographed from all sides.
    pub(crate) fn shots(mut from: lexopt::Parser) -> Result<Self> {
        let mut options = Self { practice: true, show: Show::AllPictures, ..Self::default() };
        while let Some(argument) = from.next()? {
            match argument {
                Long("debug") => options.unoptimised = true,
                other => bail!("shots: {}", other.unexpected()),
            }
        }
        Ok(options)
    }

    fn takes_pictures(&self) -> bool {
        matches!(self.show, Show::Pictures | Show::AllPictures)
    }

    fn profile(&self) -> Profile {
        if self.unoptimised { Profile::Dev } else { Profile::Release }
    }
}

const NO_DISPLAY: &str = "\
there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).
Run it in a desktop session, over `ssh -X`, or with --headless, which takes a picture of each page instead.";

pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.takes_pictures() && !display::exists() {
        bail!("{NO_DISPLAY}");
    }
    setup::ensure(&purposes(options))?;
    // The cluster comes first: where it cannot run, nobody waits for a build to learn it.
    let practice = if options.practice { Some(Practice::start()?) } else { None };
    compile(options)?;
    if let Some(practice) = &practice {
        practice.seed(options.profile())?;
    }
    if options.takes_pictures() {
        return photograph(practice.as_ref(), options);
    }
    let _pages = if options.show == Show::DebugWindow { Some(dev_server()?) } else { None };
    let mut command = process::command(build::binary("slipway", options.profile())?);
    if let Some(practice) = &practice {
        command.arg("--data-dir").arg(&practice.data);
    }
    command.args(&options.arguments);
    if let Some(practice) = &practice {
        command = practice.keyring.session(&command);
    }
    process::run(&mut command, "run Slipway")
}

fn purposes(options: &Options) -> Vec<Purpose> {
    let mut purposes = vec![Purpose::Build];
    if options.practice {
        purposes.extend([Purpose::Cluster, Purpose::Keyring]);
    }
    if options.takes_pictures() {
        purposes.extend([Purpose::Headless, Purpose::Keyring]);
    }
    purposes
}

fn compile(options: &Options) -> Result<()> {
    let mut names = vec!["slipway"];
    if options.practice {
        names.push("seed");
    }
    if options.takes_pictures() {
        names.push("shots");
    }
    if options.show == Show::DebugWindow {
        return build::binaries(&names, Profile::Dev, &[]);
    }
    build::pages()?;
    build::binaries(&names, options.profile(), build::BUILT_PAGES)
}

/// The dev server of the pages, listening. It reloads what is edited.
fn dev_server() -> Result<Group> {
    let doing = "start the dev server of the pages";
    let mut server = Group::start(build::npm(&["run", "--silent", "dev"]).stdout(Stdio::piped()), doing)?;
    let mut lines = BufReader::new(server.stdout().context("the dev server's stdout is piped")?).lines();
    // It prints its address once it listens.
    if !lines.by_ref().map_while(Result::ok).any(|line| line.contains("http://")) {
        bail!("{doing}: it ended early");
    }
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
    Ok(server)
}

/// Pictures of every page; of one variant, as a newcomer finds it, or of all.
fn photograph(practice: Option<&Practice>, options: &Options) -> Result<()> {
    let every_variant = options.show == Show::AllPictures;
    shots::take(&shots::Subject {
        profile: options.profile(),
        data: practice.map(|practice| practice.data.as_path()),
        keyring: practice.map(|practice| &practice.keyring),
        every_variant,
        breakable: practice.filter(|_| every_variant).map(|practice| practice.cluster.as_path()),
    })
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove the folder {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The practice cluster with a data folder and a keyring that belong to it.
struct Practice {
    cluster: PathBuf,
    data: PathBuf,
    keyring: Keyring,
}

impl Practice {
    fn start() -> Result<Self> {
        let cluster = cluster::practice()?;
        let folder = place::practice()?;
        let (data, keyring, linked) = (folder.join("data"), folder.join("keyring"), folder.join("linked"));
        // A cluster that was ended, or went with a restart of the machine, comes back as a new one with other keys.
        let identity = cluster::identity(&cluster)?;
        if fs::read_to_string(&linked).ok().as_ref() != Some(&identity) {
            for stale in [&data, &keyring] {
                remove(stale)?;
            }
            fs::write(&linked, identity).with_context(|| format!("write {}", linked.display()))?;
        }
        Ok(Self { cluster, data: place::made(data)?, keyring: Keyring::open(&keyring)? })
    }

    /// Links the cluster and makes the apps; what is there already stays.
    fn seed(&self, profile: Profile) -> Result<()> {
        let mut seed = process::command(build::binary("seed", profile)?);
        seed.arg("--data-dir").arg(&self.data).arg("--cluster-work").arg(&self.cluster);
        process::run(&mut self.keyring.session(&seed), "fill the practice cluster")
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(words: &[&str]) -> anyhow::Result<Options> {
        Options::parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn what_follows_the_dashes_goes_to_slipway() {
        let options = parse(&["--practice", "--", "--data-dir", "x"]).unwrap();
        assert_eq!(
            options,
            Options { practice: true, arguments: vec!["--data-dir".into(), "x".into()], ..Options::default() }
        );
    }

    #[test]
    fn unknown_options_and_contradictions_are_refused() {
        assert!(parse(&["--practise"]).unwrap_err().to_string().contains("--practise"));
        for both in [["--headless", "--debug"], ["--debug", "--headless"]] {
            assert!(parse(&both).unwrap_err().to_string().contains("choose one"));
        }
        assert!(parse(&["--headless", "--", "--data-dir", "x"]).is_err());
    }
}
