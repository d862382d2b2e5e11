//! An append-only log: the harness finds nothing if it is written rightly, and a loss if a sync is left out.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails at what fails, and says what it tried")]

use std::path::Path;

use safeconduct_faults::fs::Files;
use safeconduct_faults::image::CrashImages;
use safeconduct_faults::rng::SplitMix;
use safeconduct_faults::trace::{Fault, FirstSync, Lasting, Trace};

const RECORDS: u64 = 60;
const SEEDS: u64 = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeavesOut {
    Nothing,
    Syncs,
    FolderSync,
}

/// A record: its length, a check sum, then bytes that follow from its number.
fn record(number: u64) -> Vec<u8> {
    let mut rng = SplitMix::new(number);
    let content: Vec<u8> = (0..100 + rng.below(1500)).map(|_| rng.bits().to_le_bytes()[0]).collect();
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [&length[..], &sum(&content).to_le_bytes()[..], &content[..]].concat()
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
}

fn write(trace: &Trace, leaves_out: LeavesOut) {
    let files = Files::new(trace);
    let first_sync = if leaves_out == LeavesOut::FolderSync { FirstSync::OfFolder } else { FirstSync::OfFile };
    let log = files.create("log", first_sync).unwrap();
    for number in 0..RECORDS {
        log.append(&record(number)).unwrap();
        if leaves_out != LeavesOut::Syncs {
            log.sync().unwrap();
        }
        trace.mark(number);
    }
}

/// The records that a recovery finds: up to the first that is not whole.
fn recover(folder: &Path) -> u64 {
    let bytes = std::fs::read(folder.join("log")).unwrap_or_default();
    let (mut rest, mut found) = (&bytes[..], 0);
    while let Some((length, after)) = rest.split_first_chunk::<4>()
        && let Some((expected, after)) = after.split_first_chunk::<8>()
        && let Some((content, after)) = after.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).unwrap())
        && !content.is_empty()
        && sum(content) == u64::from_le_bytes(*expected)
    {
        assert!(bytes.len() >= rest.len());
        rest = after;
        found += 1;
    }
    found
}

/// Images with a marked record lost, and what was tried.
fn losses(leaves_out: LeavesOut) -> usize {
    let (folder, image_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let trace = Trace::new(folder.path()).unwrap();
    write(&trace, leaves_out);

    let (mut points, mut images, mut lost) = (0, 0, 0);
    for point in CrashImages::new(&trace) {
        points += 1;
        for image in point.images(0..SEEDS) {
            images += 1;
            image.write_to(image_folder.path()).unwrap();
            let marked = image.marks().len() as u64;
            lost += usize::from(recover(image_folder.path()) < marked);
        }
    }
    println!("crash points: {points}, images: {images}, with a loss: {lost}");
    lost
}

#[test]
fn a_log_that_is_synced_before_each_mark_loses_nothing() {
    assert_eq!(losses(LeavesOut::Nothing), 0);
}

#[test]
fn a_log_without_syncs_is_caught() {
    assert!(losses(LeavesOut::Syncs) > 0);
}

#[test]
fn a_log_whose_folder_is_not_synced_is_caught() {
    assert!(losses(LeavesOut::FolderSync) > 0);
}

#[test]
fn a_torn_record_is_seen_by_its_check_sum() {
    let (folder, image_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let trace = Trace::new(folder.path()).unwrap();
    let log = Files::new(&trace).create("log", FirstSync::OfFile).unwrap();
    log.sync().unwrap();
    let whole = record(1);
    log.append(&whole).unwrap();

    let point = CrashImages::new(&trace).last().unwrap();
    let (mut torn, mut kept, mut missing) = (0, 0, 0);
    for image in point.images(0..200) {
        image.write_to(image_folder.path()).unwrap();
        match (image.read("log").unwrap().len(), recover(image_folder.path())) {
            (0, 0) => missing += 1,
            (_, 0) => torn += 1,
            _ => kept += 1,
        }
    }
    println!("crash points: 1, images: {}", torn + kept + missing);
    assert!(torn > 0 && kept > 0 && missing > 0, "torn {torn}, kept {kept}, missing {missing}");
}

#[test]
fn a_log_that_cuts_what_a_full_disk_left_loses_nothing() {
    let image_folder = tempfile::tempdir().unwrap();
    let (mut points, mut images) = (0, 0);
    for bytes in [0, 1, 11, 12, 600, 5000] {
        let folder = tempfile::tempdir().unwrap();
        let trace = Trace::new(folder.path()).unwrap();
        let log = Files::new(&trace).create("log", FirstSync::OfFile).unwrap();
        trace.fail_at(20, Fault::ShortWrite { bytes }, Lasting::Once);
        let mut marked = 0;
        while marked < 15 {
            let end = log.len().unwrap();
            if log.append(&record(marked)).is_err() {
                log.truncate(end).unwrap();
                continue;
            }
            log.sync().unwrap();
            trace.mark(marked);
            marked += 1;
        }
        assert_eq!(trace.faults_fired(), 1);

        for point in CrashImages::new(&trace) {
            points += 1;
            for image in point.images(0..SEEDS) {
                images += 1;
                image.write_to(image_folder.path()).unwrap();
                assert!(recover(image_folder.path()) >= image.marks().len() as u64, "{image}, {bytes} bytes written");
            }
        }
    }
    println!("crash points: {points}, images: {images}");
}
