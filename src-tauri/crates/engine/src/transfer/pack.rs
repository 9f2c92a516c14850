//! Writes an export: beside its place first, then there in one step, so that no half of one is ever found.

use super::format::{
    APP, BALANCERS, CLUSTERS, Contents, ENVIRONMENTS, ExportedBalancer, ExportedCluster, ExportedFile, ExportedGroup,
    ExportedValue, ExportedValues, FILES, FORMAT, GROUPS, MANIFEST, Manifest, Parcel, READER, VALUES, content_of,
};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::Serialize;
use slipway_model::config::Content;
use slipway_model::id::{AppId, GroupId};
use slipway_store::FileEntry;
use std::io::{Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

impl Engine {
    /// Writes an app with everything that is saved of it.
    ///
    /// # Errors
    /// `NotFound`, and what the file system says of the place.
    pub async fn app_export(&self, id: &AppId, to: &Path) -> Result<()> {
        write(self.parcel(id, None).await?, to).await
    }

    /// Writes one group, with what it needs of its app.
    pub(crate) async fn group_export(&self, app: &AppId, group: &GroupId, to: &Path) -> Result<()> {
        write(self.parcel(app, Some(group)).await?, to).await
    }

    /// A group's part are the load balancers that it is behind, and the environment and cluster that it is in.
    async fn parcel(&self, id: &AppId, group: Option<&GroupId>) -> Result<Parcel> {
        let app = self.app(id).await?;
        let of_app = id.clone();
        let (mut groups, mut balancers, mut environments, mut links) = self
            .store
            .read(move |r| Ok((r.groups_of_app(&of_app)?, r.balancers_of_app(&of_app)?, r.environments()?, r.links()?)))
            .await?;
        let of_app = id.clone();
        let (files, keys, values, variables) = self
            .store
            .read(move |r| {
                let (files, keys) = (r.files_of_app(&of_app)?, r.keys_of_app(&of_app)?);
                Ok((files, keys, r.values_of_app(&of_app)?, r.app_variables(&of_app)?))
            })
            .await?;
        // What all groups share goes with each.
        let belongs = |owner: &Option<GroupId>| match (owner, group) {
            (Some(owner), Some(group)) => owner == group,
            _ => true,
        };
        if let Some(group) = group {
            groups.retain(|entry| entry.id == *group);
            balancers.retain(|entry| entry.draft.groups.contains(group));
        }
        environments.retain(|one| groups.iter().any(|entry| entry.draft.environment == one.id.as_str()));
        links.retain(|link| groups.iter().any(|entry| entry.draft.link == link.id.as_str()));
        Ok(Parcel {
            contents: if group.is_some() { Contents::Group } else { Contents::App },
            app,
            environments,
            clusters: links
                .into_iter()
                .map(|link| ExportedCluster {
                    id: link.id,
                    name: link.name,
                    namespace: link.namespace,
                    namespace_uid: link.namespace_uid,
                })
                .collect(),
            groups: groups
                .into_iter()
                .map(|entry| ExportedGroup { id: entry.id, draft: entry.draft, workload: entry.workload })
                .collect(),
            balancers: balancers
                .into_iter()
                .map(|entry| ExportedBalancer { id: entry.id, draft: entry.draft })
                .collect(),
            files: files.into_iter().filter(|file| belongs(&file.group)).map(exported).collect(),
            values: ExportedValues {
                keys,
                values: values
                    .into_iter()
                    .filter(|entry| belongs(&entry.group))
                    .map(|entry| ExportedValue { key: entry.key, group: entry.group, value: entry.value })
                    .collect(),
                variables,
            },
        })
    }
}

fn exported(file: FileEntry) -> (ExportedFile, Content) {
    let FileEntry { id, group, path, literal, sensitive, content, .. } = file;
    (ExportedFile { id, group, path, literal, sensitive }, content)
}

async fn write(parcel: Parcel, to: &Path) -> Result<()> {
    let path = to.to_owned();
    let written = tokio::task::spawn_blocking(move || write_now(&parcel, &path)).await;
    let failed = |reason: String| Error::Export { path: to.display().to_string(), reason };
    match written {
        Ok(written) => written.map_err(|error| failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn write_now(parcel: &Parcel, path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    pack(parcel, file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn pack(parcel: &Parcel, file: impl Write + Seek) -> std::io::Result<()> {
    let mut zip = ZipWriter::new(file);
    let manifest = Manifest {
        format: FORMAT,
        reader: READER,
        contents: parcel.contents,
        app: parcel.app.slug.to_string(),
        created: Timestamp::now(),
        by: env!("CARGO_PKG_VERSION").to_owned(),
    };
    add(&mut zip, MANIFEST, &manifest)?;
    add(&mut zip, APP, &parcel.app)?;
    add(&mut zip, ENVIRONMENTS, &parcel.environments)?;
    add(&mut zip, CLUSTERS, &parcel.clusters)?;
    add(&mut zip, GROUPS, &parcel.groups)?;
    add(&mut zip, BALANCERS, &parcel.balancers)?;
    add(&mut zip, FILES, &parcel.files.iter().map(|(file, _)| file).collect::<Vec<_>>())?;
    add(&mut zip, VALUES, &parcel.values)?;
    for (at, (_, content)) in parcel.files.iter().enumerate() {
        add(&mut zip, &content_of(at), content)?;
    }
    zip.finish()?;
    Ok(())
}

fn add(zip: &mut ZipWriter<impl Write + Seek>, name: &str, part: &impl Serialize) -> std::io::Result<()> {
    zip.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
    serde_json::to_writer_pretty(zip, part)?;
    Ok(())
}
