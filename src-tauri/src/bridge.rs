//! The commands of the page: calls, feeds and pipes of the contract, carried over tauri's own channels.
#![allow(clippy::needless_pass_by_value, reason = "tauri hands a command's arguments over by value")]

use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use slipway_api::calls::Answer;
use slipway_api::feed::FeedMessage;
use slipway_api::pipe::{Acker, Inputs, Piece};
use slipway_api::{Api, ApiError, Code};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauri::State;
use tauri::async_runtime::{self, JoinHandle};
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::SetOnce;

/// The core, or why it could not be opened. It opens beside the window; who asks earlier waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Core(Arc<SetOnce<Result<Api, ApiError>>>);

impl Core {
    /// Says how opening ended; the first word counts.
    pub(crate) fn opened(&self, opened: Result<Api, ApiError>) {
        if self.0.set(opened).is_err() {
            tracing::warn!("the core was opened twice");
        }
    }

    pub(crate) async fn api(&self) -> Result<Api, ApiError> {
        self.0.wait().await.clone()
    }

    /// The core if it is open at this moment.
    pub(crate) fn now(&self) -> Option<Api> {
        self.0.get()?.clone().ok()
    }
}

#[tauri::command]
pub(crate) async fn call(core: State<'_, Core>, name: String, payload: Option<Value>) -> Result<Answer, ApiError> {
    core.api().await?.call(&name, payload.unwrap_or_default()).await
}

#[tauri::command]
pub(crate) async fn feed_open(
    core: State<'_, Core>,
    streams: State<'_, Streams>,
    topic: Value,
    channel: Channel<FeedMessage>,
) -> Result<u32, ApiError> {
    let topic = decode("open a feed", topic)?;
    let api = core.api().await?;
    Ok(streams.open(None, None, async move {
        let mut messages = pin!(api.subscribe(topic));
        while let Some(message) = messages.next().await {
            if channel.send(message).is_err() {
                break;
            }
        }
    }))
}

#[tauri::command]
pub(crate) fn feed_close(streams: State<'_, Streams>, id: u32) {
    streams.close(id);
}

#[tauri::command]
pub(crate) async fn pipe_open(
    core: State<'_, Core>,
    streams: State<'_, Streams>,
    topic: Value,
    channel: Channel<InvokeResponseBody>,
) -> Result<u32, ApiError> {
    let topic = decode("open a pipe", topic)?;
    let mut pipe = core.api().await?.pipe(topic);
    Ok(streams.open(Some(pipe.acker()), Some(pipe.inputs()), async move {
        while let Some(piece) = pipe.next().await {
            let body = match piece {
                Piece::Raw(bytes) => InvokeResponseBody::Raw(bytes),
                Piece::Message(message) => match serde_json::to_string(&message) {
                    Ok(text) => InvokeResponseBody::Json(text),
                    Err(error) => {
                        tracing::error!(%error, "write a message of a pipe");
                        break;
                    }
                },
            };
            if channel.send(body).is_err() {
                break;
            }
        }
    }))
}

/// The page has consumed one more piece. A pipe that has ended needs no acks.
#[tauri::command]
pub(crate) fn pipe_ack(streams: State<'_, Streams>, id: u32) {
    streams.ack(id);
}

/// Into a pipe that takes inputs. The page sends the next one when this is answered, so that they keep their order.
#[tauri::command]
pub(crate) async fn pipe_send(streams: State<'_, Streams>, id: u32, input: Value) -> Result<(), ApiError> {
    let input = decode("send into a pipe", input)?;
    if let Some(inputs) = streams.inputs(id) {
        inputs.send(input).await;
    }
    Ok(())
}

#[tauri::command]
pub(crate) fn pipe_close(streams: State<'_, Streams>, id: u32) {
    streams.close(id);
}

fn decode<T: DeserializeOwned>(doing: &str, topic: Value) -> Result<T, ApiError> {
    serde_json::from_value(topic).map_err(|error| ApiError::new(Code::BadCall, format!("{doing}: {error}")))
}

/// The feeds and pipes the page has open. Closing one ends the work behind it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    last: u32,
    streams: HashMap<u32, Stream>,
}

#[derive(Debug)]
struct Stream {
    task: JoinHandle<()>,
    /// Of a pipe.
    acker: Option<Acker>,
    inputs: Option<Inputs>,
}

impl Streams {
    /// Runs `work` until it ends or is closed; answers the number it is closed by.
    fn open(
        &self,
        acker: Option<Acker>,
        inputs: Option<Inputs>,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> u32 {
        let mut open = self.lock();
        open.last = open.last.wrapping_add(1);
        let id = open.last;
        let streams = self.clone();
        let task = async_runtime::spawn(async move {
            work.await;
            // The lock is held until the stream is listed, so this finds it.
            streams.lock().streams.remove(&id);
        });
        open.streams.insert(id, Stream { task, acker, inputs });
        id
    }

    fn close(&self, id: u32) {
        if let Some(stream) = self.lock().streams.remove(&id) {
            stream.task.abort();
        }
    }

    fn ack(&self, id: u32) {
        if let Some(Stream { acker: Some(acker), .. }) = self.lock().streams.get(&id) {
            acker.ack();
        }
    }

    fn inputs(&self, id: u32) -> Option<Inputs> {
        self.lock().streams.get(&id)?.inputs.clone()
    }

    /// Ends everything the page had open: it was reloaded or closed and nobody listens any more.
    pub(crate) fn close_all(&self) {
        for (_, stream) in self.lock().streams.drain() {
            stream.task.abort();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        // Nothing panics while holding it, and a list of tasks is whole after each step anyway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    /// Work that never ends by itself, and a way to learn that it was ended.
    fn endless() -> (impl Future<Output = ()> + Send + 'static, oneshot::Receiver<()>) {
        let (alive, ended) = oneshot::channel();
        let work = async move {
            let _alive: oneshot::Sender<()> = alive;
            std::future::pending::<()>().await;
        };
        (work, ended)
    }

    #[test]
    fn closing_ends_the_work_of_that_stream_only() {
        let streams = Streams::default();
        let ((one, mut one_ended), (two, two_ended)) = (endless(), endless());
        let one = streams.open(None, None, one);
        let two = streams.open(None, None, two);
        assert_ne!(one, two);
        streams.close(two);
        async_runtime::block_on(two_ended).unwrap_err();
        assert!(one_ended.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Empty));
        streams.close_all();
        async_runtime::block_on(one_ended).unwrap_err();
    }

    #[test]
    fn work_that_ends_is_listed_no_more() {
        let streams = Streams::default();
        let (go, gone) = oneshot::channel::<()>();
        let id = streams.open(None, None, async {
            gone.await.ok();
        });
        let task = streams.lock().streams.get(&id).map(|stream| stream.task.inner().abort_handle());
        assert!(task.is_some());
        go.send(()).unwrap();
        async_runtime::block_on(async {
            while !streams.lock().streams.is_empty() {
                tokio::task::yield_now().await;
            }
        });
    }
}
