//! SQLite over the recording file layer: with its durable settings the harness finds nothing, with weaker ones a loss.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails at what fails, and says what it tried")]

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use safeconduct_faults::image::{CrashImages, Image};
use safeconduct_faults::trace::{Fault, Lasting, Op, Trace};
use safeconduct_faults::vfs::FaultVfs;

const COMMITS: u64 = 40;
const SEEDS: u64 = 4;
/// Low enough that the log is moved into the database several times, and begun again.
const CHECKPOINT_PAGES: u32 = 12;

/// A folder in memory, if there is one: the images are many.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn open(path: &Path, vfs: &FaultVfs) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs.name())
}

fn prepare(connection: &Connection, journal: &str, synchronous: &str) -> rusqlite::Result<()> {
    set_journal(connection, journal)?;
    connection.execute_batch(&format!(
        "PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES};
         CREATE TABLE IF NOT EXISTS message (number INTEGER, half INTEGER, content BLOB, PRIMARY KEY (number, half));"
    ))
}

/// The statement is run to its end: it gives the new mode in a row before it commits it. `query_row` and
/// `execute_batch` stop at the row, and an error of the commit is then lost.
fn set_journal(connection: &Connection, journal: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA journal_mode={journal}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        assert!(row.get::<_, String>(0)?.eq_ignore_ascii_case(journal));
    }
    Ok(())
}

fn content(number: u64) -> Vec<u8> {
    vec![number.to_le_bytes()[0]; usize::try_from(300 + number * 97 % 3000).unwrap()]
}

/// Two rows in one transaction: both are there, or none.
fn commit(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for half in 0..2_u64 {
        let row = (i64::try_from(number).unwrap(), i64::try_from(half).unwrap(), content(number));
        transaction.execute("INSERT INTO message VALUES (?1, ?2, ?3)", row)?;
    }
    transaction.commit()
}

fn work(path: &Path, vfs: &FaultVfs, journal: &str, synchronous: &str) -> rusqlite::Result<()> {
    let connection = open(path, vfs)?;
    prepare(&connection, journal, synchronous)?;
    for number in 0..COMMITS {
        commit(&connection, number)?;
        vfs.trace().mark(number);
    }
    connection.close().map_err(|(_, error)| error)
}

/// What is wrong with a folder whose database must know the commits `marked`.
fn wrong(folder: &Path, marked: impl IntoIterator<Item = u64>) -> Option<String> {
    match read(folder) {
        Err(error) => Some(error.to_string()),
        Ok(Err(damage)) => Some(damage),
        Ok(Ok(found)) => {
            marked.into_iter().find(|number| !found.contains(number)).map(|lost| format!("{lost} is lost"))
        }
    }
}

fn read(folder: &Path) -> rusqlite::Result<Result<Vec<u64>, String>> {
    let connection = Connection::open(folder.join("db"))?;
    connection.execute_batch("PRAGMA synchronous=OFF")?;
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        return Ok(Err(integrity));
    }
    if !connection.table_exists(None, "message")? {
        return Ok(Ok(Vec::new()));
    }
    let mut statement = connection.prepare("SELECT number, count(*), content FROM message GROUP BY number, content")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(0)?.cast_unsigned();
        if row.get::<_, i64>(1)? != 2 || row.get::<_, Vec<u8>>(2)? != content(number) {
            return Ok(Err(format!("{number} is not whole")));
        }
        found.push(number);
    }
    Ok(Ok(found))
}

fn marked(image: &Image) -> Vec<u64> {
    image.marks().iter().map(|mark| mark.value).collect()
}

/// Tries every image of every crash point: the number of those with something wrong, and the first of it.
fn crash(trace: &Trace, seeds: u64) -> (usize, Option<String>) {
    let image_folder = folder();
    let (mut points, mut images, mut bad, mut first) = (0, 0, 0, None);
    for point in CrashImages::new(trace) {
        points += 1;
        for image in point.images(0..seeds) {
            images += 1;
            image.write_to(image_folder.path()).unwrap();
            if let Some(what) = wrong(image_folder.path(), marked(&image)) {
                bad += 1;
                first.get_or_insert_with(|| format!("{image}: {what}"));
            }
        }
    }
    println!("crash points: {points}, images: {images}, bad: {bad}");
    (bad, first)
}

fn crashes_of(journal: &str, synchronous: &str) -> (usize, Option<String>) {
    let folder = folder();
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();
    work(&folder.path().join("db"), &vfs, journal, synchronous).unwrap();
    crash(&trace, SEEDS)
}

#[test]
fn sqlite_in_wal_mode_with_synchronous_full_loses_nothing() {
    assert_eq!(crashes_of("WAL", "FULL"), (0, None));
}

#[test]
fn sqlite_with_a_journal_and_synchronous_extra_loses_nothing() {
    assert_eq!(crashes_of("DELETE", "EXTRA"), (0, None));
}

