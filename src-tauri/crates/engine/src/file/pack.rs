//! What a person uploads, as an archive.

use super::digest::{Digest, Digests};
use super::meter::Meter;
use crate::error::Error;
use sha2::{Digest as _, Sha256};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tar::{Builder, EntryType, Header};

/// Why packing ended early.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nobody takes it any more, who says why.
    Gone,
    Local(Error),
}

/// Files and bytes below a path, which may be a link to it.
pub(super) fn measure(path: &Path) -> Result<(u64, u64), Error> {
    let about = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let (mut files, mut bytes) = (0, 0);
    let mut folders = vec![];
    if about.is_dir() {
        folders.push(path.to_owned());
    } else {
        (files, bytes) = (1, about.len());
    }
    while let Some(folder) = folders.pop() {
        for (path, about) in inside(&folder)? {
            if about.is_dir() {
                folders.push(path);
            } else if about.is_file() {
                files += 1;
                bytes += about.len();
            }
        }
    }
    Ok((files, bytes))
}

/// Writes everything below a path under a name. Links within stay links; what is neither is left out.
pub(super) fn pack(path: &Path, name: &OsStr, out: impl Write, meter: &Meter) -> Result<Digests, Broken> {
    let mut archive = Builder::new(out);
    let mut digests = Digests::default();
    let about = fs::metadata(path).map_err(|error| local(path, &error))?;
    let mut waiting = vec![(path.to_owned(), PathBuf::from(name), about)];
    while let Some((path, name, about)) = waiting.pop() {
        let mut header = header(&about);
        if about.is_dir() {
            header.set_entry_type(EntryType::Directory);
            archive.append_data(&mut header, &name, io::empty()).map_err(|_| Broken::Gone)?;
            let within = inside(&path).map_err(Broken::Local)?;
            waiting.extend(within.into_iter().rev().map(|(path, about)| {
                let name = name.join(path.file_name().unwrap_or_default());
                (path, name, about)
            }));
        } else if about.is_symlink() {
            let target = fs::read_link(&path).map_err(|error| local(&path, &error))?;
            header.set_entry_type(EntryType::Symlink);
            archive.append_link(&mut header, &name, &target).map_err(|_| Broken::Gone)?;
        } else if about.is_file() {
            digests.add(file(&mut archive, &mut header, &path, &name, meter)?);
            meter.file();
        } else {
            meter.left_out();
        }
    }
    let finished = archive.into_inner().and_then(|mut out| out.flush());
    finished.map_err(|_| Broken::Gone)?;
    Ok(digests)
}

fn file(
    archive: &mut Builder<impl Write>,
    header: &mut Header,
    path: &Path,
    name: &Path,
    meter: &Meter,
) -> Result<Digest, Broken> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    let (size, from) = opened.map_err(|error| local(path, &error))?;
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    let mut content = Content { from, left: size, digest: Sha256::new(), meter, failed: None };
    match archive.append_data(header, name, &mut content) {
        Ok(()) => Ok(content.digest.finalize().into()),
        Err(_) => Err(content.failed.map_or(Broken::Gone, |error| local(path, &error))),
    }
}

/// As many bytes of a file as its header says.
struct Content<'a> {
    from: File,
    left: u64,
    digest: Sha256,
    meter: &'a Meter,
    failed: Option<io::Error>,
}

impl Read for Content<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if room == 0 {
            return Ok(0);
        }
        let count = match self.from.read(&mut into[..room]) {
            Ok(0) => Err(io::Error::other("it became shorter while it was read")),
            read => read,
        };
        match count {
            Ok(count) => {
                self.left -= count as u64;
                self.digest.update(&into[..count]);
                self.meter.moved(count as u64);
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = io::Error::from(error.kind());
                self.failed = Some(error);
                Err(told)
            }
        }
    }
}

/// Sorted by name, so that the same folder is the same archive.
fn inside(folder: &Path) -> Result<Vec<(PathBuf, Metadata)>, Error> {
    let read = || -> io::Result<Vec<_>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            found.push((entry.path(), entry.metadata()?));
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found)
    };
    read().map_err(|error| unreadable(folder, &error))
}

/// Of nobody: who unpacks it owns it.
fn header(about: &Metadata) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mode(mode(about));
    let changed = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    header.set_mtime(changed.map_or(0, |since| since.as_secs()));
    header
}

#[cfg(unix)]
fn mode(about: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode(about: &Metadata) -> u32 {
    if about.is_dir() { 0o755 } else { 0o644 }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::File { operation: "read", path: path.display().to_string(), reason: error.to_string() }
}

fn local(path: &Path, error: &io::Error) -> Broken {
    Broken::Local(unreadable(path, error))
}
