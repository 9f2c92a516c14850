//! What a person downloads, from an archive that a container writes: whatever it says, nothing is written outside the
//! place that was chosen, and nothing stands there under its name before it is whole.

use super::digest::{Digest, Digests};
use super::meter::Meter;
use crate::error::{Error, Result};
use sha2::{Digest as _, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tar::{Archive, Entry, EntryType};
use tempfile::{NamedTempFile, TempDir};

const PIECE: usize = 64 * 1024;

/// What was unpacked, beside the place that it will have.
#[derive(Debug)]
pub(super) struct Unpacked {
    part: Part,
    pub(super) digests: Digests,
    /// Of a single file.
    pub(super) size: u64,
}

#[derive(Debug)]
enum Part {
    File(NamedTempFile, PathBuf),
    /// Into this folder, under this name or one like it.
    Folder(TempDir, PathBuf, OsString),
}

/// Why nothing was unpacked.
#[derive(Debug)]
pub(super) enum Broken {
    /// The archive ends in the middle; its sender says why.
    Cut,
    Local(Error),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Local(error)
    }
}

impl Unpacked {
    /// Gives it its name, and answers where it is.
    pub(super) fn keep(self) -> Result<PathBuf> {
        match self.part {
            Part::File(part, path) => {
                let kept = part.as_file().sync_all().and_then(|()| part.persist(&path).map_err(|error| error.error));
                kept.map_err(|error| unwritable(&path, &error))?;
                Ok(path)
            }
            Part::Folder(part, folder, name) => {
                let path = free(&folder, &name);
                fs::rename(part.path(), &path).map_err(|error| unwritable(&path, &error))?;
                // There is nothing to be removed any more.
                let _ = part.keep();
                Ok(path)
            }
        }
    }
}

/// A name that nothing has yet.
fn free(folder: &Path, name: &OsStr) -> PathBuf {
    let mut path = folder.join(name);
    let mut number = 2;
    while fs::symlink_metadata(&path).is_ok() {
        let mut other = name.to_owned();
        other.push(format!(" ({number})"));
        path = folder.join(other);
        number += 1;
    }
    path
}

/// The one file of an archive, to a path of the person's.
pub(super) fn file(from: impl Read, path: &Path, meter: &Meter) -> std::result::Result<Unpacked, Broken> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let part = tempfile::Builder::new().prefix(".").suffix(".part").tempfile_in(folder);
    let mut part = part.map_err(|error| unwritable(path, &error))?;
    let mut archive = Archive::new(from);
    let mut entry = match archive.entries().map_err(|_| Broken::Cut)?.next() {
        Some(Ok(entry)) if is_file(entry.header().entry_type()) => entry,
        Some(Ok(_)) => return Err(Error::Special { path: path.display().to_string() }.into()),
        Some(Err(_)) | None => return Err(Broken::Cut),
    };
    let size = entry.size();
    let mut digests = Digests::default();
    digests.add(copy(&mut entry, size, part.as_file_mut(), path, meter)?);
    set_facts(part.as_file(), &entry);
    meter.file();
    // To its end, so that whoever writes it is not cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|_| Broken::Cut)?;
    Ok(Unpacked { part: Part::File(part, path.to_owned()), digests, size })
}

/// Everything in an archive, into a folder of the person's under a name.
pub(super) fn folder(
    from: impl Read,
    into: &Path,
    name: &OsStr,
    meter: &Meter,
) -> std::result::Result<Unpacked, Broken> {
    let root = tempfile::Builder::new().prefix(".").suffix(".part").tempdir_in(into);
    let root = root.map_err(|error| unwritable(into, &error))?;
    let mut archive = Archive::new(from);
    let mut tree = Tree { root: root.path(), meter, digests: Digests::default(), links: Vec::new(), modes: Vec::new() };
    for entry in archive.entries().map_err(|_| Broken::Cut)? {
        tree.take(&mut entry.map_err(|_| Broken::Cut)?)?;
    }
    tree.make_links();
    tree.set_modes();
    let digests = tree.digests;
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|_| Broken::Cut)?;
    Ok(Unpacked { part: Part::Folder(root, into.to_owned(), name.to_owned()), digests, size: 0 })
}

struct Tree<'a> {
    root: &'a Path,
    meter: &'a Meter,
    digests: Digests,
    /// Made when everything else is there: nothing is ever written through one.
    links: Vec<(PathBuf, PathBuf)>,
    /// Of folders, set at the end: a folder that may not be written could not be filled.
    modes: Vec<(PathBuf, u32)>,
}

