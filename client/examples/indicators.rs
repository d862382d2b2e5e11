//! Prints `docs/INDICATORS.md` from the menu of tables that reports go by:
//!
//! ```text
//! cargo run -p safeconduct-client --example indicators > docs/INDICATORS.md
//! ```
//!
//! A test of the client compares the file with what is printed here.

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn main() {
    print!("{}", safeconduct_client::monitoring::document::document());
}
