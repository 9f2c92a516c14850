//! One file as a group gets it, and where each of its lines comes from.
//!
//! `fill` gives what goes to the cluster, `show` what a person sees: there, sensitive values are dots. Line ends stay as
//! they are. What is not text is no matter for either.

use crate::template::{self, Part, Template, TemplateError, Unset};
use serde::{Deserialize, Serialize};
use slipway_model::config::{CONTENT_MAX, Owner};
use std::collections::HashSet;
use std::ops::Range;
use ts_rs::TS;

/// Stands for a sensitive value of any length.
pub const MASK: &str = "••••••••";

/// The text of a file, as its owner wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'f> {
    pub owner: Owner,
    /// `{{` means nothing in it.
    pub literal: bool,
    pub text: &'f str,
}

/// What a group has for a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Given<'v> {
    /// Whose value it is: the group's own, or the app's default.
    pub owner: Owner,
    pub sensitive: bool,
    /// `None`: it is set in the cluster, and not known on this computer.
    pub text: Option<&'v str>,
}

impl std::fmt::Debug for Given<'_> {
    /// Without the text, which may be sensitive.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { owner, sensitive, text } = self;
        write!(f, "Given {{ {owner:?}, sensitive: {sensitive}, known: {} }}", text.is_some())
    }
}

/// Why a file cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    Template(Vec<TemplateError>),
    /// Keys with neither value nor default.
    Unset(Vec<Unset>),
    /// Keys whose values are not known on this computer.
    Elsewhere(Vec<String>),
    /// Bytes that it would have: more than `CONTENT_MAX`.
    TooLarge(usize),
}

/// A file as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Sensitive values are `MASK`, keys without a value are as written. What begins beyond `CONTENT_MAX` is left out.
    pub text: String,
    /// One for each line, from the first. A line ends with `\n`, `\r\n` or `\r`.
    pub lines: Vec<LineFrom>,
    pub marks: Vec<EffectiveMark>,
    /// Keys with neither value nor default.
    pub unset: Vec<Unset>,
    /// The file itself is larger than `CONTENT_MAX`.
    pub too_large: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LineFrom {
    pub kind: LineKind,
    /// The first key that filled the line.
    pub key: Option<String>,
}

/// Of several on one line, the last in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "LineFromKind")]
pub enum LineKind {
    /// Of the app's file, unchanged.
    App,
    /// Of the group's file, unchanged.
    Group,
    /// A default is in it: the app's, or that of the placeholder.
    Default,
    /// A value of the group is in it.
    Value,
    /// A key without a value is in it.
    Unset,
}

/// A part of the shown text that a placeholder made: [from, to) in UTF-16 units of the whole text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectiveMark {
    pub from: u32,
    pub to: u32,
    pub kind: MarkKind,
    pub key: String,
    /// The text is dots.
    pub sensitive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    Value,
    Default,
    Unset,
}

/// The file that pods get.
///
/// # Errors
/// The first kind of hindrance there is, with all of that kind.
pub fn fill<'v>(source: Source<'_>, given: impl Fn(&str) -> Option<Given<'v>>) -> Result<String, Hindrance> {
    if source.literal {
        return within(source.text.len()).map(|()| source.text.to_owned());
    }
    fill_template(&template::parse(source.text).map_err(Hindrance::Template)?, given)
}

/// The same of what is taken apart already.
pub(crate) fn fill_template<'v>(
    template: &Template<'_>,
    given: impl Fn(&str) -> Option<Given<'v>>,
) -> Result<String, Hindrance> {
    // Asked once for each placeholder, in the order of the text.
    let found: Vec<_> = template.placeholders().map(|(key, default, _)| (key, default, given(key))).collect();
    if found.iter().any(|(_, default, given)| default.is_none() && given.is_none()) {
        return Err(Hindrance::Unset(template.unset(|key| given(key).map(|_| ""))));
    }
    let mut seen = HashSet::new();
    let unknown = found.iter().filter(|(.., given)| given.is_some_and(|given| given.text.is_none()));
    let elsewhere: Vec<_> = unknown.map(|(key, ..)| *key).filter(|key| seen.insert(*key)).map(str::to_owned).collect();
    if !elsewhere.is_empty() {
        return Err(Hindrance::Elsewhere(elsewhere));
    }
    let texts = || found.iter().map(|(_, default, given)| given.and_then(|given| given.text).or(*default));
    // Counted before it is made: ten thousand placeholders of 32 KiB each are never held.
    let size = template.size(texts());
    within(size)?;
    Ok(template.join(texts(), size))
}