#[test]
fn sqlite_in_wal_mode_with_synchronous_normal_is_caught() {
    let (bad, first) = crashes_of("WAL", "NORMAL");
    println!("first: {first:?}");
    assert!(bad > 0);
    assert!(first.unwrap().contains("lost"), "commits are lost; the database is whole");
}

#[test]
fn sqlite_in_wal_mode_with_synchronous_off_is_caught() {
    let (bad, first) = crashes_of("WAL", "OFF");
    println!("first: {first:?}");
    assert!(bad > 0);
}

#[test]
fn sqlite_with_a_journal_whose_removal_is_not_synced_is_caught() {
    let (bad, first) = crashes_of("DELETE", "FULL");
    println!("first: {first:?}");
    assert!(bad > 0, "SQLite's documents say that this needs synchronous=EXTRA");
}

#[test]
fn connections_share_a_log_and_a_crash_loses_nothing_of_either() {
    let folder = folder();
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();
    let path = folder.path().join("db");
    prepare(&open(&path, &vfs).unwrap(), "WAL", "FULL").unwrap();

    std::thread::scope(|scope| {
        for writer in 0..2 {
            let (path, vfs, trace) = (&path, &vfs, &trace);
            scope.spawn(move || {
                let connection = open(path, vfs).unwrap();
                connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
                prepare(&connection, "WAL", "FULL").unwrap();
                for number in (0..COMMITS).filter(|number| number % 2 == writer) {
                    commit(&connection, number).unwrap();
                    trace.mark(number);
                    let seen: i64 = connection
                        .query_row("SELECT count(DISTINCT number) FROM message", [], |row| row.get(0))
                        .unwrap();
                    assert!(seen.cast_unsigned() > number / 2);
                }
            });
        }
    });

    let names: Vec<String> = trace.ops().iter().map(|op| format!("{op:?}")).filter(|op| op.contains("-shm")).collect();
    assert_eq!(names, [""; 0], "shared memory is not recorded");
    assert_eq!(crash(&trace, 2), (0, None));
}

#[test]
fn a_database_that_something_else_created_is_recorded() {
    let folder = folder();
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();
    let path = folder.path().join("db");
    std::fs::File::create(&path).unwrap();

    work(&path, &vfs, "WAL", "FULL").unwrap();

    assert!(matches!(trace.ops().first(), Some(Op::Create { path, .. }) if **path == *Path::new("db")));
    let last = CrashImages::new(&trace).last().unwrap().kept();
    let image_folder = self::folder();
    last.write_to(image_folder.path()).unwrap();
    assert_eq!(wrong(image_folder.path(), 0..COMMITS), None);
}

#[test]
fn a_database_that_was_there_before_is_where_images_begin() {
    let folder = folder();
    let path = folder.path().join("db");
    {
        let trace = Trace::new(folder.path()).unwrap();
        let vfs = FaultVfs::register(&trace).unwrap();
        let connection = open(&path, &vfs).unwrap();
        prepare(&connection, "WAL", "FULL").unwrap();
        commit(&connection, 1000).unwrap();
    }
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();
    trace.mark(1000);
    work(&path, &vfs, "WAL", "FULL").unwrap();

    let image_folder = self::folder();
    for point in CrashImages::new(&trace).skip(1) {
        let image = point.torn(1);
        image.write_to(image_folder.path()).unwrap();
        assert_eq!(wrong(image_folder.path(), marked(&image)), None, "{image}");
    }
}

#[test]
fn a_database_outside_of_the_root_is_refused() {
    let (folder, elsewhere) = (folder(), folder());
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();

    assert!(open(&elsewhere.path().join("db"), &vfs).is_err());
    assert!(!elsewhere.path().join("db").exists());
}

#[test]
fn a_connection_may_outlive_its_layer() {
    let folder = folder();
    let trace = Trace::new(folder.path()).unwrap();
    let vfs = FaultVfs::register(&trace).unwrap();
    let name = vfs.name().to_owned();
    let path = folder.path().join("db");
    let connection = open(&path, &vfs).unwrap();
    prepare(&connection, "WAL", "FULL").unwrap();
    drop(vfs);

    commit(&connection, 1).unwrap();
    drop(connection);

    assert!(Connection::open_with_flags_and_vfs(&path, OpenFlags::default(), name.as_str()).is_err());
    assert_eq!(wrong(folder.path(), [1]), None);
}

#[test]
fn a_failed_change_to_wal_mode_is_told_at_the_end_of_its_statement_alone() {
    let journal_mode = |told: &dyn Fn(&Connection) -> bool| {
        let folder = folder();
        let trace = Trace::new(folder.path()).unwrap();
        let vfs = FaultVfs::register(&trace).unwrap();
        let connection = open(&folder.path().join("db"), &vfs).unwrap();
        trace.fail_at(3, Fault::Eio, Lasting::Once);
        let told = told(&connection);
        assert!(matches!(trace.ops().get(3), Some(Op::SyncFailed { .. })));
        let mode = |_| connection.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0)).unwrap();
        let at_once = mode(());
        let read: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(read, 0);
        println!("told: {told}, mode at once: {at_once}, after a read: {}", mode(()));
        (told, mode(()))
    };

    let stepped = journal_mode(&|connection| set_journal(connection, "WAL").is_err());
    let batch = journal_mode(&|connection| connection.execute_batch("PRAGMA journal_mode=WAL").is_err());

    assert_eq!(stepped, (true, "delete".to_owned()));
    assert_eq!(batch, (false, "delete".to_owned()), "so a store must look at the mode after a read");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AtFailure {
    /// The process ends, and the power is lost before the next one: the images say what that one finds.
    Stops,
    /// Tries again, at times over a new connection.
    GoesOn,
}

