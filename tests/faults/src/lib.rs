//! Crash testing of a store that keeps its state in SQLite databases and in files of its own.
//!
//! A test opens the store over a fresh folder through this crate, works with it, and marks what the store has
//! acknowledged. Everything that reached the files is then in a [`Trace`](trace::Trace), and for every point of it
//! the folder can be built as a loss of power there may leave it: the store is opened on it, and must know what was
//! marked.
//!
//! # Layout
//! - [`trace`]: the record of what was done to files, in order; the failures that are injected into it.
//! - [`vfs`]: SQLite's way to files, recorded. The one place of the workspace with `unsafe` code.
//! - [`fs`]: a store's own files, recorded.
//! - [`image`]: the crash points of a trace and the folders that a crash leaves.
//! - [`rng`]: the seeded generator that chooses among them.
//! - `disk`: what is durable, and what is pending; `content`: file contents that are cheap to copy.
//!
//! # The model of the disk
//! - A write is durable once its file was synced after it. Until then each is kept, lost or torn on its own, a torn
//!   one by sectors of 512 bytes. As any subset may be kept, any order of writing back is covered.
//! - A sector is written whole or not at all. What was synced stays, also in a sector that is written again.
//! - A length follows the same rule: a lost write past the end may still have lengthened the file, by zeros.
//! - After a sync that failed, what it should have made durable may be lost whatever is synced later.
//! - A creation, removal or renaming is durable once its folder was synced, and until then kept or lost on its own.
//!   A file that says so is created durably by its own first sync.
//! - Folders themselves are not state: each folder of the beginning and of a file in the image is there.
//!
//! # Example
//! ```
//! use safeconduct_faults::{fs::Files, image::CrashImages, trace::{FirstSync, Trace}};
//!
//! # let (folder, image_folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
//! let trace = Trace::new(folder.path())?;
//! let files = Files::new(&trace);
//! let log = files.create("log", FirstSync::OfFile)?;
//! log.append(b"one")?;
//! log.sync()?;
//! trace.mark(1);
//!
//! for point in CrashImages::new(&trace) {
//!     for image in point.images(0..4) {
//!         image.write_to(image_folder.path())?;
//!         if !image.marks().is_empty() {
//!             assert_eq!(std::fs::read(image_folder.path().join("log"))?, b"one", "{image}");
//!         }
//!     }
//! }
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod fs;
pub mod image;
pub mod rng;
pub mod trace;
pub mod vfs;

mod content;
mod disk;
