//! The folder itself: what stands there, and how it is written without a moment in which a file is half there.

use super::place;
use slipway_model::config::CONTENT_MAX;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

/// So many files that Slipway does not know are named: who has more opened another folder than meant.
const STRANGERS_MAX: usize = 50;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File(Vec<u8>),
    /// More than a configuration file may have.
    TooLarge,
    /// A folder, a link, or what else is no file.
    Odd,
    Failed(String),
}

pub(super) fn read(root: &Path, place: &str) -> Found {
    let found = || -> io::Result<Found> {
        let Some(path) = inside(root, place)? else { return Ok(Found::Odd) };
        // A link could lead to any file of this computer, and its content into a release.
        let about = fs::symlink_metadata(&path)?;
        if !about.is_file() {
            return Ok(Found::Odd);
        }
        let mut bytes = Vec::new();
        let most = CONTENT_MAX as u64 + 1;
        fs::File::open(&path)?.take(most).read_to_end(&mut bytes)?;
        Ok(if bytes.len() > CONTENT_MAX { Found::TooLarge } else { Found::File(bytes) })
    };
    found().unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Found::Nothing,
        _ => Found::Failed(error.to_string()),
    })
}

/// Puts a file there in one step. `expected` is what stands there now; anything else is left alone, and `false` told.
pub(super) fn write(root: &Path, place: &str, bytes: &[u8], expected: Option<&[u8]>) -> io::Result<bool> {
    let path = root.join(place);
    let parent = path.parent().unwrap_or(root);
    // A root that is gone stays gone: only below it folders are made.
    if !root.is_dir() {
        return Err(ErrorKind::NotFound.into());
    }
    if inside(root, place).is_ok_and(|path| path.is_none()) {
        return Ok(false);
    }
    fs::create_dir_all(parent)?;
    if inside(root, place)?.is_none() {
        return Ok(false);
    }
    let mut file = builder().tempfile_in(parent)?;
    file.write_all(bytes)?;
    // So that a full disk says so now, and not after the old file is gone.
    file.as_file().sync_all()?;
    match expected {
        None => match file.persist_noclobber(&path) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        },
        Some(expected) => {
            let permissions = fs::metadata(&path)?.permissions();
            if permissions.readonly() {
                return Err(ErrorKind::PermissionDenied.into());
            }
            file.as_file().set_permissions(permissions)?;
            // As late as can be: what an editor saved a moment ago must not be lost.
            if read(root, place) != Found::File(expected.to_owned()) {
                return Ok(false);
            }
            file.persist(&path).map(|_| true).map_err(|error| error.error)
        }
    }
}

/// Hidden, so that neither a person nor the watcher takes it for one of the files.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".slipway-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// The path of a place; `None` where a link on the way leads out of the root.
fn inside(root: &Path, place: &str) -> io::Result<Option<PathBuf>> {
    let path = root.join(place);
    if !Path::new(place).components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(None);
    }
    let parent = path.parent().unwrap_or(root);
    Ok(parent.canonicalize()?.starts_with(root.canonicalize()?).then_some(path))
}

/// Makes the folder with all of its files, or nothing of it: they are written beside it first.
pub(super) fn create(root: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let beside = root.with_file_name(format!(".{name}.{}", uuid::Uuid::new_v4().simple()));
    fs::create_dir(&beside)?;
    let made = files
        .iter()
        .try_for_each(|(place, bytes)| write(&beside, place, bytes, None).map(drop))
        .and_then(|()| fs::rename(&beside, root));
    if made.is_err() {
        // What could not be finished is of no use to anybody.
        fs::remove_dir_all(&beside).ok();
    }
    made
}

