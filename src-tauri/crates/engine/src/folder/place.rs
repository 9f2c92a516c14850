//! Where a file stands below the folder of its app: `config/…` for the app's, `GROUP/…` for a group's.

use slipway_model::name::Slug;

/// Folder of the app's own files.
const APP: &str = "config";
/// A group of that name has this folder. No slug has a dot, so it is nobody else's.
const GROUP_NAMED_CONFIG: &str = "config.group";
/// Below it stand files with an absolute path.
const ROOT: &str = "_root";

/// The place of a file, with `/`. `None` for a group whose name is no name yet.
pub(super) fn place(group: Option<&str>, path: &str) -> Option<String> {
    let owner = match group {
        None => APP,
        Some(APP) => GROUP_NAMED_CONFIG,
        Some(name) if Slug::parse(name).is_ok_and(|slug| slug.as_str() == name) => name,
        Some(_) => return None,
    };
    let path = path.trim();
    Some(match path.strip_prefix('/') {
        Some(absolute) => format!("{owner}/{ROOT}/{absolute}"),
        // A relative path that looks like the absolute ones' gets out of their way.
        None if is_root(path) => format!("{owner}/{}", path.replacen(ROOT, "_root_", 1)),
        None => format!("{owner}/{path}"),
    })
}

/// The name of the group, and the path as it would be typed, of a place.
pub(super) fn file_of(place: &str) -> Option<(Option<&str>, String)> {
    let (owner, path) = place.split_once('/')?;
    let group = match owner {
        APP => None,
        GROUP_NAMED_CONFIG => Some(APP),
        name => Some(name),
    };
    let path = match path.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('/')) {
        Some(absolute) => format!("/{absolute}"),
        None if is_root(path) => path.replacen("_root_", ROOT, 1),
        None => path.to_owned(),
    };
    Some((group, path))
}

/// The first part is `_root`, with any number of further underscores.
fn is_root(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    first.strip_prefix(ROOT).is_some_and(|rest| rest.bytes().all(|byte| byte == b'_'))
}

/// Top folders that an app with these groups has.
pub(super) fn owners<'g>(groups: impl Iterator<Item = &'g str>) -> Vec<String> {
    let folder = |place: String| place.split('/').next().map(str::to_owned);
    std::iter::once(APP.to_owned())
        .chain(groups.filter_map(|group| place(Some(group), "x")).filter_map(folder))
        .collect()
}

/// What editors and systems leave beside files: never anybody's configuration.
pub(super) fn is_litter(name: &str) -> bool {
    let (first, last) = (name.chars().next(), name.chars().last());
    let ends = |end: &str| name.len() > end.len() && name.ends_with(end);
    // `4913` is what vim tries a folder with.
    matches!(first, Some('.' | '#'))
        || last == Some('~')
        || name == "4913"
        || [".swp", ".swo", ".tmp", ".bak", ".orig"].iter().any(|end| ends(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_back() {
        for (group, path, at) in [
            (None, "conf/app.yml", "config/conf/app.yml"),
            (None, "/etc/app.yml", "config/_root/etc/app.yml"),
            (None, "_root/a", "config/_root_/a"),
            (None, "_root_/a", "config/_root__/a"),
            (None, "_root", "config/_root_"),
            (None, "_rooted/a", "config/_rooted/a"),
            (Some("prod"), "a.yml", "prod/a.yml"),
            (Some("config"), "a.yml", "config.group/a.yml"),
        ] {
            assert_eq!(place(group, path).as_deref(), Some(at));
            assert_eq!(file_of(at), Some((group, path.to_owned())));
        }
        for bad in ["", "..", "a/b", "Prod", "/"] {
            assert_eq!(place(Some(bad), "a.yml"), None, "{bad:?}");
        }
        assert_eq!(owners(["prod", "config", ".."].into_iter()), ["config", "prod", "config.group"]);
    }

    #[test]
    fn litter() {
        for name in [".app.yml.swp", "app.yml~", "4913", "#app.yml#", "app.yml.bak", ".DS_Store"] {
            assert!(is_litter(name), "{name}");
        }
        for name in ["app.yml", "tmp", "a.tmpl"] {
            assert!(!is_litter(name), "{name}");
        }
    }
}
