//! Where a file is mounted.

use crate::field::{FieldCode, Refusal};
use crate::name::is_hidden;

/// Longest path of a mounted file, bytes, the deploy path included: every file system takes it.
pub const PATH_MAX: usize = 255;

/// The path in the container: an absolute one as it is, a relative one joined to the deploy path.
///
/// # Errors
/// `Required`, `ControlCharacters`, `NotAFilePath`, `RelativeWithoutDeployPath` or `PathTooLong`.
pub fn resolve(deploy_path: &str, typed: &str) -> Result<String, Refusal> {
    let path = typed.trim();
    if path.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if path.chars().any(is_hidden) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    let joined = if path.starts_with('/') { path.len() } else { deploy_path.len() + path.len() };
    if path.len() > PATH_MAX {
        return Err(too_long(joined));
    }
    let parts = path.strip_prefix('/').unwrap_or(path).split('/');
    // A mount path may not hold a colon (Kubernetes' own validation).
    if path.contains(':') || parts.clone().any(|part| matches!(part, "" | "." | "..")) {
        let mended = parts.filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/");
        let mendable = !mended.is_empty() && !mended.contains(':') && mended.split('/').all(|part| part != "..");
        let refusal = Refusal::new(FieldCode::NotAFilePath);
        let root = if path.starts_with('/') { "/" } else { "" };
        return Err(if mendable { refusal.fix(format!("{root}{mended}")) } else { refusal });
    }
    let resolved = if path.starts_with('/') {
        path.to_owned()
    } else if deploy_path.is_empty() {
        return Err(Refusal::new(FieldCode::RelativeWithoutDeployPath));
    } else {
        format!("{deploy_path}{path}")
    };
    if joined > PATH_MAX { Err(too_long(joined)) } else { Ok(resolved) }
}

fn too_long(length: usize) -> Refusal {
    Refusal::new(FieldCode::PathTooLong).with("max", PATH_MAX).with("length", length)
}

/// Why two files cannot both be mounted at their resolved paths; `None` where they can.
///
/// The refusal is of the first: `PathTaken`, or `FileAsFolder` where one is a folder of the other.
pub fn clash(resolved: &str, other: &str) -> Option<Refusal> {
    let below = |file: &str, folder: &str| file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if resolved == other {
        Some(Refusal::new(FieldCode::PathTaken).with("path", other))
    } else if below(resolved, other) || below(other, resolved) {
        Some(Refusal::new(FieldCode::FileAsFolder).with("path", other))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths() {
        for (typed, resolved) in [
            ("conf/app.yml", "/export/conf/app.yml"),
            (" conf/app.yml ", "/export/conf/app.yml"),
            ("/etc/app.yml", "/etc/app.yml"),
            ("配置.yml", "/export/配置.yml"),
            (".env", "/export/.env"),
        ] {
            assert_eq!(resolve("/export/", typed).as_deref(), Ok(resolved));
        }
        for (typed, code, fix) in [
            ("", FieldCode::Required, None),
            ("/", FieldCode::NotAFilePath, None),
            ("a/../b", FieldCode::NotAFilePath, None),
            ("..", FieldCode::NotAFilePath, None),
            ("./a", FieldCode::NotAFilePath, Some("a")),
            ("a//b", FieldCode::NotAFilePath, Some("a/b")),
            ("//a", FieldCode::NotAFilePath, Some("/a")),
            ("conf/", FieldCode::NotAFilePath, Some("conf")),
            ("c:/app.yml", FieldCode::NotAFilePath, None),
            ("a\nb", FieldCode::ControlCharacters, None),
            ("a\0b", FieldCode::ControlCharacters, None),
            ("a\u{202e}lmth.b", FieldCode::ControlCharacters, None),
            ("\u{feff}a", FieldCode::ControlCharacters, None),
            (&"a".repeat(248), FieldCode::PathTooLong, None),
            (&"/".repeat(10_000_000), FieldCode::PathTooLong, None),
        ] {
            let refusal = resolve("/export/", typed).expect_err(typed);
            assert_eq!((refusal.code, refusal.fix.as_deref()), (code, fix), "{typed:?}");
        }
        assert_eq!(resolve("/export/", &"a".repeat(247)).map(|path| path.len()), Ok(PATH_MAX));
        let refusal = resolve("", "conf/app.yml").expect_err("relative");
        assert_eq!(refusal.code, FieldCode::RelativeWithoutDeployPath);
    }

    #[test]
    fn two_files_do_not_share_a_place() {
        let code = |a: &str, b: &str| clash(a, b).map(|refusal| refusal.code);
        assert_eq!(code("/a/b", "/a/b"), Some(FieldCode::PathTaken));
        assert_eq!(code("/a/b/c", "/a/b"), Some(FieldCode::FileAsFolder));
        assert_eq!(code("/a", "/a/b/c"), Some(FieldCode::FileAsFolder));
        assert_eq!(code("/a/b", "/a/bc"), None);
    }

    proptest! {
        #[test]
        fn what_resolves_can_be_mounted(deploy in "(/[a-z.]{1,4}/)?", typed in "[a-z./:]{0,12}") {
            if let Ok(path) = resolve(&deploy, &typed) {
                prop_assert!(path.starts_with('/') && !path.ends_with('/') && !path.contains("//"));
            }
        }

        #[test]
        fn an_offered_mend_is_accepted(typed in "[a-z./:]{0,12}") {
            if let Err(Refusal { fix: Some(fix), .. }) = resolve("/export/", &typed) {
                prop_assert!(resolve("/export/", &fix).is_ok());
            }
        }
    }
}
