//! Reads an export of anybody's: nothing of it is believed before it was looked at, and nothing is written to the disk.

use super::format::{
    APP, BALANCERS, CLUSTERS, ENVIRONMENTS, ExportedFile, FILES, FORMAT, GROUPS, MANIFEST, Manifest, Parcel, VALUES,
    content_of,
};
use super::verify::verify;
use serde::de::DeserializeOwned;
use slipway_model::FieldError;
use slipway_model::app::{App, AppDraft};
use slipway_model::config::{CONTENT_MAX, Content};
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// Most bytes of the file, of one part unpacked, of all parts, and most parts: far above the largest app, far below what
/// hurts.
const FILE_MAX: u64 = 256 * 1024 * 1024;
const PART_MAX: u64 = 64 * 1024 * 1024;
const WHOLE_MAX: u64 = 1024 * 1024 * 1024;
const PARTS_MAX: usize = 100_000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("read the export: {reason}")]
    Unreadable { reason: String },
    #[error("the file is no export of Slipway: {reason}")]
    NotAnExport { reason: String },
    #[error("{part} of the export cannot be read: {reason}")]
    Broken { part: String, reason: String },
    #[error("the export has format {format}; this Slipway knows {known}")]
    Newer { format: u32, known: u32 },
    #[error("{part} is larger than {max} bytes")]
    TooLarge { part: String, max: u64 },
    /// A name that would lead out of the archive.
    #[error("the export names {name:?}, which leads out of it")]
    BadName { name: String },
}

/// # Errors
/// What is wrong with the file.
pub(super) fn read(path: &Path) -> Result<Parcel, ImportError> {
    let unreadable = |error: std::io::Error| ImportError::Unreadable { reason: error.to_string() };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() > FILE_MAX {
        return Err(ImportError::TooLarge { part: "the file".to_owned(), max: FILE_MAX });
    }
    unpack(BufReader::new(file))
}

pub(super) fn unpack(file: impl Read + Seek) -> Result<Parcel, ImportError> {
    let not_an_export = |error: ZipError| ImportError::NotAnExport { reason: error.to_string() };
    let mut zip = ZipArchive::new(file).map_err(not_an_export)?;
    if zip.len() > PARTS_MAX {
        return Err(ImportError::TooLarge { part: "the list of its parts".to_owned(), max: PARTS_MAX as u64 });
    }
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at).map_err(not_an_export)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.enclosed_name().is_none() || name.starts_with('/') || name.contains('\\') {
            return Err(ImportError::BadName { name });
        }
    }
    let mut zip = Parts { zip, left: WHOLE_MAX };
    let manifest: Manifest = match zip.part(MANIFEST) {
        Err(ImportError::Broken { reason, .. }) => return Err(ImportError::NotAnExport { reason }),
        manifest => manifest?,
    };
    if manifest.reader > FORMAT {
        return Err(ImportError::Newer { format: manifest.format, known: FORMAT });
    }
    let app: App = zip.part(APP)?;
    let typed = AppDraft {
        slug: app.slug.to_string(),
        title: app.title,
        repository: app.repository,
        deploy_path: app.deploy_path,
    };
    let wrong = |errors: Vec<FieldError>| ImportError::Broken {
        part: APP.to_owned(),
        reason: errors.into_iter().map(|error| error.field).collect::<Vec<_>>().join(", "),
    };
    let parcel = Parcel {
        contents: manifest.contents,
        app: typed.validate(app.id).map_err(wrong)?,
        environments: zip.part(ENVIRONMENTS)?,
        clusters: zip.part(CLUSTERS)?,
        groups: zip.part(GROUPS)?,
        balancers: zip.part(BALANCERS)?,
        files: zip.files()?,
        values: zip.part(VALUES)?,
    };
    verify(&parcel)?;
    Ok(parcel)
}

/// The parts of an archive, and how much of it may still be unpacked.
struct Parts<R> {
    zip: ZipArchive<R>,
    left: u64,
}

impl<R: Read + Seek> Parts<R> {
    /// One part, whatever size the archive says that it has.
    fn part<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ImportError> {
        let broken = |reason: String| ImportError::Broken { part: name.to_owned(), reason };
        let entry = self.zip.by_name(name).map_err(|error| broken(error.to_string()))?;
        let max = PART_MAX.min(self.left);
        let mut bytes = Vec::new();
        entry.take(max + 1).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
        let size = bytes.len() as u64;
        if size > max {
            return Err(ImportError::TooLarge { part: name.to_owned(), max });
        }
        self.left -= size;
        serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))
    }

    fn files(&mut self) -> Result<Vec<(ExportedFile, Content)>, ImportError> {
        let files: Vec<ExportedFile> = self.part(FILES)?;
        let mut whole = Vec::with_capacity(files.len());
        for (at, file) in files.into_iter().enumerate() {
            let content: Content = self.part(&content_of(at))?;
            if content.size().is_some_and(|size| size > CONTENT_MAX) {
                return Err(ImportError::TooLarge { part: file.path, max: CONTENT_MAX as u64 });
            }
            whole.push((file, content));
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(bytes).expect("in memory");
        }
        zip.finish().expect("in memory")
    }

    fn refused(file: Cursor<Vec<u8>>) -> ImportError {
        unpack(file).expect_err("refused")
    }

    const HEAD: &[u8] =
        br#"{"format":1,"reader":1,"contents":"app","app":"a","created":"2026-01-01T00:00:00Z","by":"0"}"#;

    #[test]
    fn what_is_no_export_is_named() {
        assert!(matches!(refused(Cursor::new(b"PK, but no more".to_vec())), ImportError::NotAnExport { .. }));
        assert!(matches!(refused(archive(&[("holiday.jpg", b"")])), ImportError::NotAnExport { .. }));
        let newer = br#"{"format":9,"reader":7,"contents":"app","app":"a","created":"2026-01-01T00:00:00Z","by":"9"}"#;
        assert_eq!(refused(archive(&[(MANIFEST, newer)])), ImportError::Newer { format: 9, known: FORMAT });
        let cut = refused(archive(&[(MANIFEST, HEAD), (APP, b"{\"id\":")]));
        assert!(matches!(&cut, ImportError::Broken { part, .. } if part == APP), "{cut}");
    }

    #[test]
    fn a_name_that_leads_out_is_refused_also_where_nothing_would_be_written() {
        for name in ["../../.bashrc", "files/../../x", "/etc/passwd", "..\\x"] {
            let error = refused(archive(&[(MANIFEST, HEAD), (name, b"x")]));
            assert_eq!(error, ImportError::BadName { name: name.to_owned() });
        }
    }

    #[test]
    fn a_part_that_unpacks_to_too_much_is_not_unpacked() {
        let zeros = vec![b' '; usize::try_from(PART_MAX).expect("64 MiB") + 1];
        let error = refused(archive(&[(MANIFEST, HEAD), (APP, &zeros)]));
        assert_eq!(error, ImportError::TooLarge { part: APP.to_owned(), max: PART_MAX });
    }
}
