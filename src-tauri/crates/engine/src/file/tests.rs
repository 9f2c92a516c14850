//! Archives as they come from anybody, and folders as people have them.

use super::meter::Meter;
use super::pack::{measure, pack};
use super::unpack::{Broken, Unpacked, file, folder};
use crate::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use tar::{EntryType, Header};

/// An archive whose names are as they are given, also those that no archive should have.
struct Hostile(Vec<u8>);

impl Hostile {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn with(mut self, kind: EntryType, name: &[u8], link: &[u8], content: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o4755);
        header.set_mtime(1_700_000_000);
        let raw = header.as_gnu_mut().expect("it is one");
        raw.name[..name.len()].copy_from_slice(name);
        raw.linkname[..link.len()].copy_from_slice(link);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, name: &[u8], content: &[u8]) -> Self {
        self.with(EntryType::Regular, name, b"", content)
    }

    fn end(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

fn into(place: &Path, archive: &[u8]) -> (Meter, Result<Unpacked, Broken>) {
    let meter = Meter::default();
    let unpacked = folder(archive, place, OsStr::new("logs"), &meter);
    (meter, unpacked)
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
fn nothing_is_written_outside_whatever_an_archive_says() {
    let outside = tempfile::tempdir().expect("a folder");
    let target = outside.path().join("target");
    fs::create_dir(&target).expect("a folder");
    for name in [&b"../evil"[..], b"./a/../../evil", b"/tmp/slipway-evil", b"a/.."] {
        let (_, unpacked) = into(&target, &Hostile::new().file(b"fine", b"x").file(name, b"evil").end());
        assert!(matches!(unpacked, Err(Broken::Local(Error::Outside { .. }))), "{unpacked:?}");
        assert_eq!(names(&target), [] as [&str; 0], "nothing is kept");
    }
    // Through a link that was made before it.
    let archive = Hostile::new()
        .with(EntryType::Symlink, b"out", b"..", b"")
        .with(EntryType::Symlink, b"abs", b"/tmp", b"")
        .file(b"out/evil", b"x")
        .with(EntryType::Symlink, b"sub/up", b"../..", b"")
        .with(EntryType::Symlink, b"sub/fine", b"../fine", b"")
        .with(EntryType::Link, b"hard", b"../../../etc/hostname", b"")
        .with(EntryType::Char, b"null", b"", b"")
        .with(EntryType::Fifo, b"pipe", b"", b"")
        .end();
    let (meter, unpacked) = into(&target, &archive);
    let path = unpacked.expect("unpacked").keep().expect("kept");
    assert_eq!(path, target.join("logs"));
    assert_eq!(names(outside.path()), ["target"]);
    assert_eq!(names(&path), ["out", "sub"]);
    assert!(fs::symlink_metadata(path.join("out")).expect("it is there").is_dir());
    assert_eq!(names(&path.join("sub")), ["fine"]);
    assert_eq!(meter.count_left_out(), 6);
}

#[test]
fn rights_times_and_second_names_come_along_and_what_is_there_stays() {
    let target = tempfile::tempdir().expect("a folder");
    fs::create_dir(target.path().join("logs")).expect("a folder");
    let archive = Hostile::new()
        .with(EntryType::Directory, b"./", b"", b"")
        .with(EntryType::Directory, b"./shut", b"", b"")
        .file(b"./shut/a\nb\xff", b"one")
        .with(EntryType::Link, b"./again", b"./shut/a\nb\xff", b"")
        .end();
    let (meter, unpacked) = into(target.path(), &archive);
    let path = unpacked.expect("unpacked").keep().expect("kept");
    assert_eq!(path, target.path().join("logs (2)"));
    let one = path.join("shut").join(OsStr::from_bytes(b"a\nb\xff"));
    let about = fs::metadata(&one).expect("it is there");
    assert_eq!(about.permissions().mode() & 0o7777, 0o755, "no more than a person may set");
    assert_eq!(
        about.modified().expect("a time"),
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)
    );
    assert_eq!(fs::read(path.join("again")).expect("it is there"), b"one");
    assert_eq!((meter.files(), meter.bytes(), meter.count_left_out()), (2, 6, 0));
}

#[test]
fn what_is_cut_off_is_kept_nowhere() {
    let target = tempfile::tempdir().expect("a folder");
    let whole = Hostile::new().file(b"./a", &[7; 3_000]).end();
    for end in [0, 100, 511, 512, 600, 3_000] {
        let (_, unpacked) = into(target.path(), &whole[..end]);
        if end > 0 {
            assert!(matches!(unpacked, Err(Broken::Cut)), "{end}: {unpacked:?}");
        }
        let one = file(&whole[..end], &target.path().join("a"), &Meter::default());
        assert!(matches!(one, Err(Broken::Cut)), "{end}: {one:?}");
    }
    drop(into(target.path(), &whole));
    assert_eq!(names(target.path()), [] as [&str; 0]);
    let one = file(whole.as_slice(), &target.path().join("a"), &Meter::default()).expect("unpacked");
    assert_eq!(one.size, 3_000);
    one.keep().expect("kept");
    assert_eq!(fs::read(target.path().join("a")).expect("it is there"), [7; 3_000]);
    let special = Hostile::new().with(EntryType::Fifo, b"./a", b"", b"").end();
    let refused = file(special.as_slice(), &target.path().join("b"), &Meter::default());
    assert!(matches!(refused, Err(Broken::Local(Error::Special { .. }))), "{refused:?}");
}

#[test]
fn what_is_packed_comes_out_the_same() {
    let from = tempfile::tempdir().expect("a folder");
    let root = from.path().join("conf");
    let long = "x".repeat(255);
    fs::create_dir_all(root.join("empty")).expect("a folder");
    for name in [&b"-n"[..], b"a\nb", b"\xff\xfe", long.as_bytes(), "部署".as_bytes()] {
        fs::write(root.join(OsStr::from_bytes(name)), name.repeat(100)).expect("written");
    }
    symlink("-n", root.join("link")).expect("linked");
    let (files, bytes) = measure(&root).expect("measured");
    let (meter, mut archive) = (Meter::default(), Vec::new());
    pack(&root, OsStr::new("conf"), &mut archive, &meter).expect("packed");
    assert_eq!((meter.files(), meter.bytes()), (files, bytes));

    let target = tempfile::tempdir().expect("a folder");
    let (again, unpacked) = into(target.path(), &archive);
    let path = unpacked.expect("unpacked").keep().expect("kept").join("conf");
    assert_eq!((again.files(), again.bytes(), again.count_left_out()), (files, bytes, 0));
    assert_eq!(names(&path), names(&root));
    for name in [&b"-n"[..], b"a\nb", b"\xff\xfe", long.as_bytes(), b"link"] {
        let name = OsStr::from_bytes(name);
        assert_eq!(fs::read(path.join(name)).expect("there"), fs::read(root.join(name)).expect("here"));
    }
    // Whoever takes it may be gone, and a file may not be readable.
    let gone = pack(&root, OsStr::new("conf"), Closed, &Meter::default());
    assert!(matches!(gone, Err(super::pack::Broken::Gone)), "{gone:?}");
    let missing = measure(&root.join("none"));
    assert!(matches!(missing, Err(Error::File { operation: "read", .. })), "{missing:?}");
}

/// Whoever takes it is gone.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_and_nothing_is_kept_on_it() {
    let mount = "mount -t tmpfs -o size=1m tmpfs \"$PLACE\"";
    let test = "a_full_disk_is_said_and_nothing_is_kept_on_it";
    let Some(place) = crate::mounted::mounted(module_path!(), test, mount) else { return };
    let archive = Hostile::new().file(b"./a", &vec![7; 2 << 20]).end();
    let (_, unpacked) = into(&place, &archive);
    assert!(matches!(unpacked, Err(Broken::Local(Error::DiskFull { .. }))), "{unpacked:?}");
    let one = file(archive.as_slice(), &place.join("a"), &Meter::default());
    assert!(matches!(one, Err(Broken::Local(Error::DiskFull { .. }))), "{one:?}");
    assert_eq!(names(&place), [] as [&str; 0]);
}

#[test]
fn rights_read_as_ls_writes_them() {
    for (bits, text) in [
        (0o100_644, "-rw-r--r--"),
        (0o040_755, "drwxr-xr-x"),
        (0o120_777, "lrwxrwxrwx"),
        (0o041_777, "drwxrwxrwt"),
        (0o104_755, "-rwsr-xr-x"),
        (0o102_644, "-rw-r-Sr--"),
        (0o020_666, "crw-rw-rw-"),
    ] {
        assert_eq!(super::mode(bits), text);
    }
}