/// Commits until all are done, or until there were too many failures.
fn work_through(path: &Path, vfs: &FaultVfs, at_failure: AtFailure) -> Vec<u64> {
    let mut done = Vec::new();
    let mut tries = 0;
    let mut connection = None;
    let mut number = 0;
    while number < 12 && tries < 30 && (at_failure == AtFailure::GoesOn || vfs.trace().faults_fired() == 0) {
        tries += 1;
        if tries == 20 {
            vfs.trace().heal();
        }
        let opened = match connection.take() {
            Some(opened) => Ok(opened),
            None => open(path, vfs).and_then(|opened| prepare(&opened, "WAL", "FULL").map(|()| opened)),
        };
        let Ok(opened) = opened else { continue };
        match commit(&opened, number) {
            Ok(()) => {
                vfs.trace().mark(number);
                done.push(number);
                number += 1;
            }
            Err(_) if read_rows(&opened, number) == Some(2) => number += 1,
            Err(_) => {}
        }
        // After every third failure the connection is opened again.
        if tries % 3 != 0 {
            connection = Some(opened);
        }
    }
    done
}

fn read_rows(connection: &Connection, number: u64) -> Option<i64> {
    let number = i64::try_from(number).unwrap();
    connection.query_row("SELECT count(*) FROM message WHERE number=?1", [number], |row| row.get(0)).ok()
}

/// One failure at each op in turn. What SQLite said was committed must be there in the real folder, and after crashes
/// from the failure on: the first that is wrong.
fn fail_everywhere(fault: Fault, lasting: Lasting, at_failure: AtFailure) -> Option<String> {
    let image_folder = folder();
    let (mut points, mut images, mut fired) = (0, 0, 0);
    let step = if at_failure == AtFailure::Stops { 1 } else { 7 };
    for at in 0.. {
        let folder = folder();
        let trace = Trace::new(folder.path()).unwrap();
        let vfs = FaultVfs::register(&trace).unwrap();
        trace.fail_at(at, fault, lasting);
        let done = work_through(&folder.path().join("db"), &vfs, at_failure);
        assert_eq!(done.len(), trace.ops().iter().filter(|op| matches!(op, Op::Mark(_))).count());
        drop(vfs);
        if trace.faults_fired() == 0 {
            break;
        }
        fired += trace.faults_fired();
        assert!(!done.is_empty() || at_failure == AtFailure::Stops, "{fault:?} at {at}: it goes on after a failure");

        for point in CrashImages::new(&trace).skip(at).step_by(step) {
            points += 1;
            for image in point.images(0..2) {
                images += 1;
                image.write_to(image_folder.path()).unwrap();
                if let Some(what) = wrong(image_folder.path(), marked(&image)) {
                    return Some(format!("{fault:?} at {at}, {image}: {what}"));
                }
            }
        }
        assert_eq!(wrong(folder.path(), done), None, "{fault:?} at {at}");
    }
    println!("{fault:?}, {lasting:?}: failures: {fired}, crash points: {points}, images: {images}");
    assert!(fired > 50);
    None
}

#[test]
fn an_io_error_at_any_op_is_told_or_does_no_harm() {
    assert_eq!(fail_everywhere(Fault::Eio, Lasting::Once, AtFailure::GoesOn), None);
}

#[test]
fn a_disk_that_fails_from_any_op_on_does_no_harm_to_who_stops() {
    assert_eq!(fail_everywhere(Fault::Eio, Lasting::Always, AtFailure::Stops), None);
}

/// The log's frames are in memory, where a new connection finds them and builds on them; on the disk they may be
/// missing, and no later sync writes them. Moving them into the database first is no cure: tried here, a crash left a
/// damaged database. Who reads a store again after a failed sync must have lost what memory held, or write it all anew.
#[test]
fn a_log_that_a_failed_sync_left_in_memory_alone_is_caught() {
    let first = fail_everywhere(Fault::Eio, Lasting::Always, AtFailure::GoesOn);
    println!("first: {first:?}");
    assert!(first.is_some());
}

#[test]
fn a_disk_that_is_full_from_any_op_on_does_no_harm() {
    assert_eq!(fail_everywhere(Fault::Enospc, Lasting::Always, AtFailure::GoesOn), None);
}

#[test]
fn a_short_write_at_any_op_does_no_harm() {
    assert_eq!(fail_everywhere(Fault::ShortWrite { bytes: 700 }, Lasting::Once, AtFailure::GoesOn), None);
}
