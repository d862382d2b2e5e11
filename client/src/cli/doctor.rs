//! `doctor`.

use super::{
    Context,
    output::{Form, Words},
    verbs,
};
use crate::{
    api::shapes::{Doctor, FindingState},
    error::Told,
    exit::Exit,
};

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    let doctor = verbs::doctor(context);
    if doctor.healthy {
        return Ok(context.output.answer(&doctor));
    }
    let failed: Vec<&str> =
        doctor.findings.iter().filter(|f| f.state == FindingState::Fail).map(|f| f.name.as_str()).collect();
    if context.output.form() == Form::Text {
        context.output.answer_text(&doctor.words());
    }
    let exit = if doctor.findings.iter().any(|finding| finding.tampering) { Exit::Tampering } else { Exit::NotReady };
    let mut told = Told::new(
        exit,
        "unhealthy",
        format!("this node is not healthy: {}", failed.join(", ")),
        "see what each line says, and run `safeconduct doctor` again",
    );
    told.doctor = Some(doctor.findings);
    Err(told)
}

impl Words for Doctor {
    fn words(&self) -> String {
        let lines: Vec<String> = self
            .findings
            .iter()
            .map(|finding| {
                let mark = match finding.state {
                    FindingState::Ok => "ok  ",
                    FindingState::Warn => "look",
                    FindingState::Fail => "FAIL",
                };
                let remedy =
                    if finding.remedy.is_empty() { String::new() } else { format!("\n        → {}", finding.remedy) };
                format!("{mark}  {}: {}{remedy}", finding.name, finding.says)
            })
            .collect();
        lines.join("\n")
    }
}
