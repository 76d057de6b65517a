//! A transaction held by a value: dropped without a commit, nothing that it wrote takes effect.

use super::{Answer, Connection, Error, Parameters};

/// An open transaction of a connection.
///
/// ```
/// let mut connection = yuanpu::Database::in_memory().connect();
/// let mut transaction = connection.transaction()?;
/// transaction.run("CREATE (:City {name: 'Suzhou'})", ())?;
/// transaction.run("CREATE (:City {name: 'Wuxi'})", ())?;
/// transaction.commit()?;
/// # Ok::<(), yuanpu::Error>(())
/// ```
#[derive(Debug)]
pub struct Transaction<'c> {
    connection: &'c mut Connection,
    /// How it ended, if it did.
    ended: bool,
}

impl Connection {
    /// Begins a transaction.
    ///
    /// # Errors
    /// If one is open already.
    pub fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        self.begin(false)?;
        Ok(Transaction { connection: self, ended: false })
    }
}

impl Transaction<'_> {
    /// Runs one statement within the transaction; one that fails has no effect, and the transaction goes on.
    ///
    /// # Errors
    /// As [`Connection::run`].
    pub fn run(&mut self, text: &str, parameters: impl Into<Parameters>) -> Result<Answer, Error> {
        self.connection.run(text, parameters)
    }

    /// Ends the transaction; all that it wrote takes effect at once.
    ///
    /// # Errors
    /// If a constraint does not hold.
    pub fn commit(mut self) -> Result<(), Error> {
        self.ended = true;
        self.connection.commit()
    }

    /// Ends the transaction; nothing that it wrote takes effect.
    pub fn roll_back(self) {}
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // A `COMMIT` or `ROLLBACK` sent as text has ended it already.
        if !self.ended && self.connection.in_transaction() {
            let _ = self.connection.roll_back();
        }
    }
}
