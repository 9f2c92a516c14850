//! What releases of before say of what became sensitive: it goes into the vault, and its id takes its place.

use super::known::Read;
use crate::Engine;
use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use slipway_model::id::{AppId, ReleaseId, SecretId};
use slipway_store::{Failure, Kept, Writer};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl Engine {
    /// A write that tells whether it makes something of an app sensitive: with it, that goes out of all releases that have
    /// ended. Where the vault refuses it, nothing is written. It may be tried several times.
    pub(crate) async fn write_and_hide<T: Send + 'static>(
        &self,
        app: &AppId,
        write: impl Fn(&mut Writer<'_>) -> std::result::Result<(T, bool), Failure> + Send + Sync + 'static,
    ) -> Result<T> {
        let of = app.clone();
        let write = move |w: &mut Writer<'_>| {
            let (written, hides) = write(w)?;
            Ok((written, if hides { w.past_of_app(&of)? } else { Vec::new() }))
        };
        self.hide(app, write).await
    }

    /// A release that this computer owes nothing to any more: what became sensitive while it moved goes out of it.
    pub(crate) async fn settle_and_hide(&self, app: &AppId, release: &ReleaseId, ended: bool) -> Result<()> {
        let id = release.clone();
        let write = move |w: &mut Writer<'_>| {
            w.settle_release(&id, false)?;
            // One that rests goes on as it began.
            Ok(((), if ended { vec![id.clone()] } else { Vec::new() }))
        };
        self.hide(app, write).await
    }

    /// Writes, and hides in the releases that the write names.
    async fn hide<T: Send + 'static>(
        &self,
        app: &AppId,
        write: impl Fn(&mut Writer<'_>) -> std::result::Result<(T, Vec<ReleaseId>), Failure> + Send + Sync + 'static,
    ) -> Result<T> {
        let write = Arc::new(write);
        let mut kept = HashMap::new();
        loop {
            let (write, known) = (write.clone(), kept.clone());
            let written = self.store.try_write(move |w| {
                let (written, releases) = write(w)?;
                let said = w.hide_in(&releases, &known)?;
                Ok(if said.is_empty() { Ok(written) } else { Err(said) })
            });
            match written.await? {
                Ok(written) => return Ok(written),
                Err(said) => self.keep(app, said, &mut kept).await?,
            }
        }
    }

    /// A version of its own of a text that a release had in the clear: a draft with it is not what was released.
    ///
    /// # Errors
    /// `Elsewhere` with what it is of, where the text is not known here.
    pub(crate) async fn version_of(&self, withheld: &SecretId, of: &str) -> Result<SecretId> {
        match self.vault.get(&withheld.in_vault()).await? {
            Some(text) => self.put_value(text.expose_secret().to_owned()).await,
            None => Err(Error::Elsewhere { keys: vec![of.to_owned()] }),
        }
    }

    /// Puts texts into the vault that releases of an app have in the clear.
    async fn keep(&self, app: &AppId, said: HashSet<String>, kept: &mut HashMap<String, Kept>) -> Result<()> {
        let of = app.clone();
        // A text that was taken out of another release keeps its id: two releases that had the same are alike.
        for id in self.store.read(move |r| r.withheld_of_app(&of)).await? {
            if let Some(text) = self.vault.get(&id.in_vault()).await?
                && said.contains(text.expose_secret())
            {
                kept.entry(text.expose_secret().to_owned()).or_insert_with(|| of_text(id, text.expose_secret()));
            }
        }
        for text in said {
            if !kept.contains_key(&text) {
                let id = SecretId::withheld();
                self.vault.put(&id.in_vault(), SecretString::from(text.clone())).await?;
                kept.insert(text.clone(), of_text(id, &text));
            }
        }
        Ok(())
    }
}

fn of_text(id: SecretId, text: &str) -> Kept {
    Kept { id, keys: Read::text(text).uses.into_iter().map(|of| of.key).collect() }
}
