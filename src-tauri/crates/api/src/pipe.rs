//! Pipes: bytes or batches of lines with an ack window. Without acks the sender stops reading its source.

use crate::error::ApiError;
use serde::{Deserialize, Serialize};
use slipway_engine::Engine;
use slipway_engine::terminal::{self, Shell, TerminalSize, TerminalSource};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use ts_rs::TS;

/// Pieces that may be under way without an ack.
pub const ACK_WINDOW: u32 = 8;
/// Inputs that wait to be taken.
const INPUTS: usize = 8;
/// Largest piece and batch that may be asked for when the bridge is measured.
const PIECE_MAX: u32 = 1024 * 1024;
const BATCH_MAX: u32 = 5_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PipeTopic {
    /// Raw pieces of what a shell writes; it takes inputs.
    Terminal(TerminalSource),
    /// Raw pieces of the given size, for measuring the bridge.
    MeasureBytes { bytes: u32, piece: u32 },
    /// Batches of numbered lines, for measuring the bridge.
    MeasureLines { lines: u32, batch: u32 },
}

/// A JSON message of a pipe. Raw pieces come as they are, in order; their seq is their number, from 0.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PipeMessage {
    Lines {
        seq: u32,
        lines: Vec<String>,
    },
    /// Nothing follows.
    End {
        error: Option<ApiError>,
    },
}

/// What the window sends into a pipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PipeInput {
    /// Typed or pasted.
    Text {
        text: String,
    },
    Size(TerminalSize),
}

/// What travels to the window.
#[derive(Debug)]
pub enum Piece {
    Raw(Vec<u8>),
    Message(PipeMessage),
}

/// The receiving end. Every piece but the end wants one ack.
#[derive(Debug)]
pub struct Pipe {
    pieces: mpsc::Receiver<Piece>,
    acker: Acker,
    inputs: Inputs,
    task: JoinHandle<()>,
}

/// What a pipe takes, in the order it is sent: who sends waits for the one before.
#[derive(Clone, Debug)]
pub struct Inputs(mpsc::Sender<PipeInput>);

impl Inputs {
    /// Waits until there is room for it. What a pipe that has ended, or takes none, is sent is dropped.
    pub async fn send(&self, input: PipeInput) {
        self.0.send(input).await.ok();
    }
}

/// Gives the sender room for one more piece. Acks that were never owed are ignored.
#[derive(Clone, Debug)]
pub struct Acker(Arc<Window>);

#[derive(Debug)]
struct Window {
    room: Semaphore,
    /// Pieces sent and not acked.
    owed: std::sync::atomic::AtomicU32,
}

impl Acker {
    pub fn ack(&self) {
        use std::sync::atomic::Ordering::{AcqRel, Acquire};
        let owed = self.0.owed.fetch_update(AcqRel, Acquire, |owed| owed.checked_sub(1));
        if owed.is_ok() {
            self.0.room.add_permits(1);
        }
    }
}

/// The sending end.
struct Sender {
    pieces: mpsc::Sender<Piece>,
    window: Arc<Window>,
    seq: u32,
}

impl Sender {
    /// Waits for room in the ack window. `None` when nobody listens any more.
    async fn raw(&mut self, bytes: Vec<u8>) -> Option<()> {
        self.send(Piece::Raw(bytes)).await
    }

    async fn lines(&mut self, lines: Vec<String>) -> Option<()> {
        let seq = self.seq;
        self.send(Piece::Message(PipeMessage::Lines { seq, lines })).await
    }

    async fn send(&mut self, piece: Piece) -> Option<()> {
        self.window.room.acquire().await.ok()?.forget();
        self.window.owed.fetch_add(1, std::sync::atomic::Ordering::AcqRel);
        self.seq += 1;
        self.pieces.send(piece).await.ok()
    }

    async fn end(self, error: Option<ApiError>) {
        // Nobody to tell when the window is gone.
        let _ = self.pieces.send(Piece::Message(PipeMessage::End { error })).await;
    }
}

impl Pipe {
    pub(crate) fn open(engine: &Engine, topic: PipeTopic) -> Self {
        let (pieces_in, pieces) = mpsc::channel(ACK_WINDOW as usize + 1);
        let window = Arc::new(Window { room: Semaphore::new(ACK_WINDOW as usize), owed: 0.into() });
        let sender = Sender { pieces: pieces_in, window: window.clone(), seq: 0 };
        let (inputs, taken) = mpsc::channel(INPUTS);
        let task = match topic {
            PipeTopic::Terminal(source) => tokio::spawn(shell(engine.clone(), source, sender, taken)),
            PipeTopic::MeasureBytes { bytes, piece } => tokio::spawn(measure_bytes(bytes, piece, sender)),
            PipeTopic::MeasureLines { lines, batch } => tokio::spawn(measure_lines(lines, batch, sender)),
        };
        Self { pieces, acker: Acker(window), inputs: Inputs(inputs), task }
    }

    /// The next piece; `None` after the end.
    pub async fn next(&mut self) -> Option<Piece> {
        self.pieces.recv().await
    }

    pub fn acker(&self) -> Acker {
        self.acker.clone()
    }

    pub fn inputs(&self) -> Inputs {
        self.inputs.clone()
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn shell(engine: Engine, source: TerminalSource, mut sender: Sender, mut taken: mpsc::Receiver<PipeInput>) {
    let Shell { mut output, mut input } = match engine.shell(&source).await {
        Ok(shell) => shell,
        Err(error) => return sender.end(Some(error.into())).await,
    };
    let typing = async {
        while let Some(next) = taken.recv().await {
            let done = match next {
                PipeInput::Text { text } => input.write(text.as_bytes()).await,
                PipeInput::Size(size) => input.resize(size.into()).await,
            };
            if done.is_none() {
                break;
            }
        }
        // Only the output tells of an end.
        std::future::pending::<()>().await;
    };
    let showing = async {
        while let Some(piece) = output.next().await {
            sender.raw(piece).await?;
        }
        Some(())
    };
    let shown = tokio::select! {
        shown = showing => shown,
        () = typing => None,
    };
    if shown.is_some() {
        let ended = terminal::ended(output, &source.container).await;
        sender.end(ended.err().map(ApiError::from)).await;
    }
}

async fn measure_bytes(bytes: u32, piece: u32, mut sender: Sender) {
    let piece = piece.clamp(1, PIECE_MAX);
    let mut left = bytes;
    while left > 0 {
        let size = left.min(piece);
        if sender.raw(vec![b'x'; size as usize]).await.is_none() {
            return;
        }
        left -= size;
    }
    sender.end(None).await;
}

async fn measure_lines(lines: u32, batch: u32, mut sender: Sender) {
    let batch = batch.clamp(1, BATCH_MAX);
    let mut at = 0;
    while at < lines {
        let until = lines.min(at + batch);
        let text =
            (at..until).map(|n| format!("{n:08} GET /v2/orders/confirm 200 41ms trace=8f21c0 a line as logs have it"));
        if sender.lines(text.collect()).await.is_none() {
            return;
        }
        at = until;
    }
    sender.end(None).await;
}
