//! What is run in a container for its files: for any POSIX shell, with the tools of GNU or of busybox.
//!
//! Paths come as `printf %b` reads them, so that any bytes pass through a command line that is text.

use std::fmt::Write as _;

/// How a script says what stood in its way; everything else is the word of the tool that failed.
pub(super) mod exit {
    pub(in crate::files) const MISSING: i32 = 81;
    pub(in crate::files) const NO_FOLDER: i32 = 82;
    pub(in crate::files) const DENIED: i32 = 83;
    pub(in crate::files) const TAKEN: i32 = 84;
    pub(in crate::files) const NO_TAR: i32 = 85;
    pub(in crate::files) const NO_STAT: i32 = 86;
    pub(in crate::files) const NO_DIGEST: i32 = 87;
}

/// Messages in English, names as they are.
const BEGIN: &str = r#"
unset CDPATH; LC_ALL=C; QUOTING_STYLE=literal; export LC_ALL QUOTING_STYLE
bytes() { out=$(printf '%b.' "$1"); out=${out%.}; }
has() { command -v "$1" >/dev/null 2>&1; }
enter() {
  bytes "$1"
  [ -n "$out" ] || return 0
  [ -e "$out" ] || exit 81
  [ -d "$out" ] || exit 82
  cd -- "$out" 2>/dev/null || exit 83
}
each() {
  set --
  for f in * .[!.]* ..?*; do
    if [ -L "$f" ]; then :
    elif [ -d "$f" ]; then (cd -- "./$f" 2>/dev/null && each)
    elif [ -f "$f" ]; then
      set -- "$@" "./$f"
      [ $# -lt 200 ] || { act "$@"; set --; }
    fi
  done
  [ $# -eq 0 ] || act "$@"
}
"#;

/// `$1` the folder, `$2` how many rows at most. A record is `mark mode size time uid gid owner group name//link//`: a
/// name has no slash in it, so that it ends where two come.
const LIST: &str = r#"
enter "$1"
most=$2
has stat || exit 86
[ -r . ] || exit 83
who=$(id -un 2>/dev/null) || who=$(id -u 2>/dev/null) || who=
tar=; has tar && tar=tar
printf '%s\n%s\n%s//\n' "$who" "$tar" "$PWD"
act() { stat -c "$mark %f %s %Y %u %g %U %G %n//%N//" -- "$@" 2>/dev/null; }
n=0
for mark in - d; do
  set --
  for f in * .[!.]* ..?*; do
    [ -e "$f" ] || [ -L "$f" ] || continue
    is=-; if [ -L "$f" ] && [ -d "$f" ]; then is=d; fi
    [ "$is" = "$mark" ] || continue
    n=$((n + 1)); [ "$n" -le "$most" ] || break
    set -- "$@" "$f"
    [ $# -lt 200 ] || { act "$@"; set --; }
  done
  [ $# -eq 0 ] || act "$@"
done
printf '= %s\n' "$n"
"#;

/// `$1` a folder: the size of each file below it.
const SIZES: &str = r#"
enter "$1"
has stat || exit 86
act() { stat -c %s -- "$@" 2>/dev/null; }
each
exit 0
"#;

/// `$1` a folder: the digest of each file below it.
const DIGESTS: &str = r#"
enter "$1"
has sha256sum || exit 87
act() { sha256sum -- "$@" 2>/dev/null; }
each
exit 0
"#;

/// `$1` a folder, `$2` a file in it, `$3` how many of its bytes.
const DIGEST: &str = r#"
enter "$1"
bytes "$2"
has sha256sum || exit 87
head -c "$3" <"./$out" | sha256sum
"#;

const READ_FOLDER: &str = r#"
enter "$1"
has tar || exit 85
[ -r . ] || exit 83
exec tar -cf - .
"#;

/// `$2` the file, or a link to one.
const READ_FILE: &str = r#"
enter "$1"
bytes "$2"
has tar || exit 85
[ -e "./$out" ] || exit 81
[ -r "./$out" ] || exit 83
exec tar -chf - "./$out"
"#;

/// `$2` the name that it will have, `$3` where it waits until it is whole, `$4` whether it replaces what is there. Whoever
/// sends learns by a line that nothing more is wanted; what is on its way is read, or nobody would hear of it.
const WRITE: &str = r#"
(
  enter "$1"
  bytes "$2"
  has tar || exit 85
  if [ -e "./$out" ] || [ -L "./$out" ]; then [ "$4" = replace ] || exit 84; fi
  mkdir -- "$3" "$3/new" || exit 1
  tar -xof - -C "$3/new"
)
code=$?
[ "$code" -eq 0 ] || { echo; cat >/dev/null; }
exit "$code"
"#;

/// What is replaced stands aside until the new one is in its place.
const COMMIT: &str = r#"
enter "$1"
bytes "$2"
if [ -e "./$out" ] || [ -L "./$out" ]; then
  [ "$4" = replace ] || exit 84
  if [ -L "./$out" ] || [ ! -f "./$out" ] || [ -d "$3/new/$out" ]; then
    mv -- "./$out" "$3/old" || exit 1
    mv -- "$3/new/$out" "./$out" || { mv -- "$3/old" "./$out"; exit 1; }
  else
    mv -f -- "$3/new/$out" "./$out" || exit 1
  fi
else
  mv -- "$3/new/$out" "./$out" || exit 1
fi
rm -rf -- "$3"
exit 0
"#;

const DISCARD: &str = r#"
enter "$1"
rm -rf -- "$2"
"#;

/// The command that runs a script with its arguments.
fn command(script: &str, arguments: Vec<String>) -> Vec<String> {
    let mut command = vec!["sh".to_owned(), "-c".to_owned(), format!("{BEGIN}{script}"), "sh".to_owned()];
    command.extend(arguments);
    command
}

pub(super) fn list(folder: &[u8], most: usize) -> Vec<String> {
    command(LIST, vec![escaped(folder), most.to_string()])
}

pub(super) fn sizes(folder: &[u8]) -> Vec<String> {
    command(SIZES, vec![escaped(folder)])
}

pub(super) fn digests(folder: &[u8]) -> Vec<String> {
    command(DIGESTS, vec![escaped(folder)])
}

pub(super) fn digest(folder: &[u8], name: &[u8], size: u64) -> Vec<String> {
    command(DIGEST, vec![escaped(folder), escaped(name), size.to_string()])
}

pub(super) fn read_folder(folder: &[u8]) -> Vec<String> {
    command(READ_FOLDER, vec![escaped(folder)])
}

pub(super) fn read_file(folder: &[u8], name: &[u8]) -> Vec<String> {
    command(READ_FILE, vec![escaped(folder), escaped(name)])
}

pub(super) fn write(folder: &[u8], name: &[u8], part: &str, replace: bool) -> Vec<String> {
    command(WRITE, vec![escaped(folder), escaped(name), part.to_owned(), said(replace)])
}

pub(super) fn commit(folder: &[u8], name: &[u8], part: &str, replace: bool) -> Vec<String> {
    command(COMMIT, vec![escaped(folder), escaped(name), part.to_owned(), said(replace)])
}

pub(super) fn discard(folder: &[u8], part: &str) -> Vec<String> {
    command(DISCARD, vec![escaped(folder), part.to_owned()])
}

fn said(replace: bool) -> String {
    if replace { "replace" } else { "keep" }.to_owned()
}

/// As `printf %b` reads it.
fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            text.push(char::from(*byte));
        } else {
            write!(text, "\\0{byte:03o}").expect("a String takes it");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_scripts_are_those_that_are_read() {
        let all = [LIST, SIZES, DIGESTS, DIGEST, READ_FOLDER, READ_FILE, WRITE, COMMIT, DISCARD].concat() + BEGIN;
        for code in
            [exit::MISSING, exit::NO_FOLDER, exit::DENIED, exit::TAKEN, exit::NO_TAR, exit::NO_STAT, exit::NO_DIGEST]
        {
            assert!(all.contains(&format!("exit {code}")), "{code}");
        }
    }

    #[test]
    fn a_path_is_text_whatever_its_bytes() {
        assert_eq!(escaped(b"/a b/\xff\n$(x)"), "/a\\0040b/\\0377\\0012\\0044\\0050x\\0051");
    }
}
