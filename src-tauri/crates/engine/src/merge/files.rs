//! Configuration files of the three sides. Pure.

use super::sides::Sides;
use super::{FileSide, MergeChoice, MergedFile};
use slipway_model::config::{ConfigSource, Content, Owner};
use slipway_model::id::FileId;
use slipway_model::release::Plan;
use slipway_render::merge::{How, Merge, texts};
use slipway_store::FileEntry;
use std::collections::{BTreeMap, BTreeSet};

/// A file by whose it is and where: its path stays, whatever becomes of it.
pub(super) type Place = (Owner, String);

/// The files of one side.
#[derive(Debug, Default)]
pub(super) struct FilesAt<'s>(BTreeMap<Place, FileAt<'s>>);

/// What a side has at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileAt<'s> {
    pub id: &'s FileId,
    pub content: &'s Content,
    pub literal: bool,
    pub sensitive: bool,
}

impl PartialEq for FileAt<'_> {
    /// Whether it says the same: two computers may have made it each.
    fn eq(&self, other: &Self) -> bool {
        (self.content, self.literal, self.sensitive) == (other.content, other.literal, other.sensitive)
    }
}

impl<'s> FilesAt<'s> {
    fn released(plan: &'s Plan) -> Self {
        let file = |file: &'s ConfigSource| {
            let ConfigSource { id, content, literal, sensitive, .. } = file;
            let at = FileAt { id, content, literal: *literal, sensitive: *sensitive };
            ((file.owner, file.path.trim().to_owned()), at)
        };
        Self(plan.config.files.iter().map(file).collect())
    }

    fn saved(files: &'s [FileEntry]) -> Self {
        let file = |file: &'s FileEntry| {
            let FileEntry { id, content, literal, sensitive, .. } = file;
            let at = FileAt { id, content, literal: *literal, sensitive: *sensitive };
            ((file.owner(), file.path.trim().to_owned()), at)
        };
        Self(files.iter().map(file).collect())
    }

    fn at(&self, place: &Place) -> Option<FileAt<'s>> {
        self.0.get(place).copied()
    }

    /// Whether a release can not tell of the app's file: the group's own stands before it.
    fn hides(&self, (owner, path): &Place) -> bool {
        *owner == Owner::App && self.0.contains_key(&(Owner::Group, path.clone()))
    }
}

/// One file on three sides, which differ.
pub(super) struct ThreeFiles<'s> {
    pub place: Place,
    pub base: Option<FileAt<'s>>,
    pub ours: Option<FileAt<'s>>,
    pub theirs: Option<FileAt<'s>>,
    pub how: How,
    pub merge: Option<Merge>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    AsOurs,
    Gone,
    Put { content: Content, literal: bool, sensitive: bool },
}

impl Sides {
    /// Those that a side changed.
    pub(super) fn files(&self) -> Vec<ThreeFiles<'_>> {
        let (base, theirs) = (FilesAt::released(&self.base.plan), FilesAt::released(&self.theirs.plan));
        let ours = FilesAt::saved(&self.ours.files);
        let places: BTreeSet<&Place> = [&base, &ours, &theirs].into_iter().flat_map(|side| side.0.keys()).collect();
        let three = |place: &Place| {
            let was = base.at(place);
            // What a release does not tell of is as it was.
            let theirs = if theirs.hides(place) { was } else { theirs.at(place) };
            three(place.clone(), [was, ours.at(place), theirs])
        };
        places.into_iter().filter_map(three).collect()
    }
}

fn three(place: Place, [base, ours, theirs]: [Option<FileAt<'_>>; 3]) -> Option<ThreeFiles<'_>> {
    if base == ours && ours == theirs {
        return None;
    }
    let text = |side: Option<FileAt<'_>>| match side.map(|file| file.content) {
        Some(Content::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let mut how = How::of(&base, &ours, &theirs);
    let lines = how.takes_back().then(|| {
        // Made by both, it began with nothing.
        let began = if base.is_none() { Some(String::new()) } else { text(base) };
        Some(texts(&began?, &text(ours)?, &text(theirs)?))
    });
    let merge = lines.flatten();
    // Where both have made it, nobody can say which of its switches was changed.
    let switches = base.is_some() || ours.map(|file| file.literal) == theirs.map(|file| file.literal);
    if how == How::Conflict && switches && merge.as_ref().is_some_and(|merge| merge.conflicts() == 0) {
        how = How::Merged;
    }
    Some(ThreeFiles { place, base, ours, theirs, how, merge })
}

impl ThreeFiles<'_> {
    /// What a choice names it by.
    pub(super) fn id(&self) -> String {
        let (owner, path) = &self.place;
        let owner = serde_json::json!(owner);
        format!("file:{}:{path}", owner.as_str().unwrap_or_default())
    }

    pub(super) fn shown(&self) -> MergedFile {
        let (owner, path) = self.place.clone();
        let side = |file: Option<FileAt<'_>>| match file.map(|file| file.content) {
            None => FileSide::Missing,
            Some(Content::Text(_)) => FileSide::Text,
            Some(Content::Binary(_)) => FileSide::Binary,
            Some(Content::Sealed(_)) => FileSide::Sensitive,
        };
        MergedFile {
            id: self.id(),
            owner,
            path,
            how: self.how,
            base: side(self.base),
            ours: side(self.ours),
            theirs: side(self.theirs),
            merge: self.merge.clone(),
        }
    }

    /// `None` for a conflict that nobody decided.
    pub(super) fn becomes(&self, choice: Option<&MergeChoice>) -> Option<Becomes> {
        match (self.how, choice) {
            (How::Ours | How::Same, _) | (How::Conflict, Some(MergeChoice::Ours)) => Some(Becomes::AsOurs),
            (How::Theirs, _) | (How::Conflict, Some(MergeChoice::Theirs)) => Some(match self.theirs {
                None => Becomes::Gone,
                Some(FileAt { content, literal, sensitive, .. }) => {
                    Becomes::Put { content: content.clone(), literal, sensitive }
                }
            }),
            (How::Merged, _) => self.with_text(self.merge.as_ref()?.text()?),
            (How::Conflict, Some(MergeChoice::Text { text })) => self.with_text(text.clone()),
            (How::Conflict, None) => None,
        }
    }

    /// Lines of both, each switch as the side that changed it has it. Where a text is to be read, nothing is sensitive.
    fn with_text(&self, text: String) -> Option<Becomes> {
        let (ours, theirs) = (self.merge.as_ref().and(self.ours)?, self.theirs?);
        let kept = self.base.is_none_or(|base| base.literal == theirs.literal);
        let literal = if kept { ours.literal } else { theirs.literal };
        Some(Becomes::Put { content: Content::Text(text), literal, sensitive: false })
    }
}
