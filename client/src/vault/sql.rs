//! Statements that are compiled once and kept by the connection. Their parameters are cleared when they are put back.

use rusqlite::{Connection, Params, Row};

/// What the connection keeps of compiled statements at most.
pub(super) const STATEMENTS_MAX: usize = 400;

/// Statements whose text is one of a few.
pub(crate) trait Sql {
    /// Changes rows; says how many.
    fn run<P: Params>(&self, sql: &str, params: P) -> rusqlite::Result<usize>;

    /// Reads the first row; [`rusqlite::Error::QueryReturnedNoRows`] if there is none.
    fn one<T, P: Params>(
        &self,
        sql: &str,
        params: P,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T>;
}

impl Sql for Connection {
    fn run<P: Params>(&self, sql: &str, params: P) -> rusqlite::Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    fn one<T, P: Params>(
        &self,
        sql: &str,
        params: P,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.prepare_cached(sql)?.query_row(params, read)
    }
}
