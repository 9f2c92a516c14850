//! The tags of a repository, page by page.

use crate::address::Repository;
use crate::answer::Said;
use crate::failure::Failure;
use crate::{Access, Registries};
use reqwest::Method;
use reqwest::header::LINK;
use serde::Deserialize;
use std::collections::HashSet;
use std::time::Duration;
use url::Url;

/// Tags asked for in one go; registries may give fewer.
const PAGE: usize = 1000;
/// More than anybody looks through; a registry that has no end is one that lies.
pub const TAGS_MAX: usize = 20_000;
/// All pages together.
const TIMEOUT: Duration = Duration::from_mins(1);

/// What a repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    /// As the registry orders them.
    pub tags: Vec<String>,
    /// It has more than are listed.
    pub more: bool,
}

#[derive(Deserialize)]
struct Page {
    /// Some say `null` where there are none.
    tags: Option<Vec<String>>,
}

impl Registries {
    /// All tags of a repository.
    ///
    /// # Errors
    /// What the registry says, and that it can not be asked.
    pub async fn tags(&self, of: &Repository, access: &Access) -> Result<Tags, Failure> {
        let all = self.all_tags(of, access);
        let in_time = tokio::time::timeout(TIMEOUT, all).await;
        in_time.unwrap_or_else(|_| Err(Failure::Unreachable { reason: "no answer in time".to_owned() })).map_err(
            |failure| match failure {
                Failure::NoImage => Failure::NoRepository,
                failure => failure,
            },
        )
    }

    async fn all_tags(&self, of: &Repository, access: &Access) -> Result<Tags, Failure> {
        let first = format!("{}tags/list?n={PAGE}", of.base(access.plain));
        let (mut tags, mut seen, mut next) = (Vec::new(), HashSet::new(), Some(first.clone()));
        while let Some(url) = next {
            let said = self.ask(Method::GET, &url, "application/json", of, access).await?;
            let page: Page =
                serde_json::from_slice(&said.body).map_err(|_| Failure::nonsense("its list of tags is none"))?;
            let page = page.tags.unwrap_or_default();
            let (length, last) = (page.len(), page.last().cloned());
            let before = tags.len();
            tags.extend(page.into_iter().filter(|tag| seen.insert(tag.clone())));
            if tags.len() >= TAGS_MAX {
                tags.truncate(TAGS_MAX);
                return Ok(Tags { tags, more: true });
            }
            // Without anything new there is no end to it.
            next = if tags.len() == before { None } else { following(&said, &first, length, last.as_deref())? };
        }
        Ok(Tags { tags, more: false })
    }
}

/// Where the next page is: where the registry says, or behind the last tag of a full one.
fn following(said: &Said, first: &str, length: usize, last: Option<&str>) -> Result<Option<String>, Failure> {
    if let Some(link) = said.header(&LINK).and_then(next_of) {
        let url = said.url.join(link).map_err(|_| Failure::nonsense("the address of its next page is none"))?;
        // It would be asked with what only the registry may see.
        if url.origin() != said.url.origin() {
            return Err(Failure::nonsense("its next page is of another server"));
        }
        return Ok(Some(url.into()));
    }
    let Some(last) = last.filter(|_| length == PAGE) else { return Ok(None) };
    let mut url = Url::parse(first).map_err(|_| Failure::nonsense("its address is none"))?;
    url.query_pairs_mut().append_pair("last", last);
    Ok(Some(url.into()))
}

/// The target of `<target>; rel="next"` (RFC 8288).
fn next_of(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (target, params) = link.trim().strip_prefix('<')?.split_once('>')?;
        let next = params.split(';').any(|param| {
            let (name, value) = param.trim().split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == "next"
        });
        next.then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_read_from_its_link() {
        for (header, target) in [
            (r#"</v2/a/tags/list?n=2&last=b>; rel="next""#, Some("/v2/a/tags/list?n=2&last=b")),
            (r"<https://r.example.com/x?next_page=ab%3D>; rel=next", Some("https://r.example.com/x?next_page=ab%3D")),
            (r#"</first>; rel="first", </next>; title="a"; rel="next""#, Some("/next")),
            (r#"</first>; rel="first""#, None),
            ("nonsense", None),
        ] {
            assert_eq!(next_of(header), target, "{header}");
        }
    }
}
