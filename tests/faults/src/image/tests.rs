//! The model of the disk, change by change.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::{CrashImages, CrashPoint, Image};
use crate::fs::Files;
use crate::trace::{Fault, FirstSync, Lasting, Trace};

const SEEDS: u64 = 400;

fn record(work: impl FnOnce(&Files, &Trace) -> io::Result<()>) -> CrashPoint {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old"), [b'o'; 2048]).unwrap();
    let trace = Trace::new(folder.path()).unwrap();
    work(&Files::new(&trace), &trace).unwrap();
    CrashImages::new(&trace).last().unwrap()
}

/// What `file` holds in the images of a point.
fn contents(point: &CrashPoint, file: &str) -> BTreeSet<Option<Vec<u8>>> {
    point.images(0..SEEDS).map(|image: Image| image.read(file)).collect()
}

fn sectors(content: &[u8]) -> String {
    content.chunks(512).map(|sector| char::from(sector[0])).collect()
}

#[test]
fn what_was_synced_is_in_every_image() {
    let point = record(|files, _| {
        let old = files.open("old")?;
        old.write_all_at(&[b'a'; 1024], 0)?;
        old.write_all_at(&[b'b'; 1024], 512)?;
        old.truncate(1536)?;
        old.sync()
    });

    assert_eq!(point.pending(), 0);
    assert_eq!(point.images(0..SEEDS).count(), 1, "one image suffices");
    assert_eq!(sectors(&point.torn(3).read("old").unwrap()), "abb");
}

