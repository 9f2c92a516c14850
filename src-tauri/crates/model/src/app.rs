//! An app: what is released. Its slug stands in immutable selectors; its title is for people.

use crate::field::{FieldCode, FieldError, Fields, Refusal};
use crate::id::AppId;
use crate::image;
use crate::name::{self, LABEL_MAX, Slug, TITLE_MAX};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest path that Kubernetes mounts without trouble on every file system.
const PATH_MAX: usize = 255;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct App {
    pub id: AppId,
    pub slug: Slug,
    pub title: String,
    /// Image repository with its registry host; empty until the person knows it.
    pub repository: String,
    /// Folder in the container that relative paths of config files are joined to. Begins and ends with `/`; may be empty.
    pub deploy_path: String,
}

/// An app as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppDraft {
    pub slug: String,
    pub title: String,
    pub repository: String,
    pub deploy_path: String,
}

impl AppDraft {
    /// # Errors
    /// Every field that is wrong. Uniqueness of the slug is the store's to say.
    pub fn validate(&self, id: AppId) -> Result<App, Vec<FieldError>> {
        let mut fields = Fields::new();
        let slug = fields.take("slug", app_slug(&self.slug));
        let title = fields.take("title", name::text(&self.title, TITLE_MAX, false));
        let repository = if self.repository.trim().is_empty() {
            Some(String::new())
        } else {
            fields.take("repository", image::repository(&self.repository))
        };
        let deploy_path = fields.take("deploy_path", deploy_path(&self.deploy_path));
        match (slug, title, repository, deploy_path, fields.into_errors()) {
            (Some(slug), Some(title), Some(repository), Some(deploy_path), errors) if errors.is_empty() => {
                let title = if title.is_empty() { slug.to_string() } else { title };
                Ok(App { id, slug, title, repository, deploy_path })
            }
            (.., errors) => Err(errors),
        }
    }
}

/// An app's slug leaves room for at least a short group name.
fn app_slug(typed: &str) -> Result<Slug, Refusal> {
    let slug = Slug::parse(typed)?;
    let max = name::APP_AND_GROUP_MAX - 3;
    if slug.as_str().len() > max {
        return Err(Refusal::new(FieldCode::TooLong).with("max", max.min(LABEL_MAX)));
    }
    Ok(slug)
}

fn deploy_path(typed: &str) -> Result<String, Refusal> {
    let path = typed.trim();
    if path.is_empty() {
        return Ok(String::new());
    }
    if path.len() > PATH_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", PATH_MAX));
    }
    if path.chars().any(char::is_control) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    let bad = !path.starts_with('/')
        || !path.ends_with('/')
        || path.contains("//")
        || path.split('/').any(|part| part == ".." || part == ".")
        || path.contains(':');
    if bad {
        let refusal = Refusal::new(FieldCode::NotADeployPath);
        let mended = format!("/{}/", path.split('/').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/"));
        let mendable = !mended.contains("/../") && !mended.contains("/./") && !mended.contains(':') && mended != "//";
        return Err(if mendable { refusal.fix(mended) } else { refusal });
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts() {
        let draft = |slug: &str, repository: &str, deploy_path: &str| AppDraft {
            slug: slug.into(),
            title: String::new(),
            repository: repository.into(),
            deploy_path: deploy_path.into(),
        };
        let app = draft("checkout-api", "registry.example.com/shop/checkout-api", "/export/app/")
            .validate("x".into())
            .expect("valid");
        assert_eq!(app.title, "checkout-api");
        for (draft, field, code) in [
            (draft("", "", ""), "slug", FieldCode::Required),
            (draft(&"a".repeat(43), "", ""), "slug", FieldCode::TooLong),
            (draft("a", "x:1", ""), "repository", FieldCode::NotAnImage),
            (draft("a", "", "conf"), "deploy_path", FieldCode::NotADeployPath),
            (draft("a", "", "/a/../b/"), "deploy_path", FieldCode::NotADeployPath),
        ] {
            let errors = draft.validate("x".into()).expect_err("invalid");
            assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code));
        }
    }
}
