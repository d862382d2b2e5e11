//! Can the data folder be written durably, and is there room?

use std::{fs, io::Write as _, path::Path};

use crate::{
    api::shapes::Finding,
    note::{Count, Note, Technical},
};

/// Below this many bytes sending and receiving will soon stop.
const ROOM_FAIL_BYTES: u64 = 64 * 1024 * 1024;

/// Below this many bytes somebody should look.
const ROOM_WARN_BYTES: u64 = 512 * 1024 * 1024;

/// Writes, syncs and removes a small file, and asks for the free space.
pub(super) fn check(data: &Path) -> Finding {
    let probe = data.join(".doctor");
    let written =
        fs::File::create(&probe).and_then(|mut file| file.write_all(b"doctor").and_then(|()| file.sync_all()));
    fs::remove_file(&probe).ok();
    if let Err(error) = written {
        return Finding::fail("disk", Note::DiskUnwritable { why: Technical(error.kind().to_string()) });
    }
    match rustix::fs::statvfs(data) {
        Ok(about) => room(about.f_bavail.saturating_mul(about.f_frsize)),
        Err(_) => Finding::warn("disk", Note::DiskUnread {}),
    }
}

fn room(bytes: u64) -> Finding {
    let megabytes = bytes / (1024 * 1024);
    if bytes < ROOM_FAIL_BYTES {
        Finding::fail("disk", Note::DiskFull { count: Count(megabytes) })
    } else if bytes < ROOM_WARN_BYTES {
        Finding::warn("disk", Note::DiskLow { count: Count(megabytes) })
    } else {
        Finding::ok("disk", format!("the data folder is writable, {megabytes} MiB are free"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shapes::FindingState;

    #[test]
    fn room_is_judged_at_its_bounds() {
        assert_eq!(room(ROOM_FAIL_BYTES - 1).state, FindingState::Fail);
        assert_eq!(room(ROOM_FAIL_BYTES).state, FindingState::Warn);
        assert_eq!(room(ROOM_WARN_BYTES).state, FindingState::Ok);
    }

    #[test]
    fn a_folder_that_is_not_there_fails() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check(&folder.path().join("none")).state, FindingState::Fail);
        assert_ne!(check(folder.path()).state, FindingState::Fail);
    }
}