fn within(size: usize) -> Result<(), Hindrance> {
    if size > CONTENT_MAX { Err(Hindrance::TooLarge(size)) } else { Ok(()) }
}

/// The file as it may be shown, with the origin of every byte.
///
/// # Errors
/// What is wrong with the template.
pub fn show<'v>(source: Source<'_>, given: impl Fn(&str) -> Option<Given<'v>>) -> Result<Shown, Vec<TemplateError>> {
    if source.literal {
        let whole = Segment { range: 0..source.text.len(), from: None };
        let too_large = source.text.len() > CONTENT_MAX;
        let lines = lines(source.text, &[whole], source.owner);
        return Ok(Shown { text: source.text.to_owned(), lines, too_large, ..Shown::default() });
    }
    let template = template::parse(source.text)?;
    let (mut text, mut segments) = (String::with_capacity(source.text.len()), Vec::new());
    for piece in template.pieces() {
        if text.len() > CONTENT_MAX {
            break;
        }
        let start = text.len();
        let from = match piece.part {
            Part::Text(part) => {
                text.push_str(part);
                None
            }
            Part::Braces => {
                text.push_str("{{");
                None
            }
            Part::Placeholder { key, default } => {
                let (kind, shown, sensitive) = match (given(key), default) {
                    (Some(given), _) => {
                        let kind = if given.owner == Owner::Group { MarkKind::Value } else { MarkKind::Default };
                        let masked = given.sensitive || given.text.is_none();
                        (kind, given.text.filter(|_| !masked).unwrap_or(MASK), masked)
                    }
                    (None, Some(default)) => (MarkKind::Default, default, false),
                    (None, None) => (MarkKind::Unset, &source.text[piece.range.clone()], false),
                };
                text.push_str(shown);
                Some(From { kind, key, sensitive })
            }
        };
        segments.push(Segment { range: start..text.len(), from });
    }
    let size = template.size(template.placeholders().map(|(key, default, _)| match given(key) {
        Some(given) => given.text,
        None => default,
    }));
    Ok(Shown {
        lines: lines(&text, &segments, source.owner),
        marks: marks(&text, &segments),
        unset: template.unset(|key| given(key).map(|_| "")),
        too_large: size > CONTENT_MAX,
        text,
    })
}

/// A run of the shown text of one origin: the file itself where `from` is `None`. They follow each other without a gap.
struct Segment<'t> {
    range: Range<usize>,
    from: Option<From<'t>>,
}

#[derive(Clone, Copy)]
struct From<'t> {
    kind: MarkKind,
    key: &'t str,
    sensitive: bool,
}

