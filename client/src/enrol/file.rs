//! Enrolment without a network: the request goes out in a file, the answer comes in one.

use std::{fs::File, io::Read as _, path::Path};

use safeconduct_certs::{
    authority::root::{ROOT_BYTES_MAX, RootFile},
    carried::{self, Carried, CarriedRefused, Kind},
    enrol::code::InviteCode,
};
use safeconduct_protocol::{
    frame::{Frame, Tag},
    id::RelayId,
};

use super::{Progress, Purpose, pinned};
use crate::{
    daemon::{Node, Standing},
    error::Told,
    exit::Exit,
    registry::RegistryError,
};

/// Reads the authority's root file, which the code names.
///
/// # Errors
/// `root-unreadable`; `invite-foreign` when it is another authority's, `root-file` when it is none, `practice-only` when it is not for
/// this purpose.
pub fn root_from_file(code: &InviteCode, purpose: Purpose, path: &Path) -> Result<RootFile, Told> {
    let unreadable = |kind: std::io::ErrorKind| {
        Told::new(
            Exit::Usage,
            "root-unreadable",
            format!("the root file cannot be read: {kind}"),
            "name the file that your authority wrote with `safeconduct-admin export-root`",
        )
    };
    let bound = u64::try_from(ROOT_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(bound).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(error.kind()))?;
    pinned(code, purpose, &bytes)
}

/// Makes the request, where there is none yet, and writes it into a file for the authority. The same again writes the same.
///
/// # Errors
/// `already-enrolled`, `enrolment-rejected`, `file-unwritable`, or what the vault says.
pub fn write_request(
    node: &mut Node,
    code: &InviteCode,
    root: &RootFile,
    address: &str,
    out: &Path,
) -> Result<Progress, Told> {
    let invite = code.invite();
    let request = match node.standing(&invite)? {
        Standing::Approved => return Ok(Progress::Approved),
        Standing::Begun { request } => request,
        Standing::New => node.begin_enrolment(code, root, address, None)?,
    };
    let frames = vec![Frame::EnrolSubmit { tag: Tag(0), invite, request: request.into() }];
    let carried = Carried { kind: Kind::Request, relay: RelayId(0), root: root.first().fingerprint(), frames };
    carried::write_file(out, &carried).map_err(|error| {
        Told::not_ready(
            "file-unwritable",
            format!("the request cannot be written: {}", error.kind()),
            "name a file that can be written with --out, then run the same command again",
        )
    })?;
    Ok(Progress::Waiting)
}

/// Takes the authority's answer out of a file. The same again changes nothing.
///
/// # Errors
/// `not-enrolled` without a request, `answer-of-another`, `enrolment-rejected`, `answer-refused`, and what is wrong with the file.
pub fn take_answer(node: &mut Node, path: &Path) -> Result<Progress, Told> {
    let refused = |error: CarriedRefused| {
        let unreadable = matches!(error, CarriedRefused::Unreadable(_));
        let exit = if unreadable { Exit::Usage } else { Exit::Refused };
        Told::new(exit, error.code(), error.to_string(), error.remedy())
    };
    let enrolment = node.enrolment()?.ok_or(RegistryError::NotEnrolled)?;
    let root = RootFile::parse(&enrolment.root)
        .map_err(|error| Told::tampering("root-file", error.to_string(), error.remedy()))?;
    let bytes = carried::read_file(path).map_err(refused)?;
    let carried = Carried::parse(&bytes, Kind::Answer, &root.first().fingerprint()).map_err(refused)?;
    let answers = carried.frames.into_iter().filter_map(|frame| {
        if let Frame::EnrolAnswer { invite, answer, .. } = frame { Some((invite, answer)) } else { None }
    });
    let mine = answers.into_iter().find(|(invite, _)| *invite == enrolment.invite);
    let (_, answer) = mine.ok_or_else(|| {
        Told::refused(
            "answer-of-another",
            "the file holds the answer to another request",
            "ask your authority for the file of this agency: `safeconduct-admin export --answer AGENCY`",
        )
    })?;
    match node.standing(&enrolment.invite)? {
        Standing::Begun { .. } => node.answered(&answer)?,
        Standing::Approved | Standing::New => {}
    }
    Ok(Progress::Approved)
}
