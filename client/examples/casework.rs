//! Prints `docs/CASEWORK.md` from the tables that the code goes by:
//!
//! ```text
//! cargo run -p safeconduct-client --example casework > docs/CASEWORK.md
//! ```
//!
//! A test of the client compares the file with what is printed here.

#[path = "casework/text.rs"]
mod text;

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn main() {
    print!("{}", text::document());
}
