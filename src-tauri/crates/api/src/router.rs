//! Calls by name: decode, ask the engine, encode. A panic in one call answers that call and leaves the rest running.

mod artifact;
mod cluster;
mod file;
mod forward;
mod handle;
mod instance;
mod log;
mod setting;
mod train;

use crate::Api;
#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use crate::calls::*;
use crate::error::{ApiError, Code};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use slipway_engine::cluster::Credential;
use slipway_engine::tag::{self, Tag};
use std::panic::AssertUnwindSafe;

type Result<T> = std::result::Result<T, ApiError>;

/// The value of a read with the tags it depends on; a write depends on nothing.
struct Read<T>(T, Vec<Tag>);

impl<T> From<T> for Read<T> {
    fn from(value: T) -> Self {
        Self(value, Vec::new())
    }
}

pub(crate) async fn call(api: &Api, name: &str, payload: Value) -> Result<Answer> {
    match AssertUnwindSafe(route(api, name, payload)).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => Err(ApiError::new(Code::Internal, format!("{name}: the call panicked; the log has the place"))),
    }
}

macro_rules! router {
    ($($name:ident($in:ty) -> $out:ty),+ $(,)?) => {
        async fn route(api: &Api, name: &str, payload: Value) -> Result<Answer> {
            match name {
                $(stringify!($name) => {
                    let input: $in = serde_json::from_value(payload)
                        .map_err(|error| ApiError::new(Code::BadCall, format!("read the payload of {name}: {error}")))?;
                    // On the heap: together, what all calls keep while they wait is more than a thread's stack holds.
                    let read: BoxFuture<'_, Result<Read<$out>>> = Box::pin(handle::$name(api, input));
                    answer(name, read.await?)
                })+
                _ => Err(ApiError::new(Code::BadCall, format!("there is no call named {name:?}"))),
            }
        }
    };
}
with_calls!(router);

fn answer<T: serde::Serialize>(name: &str, Read(value, tags): Read<T>) -> Result<Answer> {
    let value = serde_json::value::to_raw_value(&value)
        .map_err(|error| ApiError::new(Code::Internal, format!("write the answer of {name}: {error}")))?;
    Ok(Answer { value, reads: tags.into_iter().map(String::from).collect() })
}