impl Tree<'_> {
    fn take(&mut self, entry: &mut Entry<'_, impl Read>) -> std::result::Result<(), Broken> {
        let named = entry.path_bytes().into_owned();
        let Some(name) = within(&named) else {
            return Err(Error::Outside { name: String::from_utf8_lossy(&named).into_owned() }.into());
        };
        let path = self.root.join(&name);
        let mode = entry.header().mode().unwrap_or(0o755);
        match entry.header().entry_type() {
            EntryType::Directory => {
                fs::create_dir_all(&path).map_err(|error| unwritable(&path, &error))?;
                self.modes.push((path, mode));
            }
            EntryType::Symlink => {
                let target = entry.link_name_bytes().map(|target| target.into_owned()).unwrap_or_default();
                match leads_within(&name, &target) {
                    Some(target) => self.links.push((name, target)),
                    None => self.meter.left_out(),
                }
            }
            EntryType::Link => {
                let of = entry.link_name_bytes().and_then(|of| within(&of)).map(|of| self.root.join(of));
                match of.filter(|of| fs::symlink_metadata(of).is_ok_and(|about| about.is_file())) {
                    Some(of) => self.again(&of, &path)?,
                    None => self.meter.left_out(),
                }
            }
            kind if is_file(kind) => {
                let size = entry.size();
                let Some(mut file) = self.create(&path)? else { return Ok(()) };
                self.digests.add(copy(entry, size, &mut file, &path, self.meter)?);
                set_facts(&file, entry);
                self.meter.file();
            }
            _ => self.meter.left_out(),
        }
        Ok(())
    }

    /// `None` where something of the name is there: another one that differs in case only, on some file systems.
    fn create(&self, path: &Path) -> Result<Option<File>> {
        let parent = path.parent().unwrap_or(self.root);
        let created =
            fs::create_dir_all(parent).and_then(|()| OpenOptions::new().write(true).create_new(true).open(path));
        match created {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.meter.left_out();
                Ok(None)
            }
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    /// A second name of a file that is there.
    fn again(&mut self, of: &Path, path: &Path) -> std::result::Result<(), Broken> {
        let opened = File::open(of).and_then(|from| Ok((from.metadata()?.len(), from)));
        let (size, mut from) = opened.map_err(|error| unwritable(path, &error))?;
        let Some(mut file) = self.create(path)? else { return Ok(()) };
        self.digests.add(copy(&mut from, size, &mut file, path, self.meter)?);
        self.meter.file();
        Ok(())
    }

    fn make_links(&mut self) {
        let links = std::mem::take(&mut self.links);
        // No link is there yet, so that these folders are where they seem to be.
        for (name, _) in &links {
            let parent = self.root.join(name);
            fs::create_dir_all(parent.parent().unwrap_or(self.root)).ok();
        }
        for (name, target) in links {
            if symlink(&target, &self.root.join(name)).is_err() {
                self.meter.left_out();
            }
        }
    }

    fn set_modes(&mut self) {
        // The innermost first. A mode that cannot be set is the person's own.
        for (path, mode) in self.modes.drain(..).rev() {
            if fs::symlink_metadata(&path).is_ok_and(|about| about.is_dir()) {
                set_mode(&path, mode | 0o700).ok();
            }
        }
    }
}

fn is_file(kind: EntryType) -> bool {
    matches!(kind, EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse)
}

/// The path below the root; `None` where it leads out of it.
fn within(named: &[u8]) -> Option<PathBuf> {
    if named.starts_with(b"/") {
        return None;
    }
    let mut path = PathBuf::new();
    for part in named.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return None,
            part => path.push(local_name(part)),
        }
    }
    Some(path)
}

/// Where a link leads, if that is below the root.
fn leads_within(name: &Path, target: &[u8]) -> Option<PathBuf> {
    if target.starts_with(b"/") || target.is_empty() {
        return None;
    }
    let mut depth = name.components().count() - 1;
    let mut path = PathBuf::new();
    for part in target.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                depth = depth.checked_sub(1)?;
                path.push("..");
            }
            part => {
                depth += 1;
                path.push(local_name(part));
            }
        }
    }
    Some(if path.as_os_str().is_empty() { ".".into() } else { path })
}

/// A name as this computer can have it.
#[cfg(unix)]
pub(super) fn local_name(name: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(name).to_owned()
}

#[cfg(not(unix))]
pub(super) fn local_name(name: &[u8]) -> OsString {
    let name = String::from_utf8_lossy(name);
    name.chars()
        .map(|sign| if sign.is_control() || r#"<>:"/\|?*"#.contains(sign) { '_' } else { sign })
        .collect::<String>()
        .into()
}

/// The name in a container of a file of this computer.
#[cfg(unix)]
pub(super) fn remote_name(name: &OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    name.as_bytes().to_vec()
}

#[cfg(not(unix))]
pub(super) fn remote_name(name: &OsStr) -> Vec<u8> {
    name.to_string_lossy().into_owned().into_bytes()
}

#[cfg(unix)]
fn symlink(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o777))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Rights and time as in the container; the person can always read and write what is theirs.
fn set_facts(file: &File, entry: &Entry<'_, impl Read>) {
    let header = entry.header();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = header.mode().unwrap_or(0o644) & 0o777 | 0o600;
        file.set_permissions(fs::Permissions::from_mode(mode)).ok();
    }
    if let Ok(changed) = header.mtime() {
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(changed)).ok();
    }
}

/// Of an archive that is cut off comes less than it says.
fn copy(
    from: &mut impl Read,
    size: u64,
    to: &mut File,
    path: &Path,
    meter: &Meter,
) -> std::result::Result<Digest, Broken> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut copied = 0;
    loop {
        let count = match from.read(&mut piece) {
            Ok(0) if copied == size => return Ok(digest.finalize().into()),
            Ok(0) => return Err(Broken::Cut),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(Broken::Cut),
        };
        digest.update(&piece[..count]);
        to.write_all(&piece[..count]).map_err(|error| unwritable(path, &error))?;
        copied += count as u64;
        meter.moved(count as u64);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::DiskFull { path: path.display().to_string() },
        _ => Error::unwritable(path, error),
    }
}