#[test]
fn an_unsynced_overwrite_is_kept_lost_or_torn_by_sectors() {
    let point = record(|files, _| files.open("old")?.write_all_at(&[b'n'; 1536], 0));

    let found: BTreeSet<String> = contents(&point, "old").into_iter().map(|bytes| sectors(&bytes.unwrap())).collect();
    let all = ["nnno", "nnoo", "nono", "nooo", "onno", "onoo", "oono", "oooo"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn a_torn_write_in_the_middle_of_sectors_leaves_the_bytes_around_it() {
    let point = record(|files, _| files.open("old")?.write_all_at(&[b'n'; 600], 300));

    for bytes in contents(&point, "old") {
        let bytes = bytes.unwrap();
        assert!(bytes[..300].iter().chain(&bytes[900..]).all(|byte| *byte == b'o'));
        for part in [&bytes[300..512], &bytes[512..900]] {
            assert!(part.iter().all(|byte| *byte == part[0]), "a sector is whole");
        }
    }
}

#[test]
fn an_unsynced_append_may_be_missing_or_zero() {
    let point = record(|files, _| files.open("old")?.append(&[b'n'; 1024]).map(drop));

    let found: BTreeSet<String> = contents(&point, "old").into_iter().map(|bytes| sectors(&bytes.unwrap())).collect();
    let all = ["oooo", "oooo\0\0", "oooo\0n", "oooon", "oooon\0", "oooonn"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn unsynced_writes_are_reordered() {
    let point = record(|files, _| {
        let old = files.open("old")?;
        old.write_all_at(&[b'a'; 512], 0)?;
        old.write_all_at(&[b'b'; 512], 512)?;
        old.write_all_at(&[b'c'; 512], 0)
    });

    let found: BTreeSet<String> = contents(&point, "old").into_iter().map(|bytes| sectors(&bytes.unwrap())).collect();
    let all = ["aboo", "aooo", "cboo", "cooo", "oboo", "oooo"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn unsynced_cuts_and_punches_are_kept_or_lost() {
    let point = record(|files, _| {
        let old = files.open("old")?;
        old.punch(0, 512)?;
        old.truncate(1024)
    });

    let found: BTreeSet<String> = contents(&point, "old").into_iter().map(|bytes| sectors(&bytes.unwrap())).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["\0o", "\0ooo", "oo", "oooo"]);
}

#[test]
fn a_punch_reads_as_zeros_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = Files::new(&Trace::new(folder.path()).unwrap()).create("a", FirstSync::OfFile).unwrap();
    file.append(&[b'x'; 9000]).unwrap();
    file.punch(100, 8000).unwrap();

    let mut bytes = vec![0; 9000];
    file.read_exact_at(&mut bytes, 0).unwrap();
    assert_eq!(file.len().unwrap(), 9000);
    assert_eq!(bytes.iter().filter(|byte| **byte == 0).count(), 8000);
}

#[test]
fn a_file_is_durable_by_its_folder_or_if_it_says_so_by_its_first_sync() {
    let by_folder = |sync_folder: bool| {
        record(move |files, _| {
            let new = files.create("new", FirstSync::OfFolder)?;
            new.append(b"n")?;
            new.sync()?;
            if sync_folder { files.sync_dir("") } else { Ok(()) }
        })
    };
    let by_file = record(|files, _| {
        let new = files.create("new", FirstSync::OfFile)?;
        new.append(b"n")?;
        new.sync()
    });

    let (there, missing) = (Some(b"n".to_vec()), None);
    assert_eq!(contents(&by_folder(true), "new"), BTreeSet::from([there.clone()]));
    assert_eq!(contents(&by_folder(false), "new"), BTreeSet::from([missing, there.clone()]));
    assert_eq!(contents(&by_file, "new"), BTreeSet::from([there]));
}

#[test]
fn removals_and_renamings_are_pending_until_the_folder_is_synced() {
    let replace = |sync_folder: bool| {
        record(move |files, _| {
            let new = files.create("new", FirstSync::OfFile)?;
            new.append(b"n")?;
            new.sync()?;
            files.rename("new", "old")?;
            if sync_folder { files.sync_dir("") } else { Ok(()) }
        })
    };
    let remove = record(|files, _| files.remove("old"));

    let names = |point: &CrashPoint| -> BTreeSet<Vec<String>> {
        let names = |image: Image| image.paths().map(|path| path.display().to_string()).collect();
        point.images(0..SEEDS).map(names).collect()
    };
    assert_eq!(contents(&replace(true), "old"), BTreeSet::from([Some(b"n".to_vec())]));
    assert_eq!(names(&replace(true)), BTreeSet::from([vec!["old".to_owned()]]));
    assert_eq!(contents(&replace(false), "old").len(), 2, "the old file or the new one, and nothing between");
    assert_eq!(names(&replace(false)).len(), 2);
    assert_eq!(contents(&remove, "old").len(), 2);
}

#[test]
fn a_renamed_file_stays_the_same_file() {
    let point = record(|files, _| {
        let old = files.open("old")?;
        files.rename("old", "older")?;
        files.sync_dir("")?;
        old.write_all_at(b"r", 0)?;
        old.sync()
    });

    assert_eq!(point.lost().read("older").unwrap()[..2], *b"ro");
    assert_eq!(point.lost().read("old"), None);
}

#[test]
fn what_a_failed_sync_left_is_never_durable_by_a_later_one() {
    let point = record(|files, trace| {
        let old = files.open("old")?;
        old.write_all_at(&[b'a'; 512], 0)?;
        trace.fail_at(trace.len(), Fault::Eio, Lasting::Once);
        assert_eq!(old.sync().unwrap_err().raw_os_error(), Fault::Eio.to_error().raw_os_error());
        old.write_all_at(&[b'b'; 512], 512)?;
        old.sync()
    });

    let found: BTreeSet<String> = contents(&point, "old").into_iter().map(|bytes| sectors(&bytes.unwrap())).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["aboo", "oboo"]);
}

#[test]
fn a_failure_comes_at_its_op_and_only_for_ops_that_it_can_hit() {
    let folder = tempfile::tempdir().unwrap();
    let trace = Trace::new(folder.path()).unwrap();
    let files = Files::new(&trace);
    let file = files.create("a", FirstSync::OfFile).unwrap();
    let full = Fault::Enospc.to_error().raw_os_error();

    trace.fail_at(1, Fault::ShortWrite { bytes: 3 }, Lasting::Always);
    assert_eq!(file.append(b"12345").unwrap_err().raw_os_error(), full);
    assert_eq!(file.len().unwrap(), 3, "a part is written");
    file.sync().unwrap();
    file.truncate(2).unwrap();
    assert_eq!(file.append(b"12345").unwrap_err().raw_os_error(), full);
    assert_eq!(file.len().unwrap(), 2, "then the disk is full");
    assert_eq!(files.create("b", FirstSync::OfFile).unwrap_err().raw_os_error(), full);
    assert_eq!(trace.faults_fired(), 3);

    trace.heal();
    assert_eq!(file.append(b"12345").unwrap(), 2);
    trace.fail_at(0, Fault::ShortWrite { bytes: 9 }, Lasting::Once);
    assert_eq!(file.write_at(b"xyz", 0).unwrap(), 2, "as `pwrite` tells");
    assert_eq!(file.write_at(b"xyz", 0).unwrap(), 3);
    file.sync().unwrap();
    let last = CrashImages::new(&trace).last().unwrap();
    assert_eq!(last.lost().read("a"), Some(std::fs::read(folder.path().join("a")).unwrap()));
}

#[test]
fn a_folder_that_is_used_again_holds_the_image_and_nothing_else() {
    let (folder, reused) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let trace = Trace::new(folder.path()).unwrap();
    let files = Files::new(&trace);
    files.create_dir_all("logs/deep").unwrap();
    let file = files.create("logs/deep/a", FirstSync::OfFile).unwrap();
    for n in 0..40_u8 {
        file.write_all_at(&[n + 1; 5000], u64::from(n) * 7000).unwrap();
        if n % 5 == 0 {
            file.sync().unwrap();
        }
        if n % 7 == 0 {
            file.truncate(u64::from(n) * 3000).unwrap();
        }
    }
    std::fs::write(reused.path().join("stray-shm"), b"s").unwrap();

    for image in CrashImages::new(&trace).flat_map(|point| point.images(0..3).collect::<Vec<_>>()) {
        image.write_to(reused.path()).unwrap();

        let (paths, _) = super::walk(reused.path()).unwrap();
        let expected: Vec<&Path> = image.paths().collect();
        assert_eq!(paths, expected, "{image}");
        for path in paths {
            let found = std::fs::read(reused.path().join(&path)).unwrap();
            assert!(Some(&found) == image.read(&path).as_ref(), "{image}: {}", path.display());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_image() {
    let point = record(|files, _| files.open("old")?.write_all_at(&[b'n'; 2048], 0));

    for seed in 0..50 {
        assert_eq!(point.torn(seed).read("old"), point.torn(seed).read("old"));
    }
}

#[test]
fn marks_are_seen_from_their_op_on() {
    let folder = tempfile::tempdir().unwrap();
    let trace = Trace::new(folder.path()).unwrap();
    assert_eq!((trace.mark(7), trace.mark(8)), (0, 1));

    let seen: Vec<Vec<u64>> =
        CrashImages::new(&trace).map(|point| point.marks().iter().map(|mark| mark.value).collect()).collect();
    assert_eq!(seen, [vec![], vec![7], vec![7, 8]]);
}
