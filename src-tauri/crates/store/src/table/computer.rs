//! This computer, told from all others: one row, made with the table.

use crate::database::{Failure, Reader};

/// Random, because computers have names in common, and two data folders of one computer are two.
pub(crate) const V7: &str = "CREATE TABLE computer (id TEXT NOT NULL) STRICT;
INSERT INTO computer (id) VALUES (lower(hex(randomblob(8))));";

impl Reader<'_> {
    pub fn computer(&self) -> Result<String, Failure> {
        Ok(self.connection.query_row("SELECT id FROM computer", [], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::table::testing::store;

    #[tokio::test]
    async fn two_data_folders_are_two_computers() {
        let ((folder, one), (_other, two)) = (store().await, store().await);
        let id = one.read(|r| r.computer()).await.expect("read");
        assert_ne!(id, two.read(|r| r.computer()).await.expect("read"));
        one.close().await;
        let again = crate::Store::open(folder.path()).await.expect("again").store;
        assert_eq!(again.read(|r| r.computer()).await.expect("read"), id, "it stays");
    }
}