fn marks(text: &str, segments: &[Segment<'_>]) -> Vec<EffectiveMark> {
    let (mut at, mut marks) = (0, Vec::new());
    for Segment { range, from } in segments {
        let to = at + text[range.clone()].encode_utf16().count();
        if let Some(From { kind, key, sensitive }) = *from {
            let (from, to) = (crate::diff::count(at), crate::diff::count(to));
            marks.push(EffectiveMark { from, to, kind, key: key.to_owned(), sensitive });
        }
        at = to;
    }
    marks
}

/// Goes through text and segments side by side, once.
fn lines(text: &str, segments: &[Segment<'_>], owner: Owner) -> Vec<LineFrom> {
    let plain = if owner == Owner::App { LineKind::App } else { LineKind::Group };
    let (mut lines, mut next) = (Vec::new(), 0);
    for range in line_ranges(text) {
        let mut line = LineFrom { kind: plain, key: None };
        // An empty value leaves no byte, yet it is why the line reads as it does.
        while let Some(segment) = segments.get(next).filter(|segment| segment.range.start <= range.end) {
            let begins_later = segment.range.start == range.end && !range.is_empty() && ends_line(text, range.end);
            if begins_later {
                break;
            }
            if let Some(from) = segment.from {
                line.kind = line.kind.max(match from.kind {
                    MarkKind::Value => LineKind::Value,
                    MarkKind::Default => LineKind::Default,
                    MarkKind::Unset => LineKind::Unset,
                });
                line.key.get_or_insert_with(|| from.key.to_owned());
            }
            if segment.range.end > range.end {
                break;
            }
            next += 1;
        }
        lines.push(line);
    }
    lines
}

/// Whether a line ends right before this byte.
fn ends_line(text: &str, at: usize) -> bool {
    at > 0 && matches!(text.as_bytes()[at - 1], b'\n' | b'\r')
}

/// Lines with their ends; the last has none and may be empty.
fn line_ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let (mut start, mut done) = (0, false);
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let end = (start..bytes.len()).find(|&at| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        done = end.is_none();
        let range = start..end.map_or(bytes.len(), |end| end + 1);
        start = range.end;
        Some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const APP: Owner = Owner::App;
    const GROUP: Owner = Owner::Group;

    fn source(text: &str) -> Source<'_> {
        Source { owner: APP, literal: false, text }
    }

    fn given(key: &str) -> Option<Given<'static>> {
        let of = |owner, sensitive, text| Some(Given { owner, sensitive, text });
        match key {
            "host" => of(GROUP, false, Some("db.internal")),
            "pool" => of(APP, false, Some("20")),
            "empty" => of(GROUP, false, Some("")),
            "lines" => of(GROUP, false, Some("a: {{host}}\r\nb: 2")),
            "token" => of(GROUP, true, Some("hunter2")),
            "elsewhere" => of(GROUP, true, None),
            _ => None,
        }
    }

    fn told(text: &str) -> Vec<(LineKind, Option<String>)> {
        let shown = show(source(text), given).expect("a template");
        shown.lines.into_iter().map(|line| (line.kind, line.key)).collect()
    }

    #[test]
    fn every_line_says_where_it_comes_from() {
        let key = |kind, key: &str| (kind, Some(key.to_owned()));
        let app = || (LineKind::App, None);
        assert_eq!(told(""), [app()]);
        assert_eq!(told("a\n"), [app(), app()]);
        assert_eq!(
            told("spring:\r\n  host: {{host}}\r\n  pool: {{pool}}\r\n  idle: {{idle|5}}\r\n  x: {{x}} {{host}}"),
            [
                app(),
                key(LineKind::Value, "host"),
                key(LineKind::Default, "pool"),
                key(LineKind::Default, "idle"),
                key(LineKind::Unset, "x"),
            ]
        );
        assert_eq!(told("{{lines}}\nc"), [key(LineKind::Value, "lines"), key(LineKind::Value, "lines"), app()]);
        assert_eq!(told("a\n{{empty}}\nb"), [app(), key(LineKind::Value, "empty"), app()]);
        assert_eq!(told("a\n{{empty}}"), [app(), key(LineKind::Value, "empty")]);
        assert_eq!(told("a{{empty}}\nb"), [key(LineKind::Value, "empty"), app()]);
        let own = Source { owner: GROUP, literal: true, text: "{{host}}" };
        assert_eq!(show(own, given).expect("any text").lines, [LineFrom { kind: LineKind::Group, key: None }]);
    }

    #[test]
    fn sensitive_values_are_dots_for_a_person_and_themselves_for_pods() {
        let text = "🚢 {{token}} {{elsewhere}}";
        let shown = show(source(text), given).expect("a template");
        assert_eq!(shown.text, format!("🚢 {MASK} {MASK}"));
        let marks: Vec<_> = shown.marks.iter().map(|mark| (mark.from, mark.to, mark.sensitive)).collect();
        assert_eq!(marks, [(3, 11, true), (12, 20, true)]);
        assert_eq!(fill(source("{{token}}"), given).as_deref(), Ok("hunter2"));
        assert_eq!(fill(source(text), given), Err(Hindrance::Elsewhere(vec!["elsewhere".to_owned()])));
        assert!(!format!("{:?}", given("token")).contains("hunter2"));
    }

    #[test]
    fn what_is_unset_is_told_and_shown_as_written() {
        let shown = show(source("a\n{{ x }}{{x}}"), given).expect("a template");
        assert_eq!(shown.text, "a\n{{ x }}{{x}}");
        assert_eq!(shown.unset, [Unset { key: "x".to_owned(), line: 2 }]);
        assert_eq!(fill(source("a\n{{ x }}"), given), Err(Hindrance::Unset(shown.unset)));
    }

    #[test]
    fn a_value_is_not_expanded_and_line_ends_stay() {
        assert_eq!(fill(source("{{lines}}\r\nc\rd"), given).as_deref(), Ok("a: {{host}}\r\nb: 2\r\nc\rd"));
        let literal = Source { literal: true, ..source("{{ .Values.x }}\r\n") };
        assert_eq!(fill(literal, given).as_deref(), Ok("{{ .Values.x }}\r\n"));
    }

    #[test]
    fn what_would_be_too_large_is_counted_and_not_made() {
        let value = "x".repeat(32 * 1024);
        let given = |_: &str| Some(Given { owner: GROUP, sensitive: false, text: Some(value.as_str()) });
        let text = "{{a}}".repeat(10_000);
        assert_eq!(fill(source(&text), given), Err(Hindrance::TooLarge(10_000 * value.len())));
        let shown = show(source(&text), given).expect("a template");
        assert!(shown.too_large && shown.text.len() <= CONTENT_MAX + value.len());
    }

    proptest! {
        #[test]
        fn every_byte_has_an_origin(
            text in "([a{}|\n\r]|\\{\\{(host|lines|token|empty|x|y\\|1)\\}\\}|\\PC){0,12}", literal: bool,
        ) {
            let source = Source { literal, ..source(&text) };
            if let Ok(shown) = show(source, given) {
                // As the editor counts lines.
                let breaks = shown.text.replace("\r\n", "\n").matches(['\n', '\r']).count();
                prop_assert_eq!(shown.lines.len(), breaks + 1);
                // Taking the marks out leaves what the file itself says, as long as its own text is.
                let units: Vec<u16> = shown.text.encode_utf16().collect();
                let (mut at, mut own) = (0, Vec::new());
                for mark in &shown.marks {
                    prop_assert!(at <= mark.from && mark.from <= mark.to && mark.to as usize <= units.len());
                    own.extend_from_slice(&units[at as usize..mark.from as usize]);
                    at = mark.to;
                }
                own.extend_from_slice(&units[at as usize..]);
                let own = String::from_utf16(&own).expect("marks between characters");
                let pieces = if literal { text.clone() } else {
                    let template = template::parse(&text).expect("it was shown");
                    template.pieces().iter().map(|piece| match piece.part {
                        Part::Text(text) => text,
                        Part::Braces => "{{",
                        Part::Placeholder { .. } => "",
                    }).collect()
                };
                prop_assert_eq!(own, pieces);
                prop_assert!(!shown.text.contains("hunter2"));
            }
        }

        #[test]
        fn the_same_input_gives_the_same_bytes(text in "([a\n]|\\{\\{(host|lines|empty)\\}\\}){0,12}") {
            let filled = fill(source(&text), given);
            prop_assert_eq!(&filled, &fill(source(&text), given));
            // Where nothing is sensitive, what is shown is what is made.
            prop_assert_eq!(filled.expect("all is set"), show(source(&text), given).expect("a template").text);
        }
    }
}
