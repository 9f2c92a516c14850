//! Reads what the script says of a folder.

use slipway_model::file::RemotePath;

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    File,
    Folder,
    Link {
        /// Leads to a folder.
        folder: bool,
    },
    /// A device, a pipe or a socket.
    Special,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub name: RemotePath,
    pub kind: NodeKind,
    pub size: u64,
    /// Seconds since 1970.
    pub changed: i64,
    /// Kind and rights, as the system has them.
    pub mode: u32,
    /// Names where the container knows them, else numbers.
    pub owner: String,
    pub group: String,
    /// Where a link leads.
    pub target: Option<RemotePath>,
}

/// A folder as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// With no link that was not asked for.
    pub path: RemotePath,
    /// Whom commands run as.
    pub user: String,
    pub tar: bool,
    pub nodes: Vec<Node>,
    /// There are more.
    pub more: bool,
}

const TYPE: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const END: &[u8] = b"//\n";

/// `None` where it is not what the script writes, to its last line.
pub(super) fn read(said: &[u8], most: usize) -> Option<Listing> {
    let mut rest = Rest(said);
    let user = rest.line()?;
    let tar = rest.line()? == b"tar";
    let path = RemotePath::new(rest.until(END)?);
    let user = String::from_utf8_lossy(user).into_owned();
    let mut nodes = Vec::new();
    loop {
        match rest.take(2)? {
            b"= " => {
                let count: usize = number(rest.line()?)?;
                return Some(Listing { path, user, tar, nodes, more: count > most });
            }
            mark => nodes.push(node(mark == b"d ", &mut rest)?),
        }
    }
}

fn node(to_folder: bool, rest: &mut Rest<'_>) -> Option<Node> {
    let mode = u32::from_str_radix(str::from_utf8(rest.until(b" ")?).ok()?, 16).ok()?;
    let size = number(rest.until(b" ")?)?;
    let changed = number(rest.until(b" ")?)?;
    let (uid, gid) = (rest.until(b" ")?, rest.until(b" ")?);
    let (user, group) = (rest.until(b" ")?, rest.until(b" ")?);
    let named =
        |name: &[u8], id: &[u8]| String::from_utf8_lossy(if name == b"UNKNOWN" { id } else { name }).into_owned();
    let name = rest.until(b"//")?;
    let kind = match mode & TYPE {
        FILE => NodeKind::File,
        FOLDER => NodeKind::Folder,
        LINK => NodeKind::Link { folder: to_folder },
        _ => NodeKind::Special,
    };
    let target = if matches!(kind, NodeKind::Link { .. }) {
        Some(RemotePath::new(target(name, usize::try_from(size).ok()?, rest)?))
    } else {
        rest.until(END)?;
        None
    };
    let (owner, group) = (named(user, uid), named(group, gid));
    Some(Node { name: RemotePath::new(name), kind, size, changed, mode, owner, group, target })
}

/// After `name -> `, with quotes around both or around none. A link is as long as what it leads to; that of a process in
/// `/proc` says 0.
fn target<'a>(name: &[u8], length: usize, rest: &mut Rest<'a>) -> Option<&'a [u8]> {
    for quote in [&b""[..], b"'"] {
        let before = [quote, name, quote, b" -> ", quote].concat();
        let after = [quote, END].concat();
        let Some(shown) = rest.0.strip_prefix(before.as_slice()) else { continue };
        let end = match shown.get(length..) {
            Some(end) if length > 0 && end.starts_with(&after) => length,
            _ => find(shown, &after)?,
        };
        rest.0 = &shown[end + after.len()..];
        return Some(&shown[..end]);
    }
    // It cannot be read any more, or is quoted in a way of its own.
    let shown = rest.until(END)?;
    Some(find(shown, b" -> ").map_or(&[][..], |at| &shown[at + 4..]))
}

fn number<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    str::from_utf8(digits).ok()?.parse().ok()
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, what)
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// What stands before `end`, which is passed.
    fn until(&mut self, end: &[u8]) -> Option<&'a [u8]> {
        let taken = self.take(find(self.0, end)?)?;
        self.take(end.len())?;
        Some(taken)
    }

    fn line(&mut self) -> Option<&'a [u8]> {
        self.until(b"\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_bytes_and_links_of_both_families_are_read() {
        let said = b"app\ntar\n/export/a\n//\n\
            - 81a4 3 1795715549 0 0 root UNKNOWN \n//\n//\n\
            - 81a4 24 1795715549 1000 1000 UNKNOWN root new\nline//new\nline//\n\
            - 81a4 6 1795715549 0 0 root root \xff -> x//\xff -> x//\n\
            - 41ed 4096 -5 0 0 root root sub//sub//\n\
            - 11a4 0 1 0 0 root root pipe//pipe//\n\
            - a1ff 11 1 0 0 root root gnu//gnu -> no/w//\nhere//\n\
            d a1ff 11 1 0 0 root root box//'box' -> 'no/w//\nhere'//\n\
            - a1ff 0 1 0 0 root root exe//'exe' -> '/bin/sh'//\n\
            - a1ff 5 1 0 0 root root gone//'gone'//\n\
            = 9\n";
        let listing = read(said, 9).expect("it is whole");
        assert_eq!((listing.path.as_bytes(), listing.user.as_str(), listing.tar), (&b"/export/a\n"[..], "app", true));
        let names: Vec<_> = listing.nodes.iter().map(|node| node.name.as_bytes()).collect();
        let expected: [&[u8]; 9] =
            [b"\n", b"new\nline", b"\xff -> x", b"sub", b"pipe", b"gnu", b"box", b"exe", b"gone"];
        assert_eq!(names, expected);
        let owners: Vec<_> = listing.nodes[..2].iter().map(|node| (node.owner.as_str(), node.group.as_str())).collect();
        assert_eq!(owners, [("root", "0"), ("1000", "root")]);
        assert_eq!(listing.nodes[3].changed, -5);
        assert_eq!(listing.nodes[4].kind, NodeKind::Special);
        let targets: Vec<_> =
            listing.nodes[5..].iter().map(|node| node.target.as_ref().map_or(&b""[..], RemotePath::as_bytes)).collect();
        let expected: [&[u8]; 4] = [b"no/w//\nhere", b"no/w//\nhere", b"/bin/sh", b""];
        assert_eq!(targets, expected);
        assert_eq!(listing.nodes[6].kind, NodeKind::Link { folder: true });
        assert!(!listing.more && read(said, 8).expect("it is whole").more);
    }

    #[test]
    fn what_is_cut_off_is_no_list() {
        let said = b"app\ntar\n/a//\n- 81a4 3 1 0 0 root root b//b//\n= 1\n";
        assert!(read(said, 9).is_some());
        for end in 0..said.len() - 1 {
            assert_eq!(read(&said[..end], 9), None, "{end}");
        }
    }
}
