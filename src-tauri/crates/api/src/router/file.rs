//! Files of containers. A folder is as it was when it was listed: nothing of it is kept by tags.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;
use crate::file::UploadFrom;

type Out<T> = Result<Read<T>>;

pub(super) async fn file_list(api: &Api, ask: FolderAsk) -> Out<PodFolder> {
    Ok(api.engine.file_list(&ask).await?.into())
}

/// `None` when the person thought better of it.
pub(super) async fn file_download(api: &Api, FileSave { file, title }: FileSave) -> Out<Option<String>> {
    let to = if file.is_folder {
        api.desktop.choose_folder(title).await
    } else {
        api.desktop.choose_place(title, file.name.to_string()).await
    };
    Ok(to.map(|to| api.engine.file_download(&file, to)).into())
}

pub(super) async fn file_upload(api: &Api, FileUpload { to, from, title }: FileUpload) -> Out<Vec<String>> {
    let paths = match from {
        UploadFrom::Files => api.desktop.choose_files(title).await,
        UploadFrom::Folder => api.desktop.choose_folder(title).await.into_iter().collect(),
        UploadFrom::Dropped => api.desktop.dropped(),
    };
    Ok(api.engine.file_upload(&to, paths).into())
}

pub(super) async fn file_replace(api: &Api, id: String) -> Out<()> {
    Ok(api.engine.file_replace(&id)?.into())
}

pub(super) async fn file_stop(api: &Api, id: String) -> Out<()> {
    Ok(api.engine.transfer_stop(&id)?.into())
}

/// Whether the desktop has a program for it. Only what a download has brought is shown: the page names no path.
pub(super) async fn file_reveal(api: &Api, id: String) -> Out<bool> {
    let path = api.engine.file_brought(&id)?;
    Ok(api.desktop.reveal(path).await.into())
}

pub(super) async fn file_forget(api: &Api, id: String) -> Out<()> {
    Ok(api.engine.transfer_forget(&id)?.into())
}
