//! A window of Slipway's tauri, size and data folder, with one word on its page and no core. Its commands carry what
//! Slipway's carry, with the same ack window, so that a difference is ours and not tauri's.
//!
//! `bare-window --data-dir DIR`
#![allow(clippy::needless_pass_by_value, reason = "tauri hands a command's arguments over by value")]

use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::{State, WebviewUrl, WebviewWindowBuilder, async_runtime};
use tokio::sync::Semaphore;

/// Pieces under way without an ack, as in the contract.
const ACK_WINDOW: usize = 8;

/// Room for pieces of the pipe that was opened last.
struct Room(Mutex<Arc<Semaphore>>);

/// The two topics of Slipway's pipes that need no core.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Topic {
    MeasureBytes { bytes: u32, piece: u32 },
    MeasureLines { lines: u32, batch: u32 },
}

#[tauri::command]
async fn call(name: String, payload: Option<Value>) -> Value {
    // As large as Slipway's answer to an order.
    drop((name, payload));
    json!({ "value": null, "reads": [] })
}

#[tauri::command]
fn pipe_open(room: State<'_, Room>, topic: Topic, channel: Channel<InvokeResponseBody>) -> u32 {
    let free = Arc::new(Semaphore::new(ACK_WINDOW));
    *room.0.lock().unwrap_or_else(PoisonError::into_inner) = free.clone();
    async_runtime::spawn(async move {
        let send = async |piece| {
            free.acquire().await.expect("it is never closed").forget();
            // The page that listened is gone when this fails, and the next piece waits for ever.
            channel.send(piece).ok();
        };
        match topic {
            Topic::MeasureBytes { bytes, piece } => {
                for at in (0..bytes).step_by(piece as usize) {
                    send(InvokeResponseBody::Raw(vec![b'x'; piece.min(bytes - at) as usize])).await;
                }
            }
            Topic::MeasureLines { lines, batch } => {
                for at in (0..lines).step_by(batch as usize) {
                    let text = (at..lines.min(at + batch)).map(line).collect::<Vec<_>>();
                    let message = json!({ "kind": "lines", "seq": at / batch, "lines": text });
                    send(InvokeResponseBody::Json(message.to_string())).await;
                }
            }
        }
        channel.send(InvokeResponseBody::Json(json!({ "kind": "end", "error": null }).to_string())).ok();
    });
    0
}

/// The line that Slipway's pipe sends.
fn line(number: u32) -> String {
    format!("{number:08} GET /v2/orders/confirm 200 41ms trace=8f21c0 a line as logs have it")
}

#[tauri::command]
fn pipe_ack(room: State<'_, Room>) {
    room.0.lock().unwrap_or_else(PoisonError::into_inner).add_permits(1);
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(flag), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: bare-window --data-dir DIR");
        return ExitCode::FAILURE;
    };
    assert_eq!(flag, "--data-dir", "usage: bare-window --data-dir DIR");
    let folder = PathBuf::from(folder);
    let ended = tauri::Builder::default()
        .manage(Room(Mutex::new(Arc::new(Semaphore::new(ACK_WINDOW)))))
        .invoke_handler(tauri::generate_handler![call, pipe_open, pipe_ack])
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Bare window")
                .inner_size(1440.0, 900.0)
                .data_directory(folder.join("webview"))
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bare-window: {error}");
            ExitCode::FAILURE
        }
    }
}