/// What stands at the top of the folder that is none of `owners`: then it is another kind of folder. Hidden entries may.
pub(super) fn intruder(root: &Path, owners: &[String]) -> io::Result<Option<String>> {
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !place::is_litter(&name) && !owners.contains(&name) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Places of files that are none of `known`, by name, without what editors leave. Links are not followed.
pub(super) fn strangers(root: &Path, known: &HashSet<String>) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![String::new()]);
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !place::is_litter(name)) else { continue };
            let place = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(place),
                // What stands at the top is no file of the app or of a group.
                Ok(kind) if kind.is_file() && !folder.is_empty() && !known.contains(&place) => found.push(place),
                _ => {}
            }
            if found.len() == STRANGERS_MAX {
                found.sort();
                return found;
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("shop");
        create(&root, &[("config/conf/a.yml".to_owned(), b"a\r\n".to_vec()), ("prod/b".to_owned(), Vec::new())])
            .expect("made");
        (folder, root)
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_made_can_be_read_and_nothing_is_left_beside_it() {
        let (folder, root) = root();
        assert_eq!(read(&root, "config/conf/a.yml"), Found::File(b"a\r\n".to_vec()));
        assert_eq!(read(&root, "prod/b"), Found::File(Vec::new()));
        assert_eq!(read(&root, "prod/c"), Found::Nothing);
        assert_eq!(read(&root, "prod/b/c"), Found::Nothing);
        assert_eq!(read(&root, "prod"), Found::Odd);
        assert_eq!(
            (names(folder.path()), names(&root)),
            (vec!["shop".to_owned()], vec!["config".into(), "prod".into()])
        );
        assert!(create(&root, &[("a".to_owned(), Vec::new())]).is_err(), "a folder that has something is not replaced");
        assert_eq!(names(folder.path()), ["shop"]);
    }

    #[test]
    fn a_file_is_written_only_over_what_was_expected() {
        let (_folder, root) = root();
        assert!(write(&root, "prod/b", b"1", Some(b"")).expect("written"));
        assert!(!write(&root, "prod/b", b"2", Some(b"")).expect("left alone"), "an editor saved meanwhile");
        assert!(!write(&root, "prod/b", b"2", None).expect("left alone"), "it came meanwhile");
        assert_eq!(read(&root, "prod/b"), Found::File(b"1".to_vec()));
        assert!(write(&root, "new/deep/c", b"3", None).expect("written"));
        assert_eq!(names(&root.join("prod")), ["b"]);
        fs::remove_dir_all(&root).expect("deleted");
        assert!(write(&root, "prod/b", b"1", None).is_err(), "a folder that was deleted is not made again");
        assert!(!root.exists());
    }

    #[test]
    fn a_file_made_read_only_stays_as_it_is() {
        let (_folder, root) = root();
        let path = root.join("prod/b");
        let mut permissions = fs::metadata(&path).expect("there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("set");
        let refused = write(&root, "prod/b", b"1", Some(b"")).expect_err("read-only");
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        assert_eq!((read(&root, "prod/b"), names(&root.join("prod"))), (Found::File(Vec::new()), vec!["b".to_owned()]));
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        use std::os::unix::fs::symlink;
        let (folder, root) = root();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).expect("a folder");
        fs::write(outside.join("passwd"), "secret").expect("a file");
        symlink(outside.join("passwd"), root.join("prod/link")).expect("a link");
        symlink(&outside, root.join("out")).expect("a link");
        assert_eq!((read(&root, "prod/link"), read(&root, "out/passwd")), (Found::Odd, Found::Odd));
        assert!(!write(&root, "out/new", b"1", None).expect("left alone"));
        assert!(!write(&root, "prod/../../x", b"1", None).expect("left alone"));
        assert_eq!(names(&outside), ["passwd"]);
        assert_eq!(strangers(&root, &HashSet::new()), ["config/conf/a.yml", "prod/b"]);
    }

    #[test]
    fn strangers_and_intruders_are_named_litter_is_not() {
        let (_folder, root) = root();
        for place in ["prod/new.yml", "prod/.new.yml.swp", "prod/b~", "config/4913"] {
            fs::write(root.join(place), "x").expect("written");
        }
        let known = HashSet::from(["config/conf/a.yml".to_owned(), "prod/b".to_owned()]);
        assert_eq!(strangers(&root, &known), ["prod/new.yml"]);
        let owners = ["config".to_owned(), "prod".to_owned()];
        assert_eq!(intruder(&root, &owners).expect("read"), None);
        fs::create_dir(root.join("src")).expect("a folder");
        assert_eq!(intruder(&root, &owners).expect("read").as_deref(), Some("src"));
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let (_folder, root) = root();
        let file = fs::File::create(root.join("prod/b")).expect("a file");
        file.set_len(50 * 1024 * 1024).expect("50 MB");
        assert_eq!(read(&root, "prod/b"), Found::TooLarge);
    }
}
