//! Between streams of the network, which wait, and archives, which are read and written on threads of their own. What is
//! under way is bounded: the faster side waits.

use std::io::{self, ErrorKind, Read, Write};
use tokio::sync::mpsc;

const PIECE: usize = 64 * 1024;
/// Pieces under way.
pub(super) const UNDER_WAY: usize = 8;

/// Reads pieces as one stream. It ends where their sender does.
pub(super) struct Source {
    pieces: mpsc::Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Source {
    pub(super) fn new(pieces: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { pieces, piece: Vec::new(), at: 0 }
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            let Some(next) = self.pieces.blocking_recv() else { return Ok(0) };
            (self.piece, self.at) = (next, 0);
        }
        let count = into.len().min(self.piece.len() - self.at);
        into[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Sends what is written in pieces. It breaks where their receiver is gone.
pub(super) struct Sink {
    pieces: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
}

impl Sink {
    pub(super) fn new(pieces: mpsc::Sender<Vec<u8>>) -> Self {
        Self { pieces, piece: Vec::with_capacity(PIECE) }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..count]);
        if self.piece.len() == PIECE {
            self.flush()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.pieces.blocking_send(piece).map_err(|_| ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_come_through_in_order_and_ends_are_seen() {
        let (pieces, received) = mpsc::channel(UNDER_WAY);
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let sent = bytes.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let mut sink = Sink::new(pieces);
            sink.write_all(&sent).and_then(|()| sink.flush())
        });
        let reading = tokio::task::spawn_blocking(move || {
            let mut read = Vec::new();
            Source::new(received).read_to_end(&mut read).map(|_| read)
        });
        writing.await.expect("it runs").expect("written");
        assert!(reading.await.expect("it runs").expect("read") == bytes);

        let (pieces, received) = mpsc::channel(UNDER_WAY);
        drop(received);
        let mut sink = Sink::new(pieces);
        let error = tokio::task::spawn_blocking(move || sink.write_all(&vec![0; 2 * PIECE])).await.expect("it runs");
        assert_eq!(error.expect_err("nobody reads").kind(), ErrorKind::BrokenPipe);
    }
}
