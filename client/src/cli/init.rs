//! `init`.

use zeroize::Zeroizing;

use super::{Context, ask, output::Words};
use crate::{
    api::shapes::Made,
    config::{Config, RelayAddress},
    daemon::Node,
    error::Told,
    exit::Exit,
};

/// What to do when nobody has seen the succession key.
pub(super) const KEY_LOST: &str = "nobody has seen this node's succession key, and no registry knows the node yet: remove the \
    data folder, and run the command again where its words can be read";

#[derive(clap::Args)]
pub(super) struct Args {
    /// The home relay's address; enrolment can name it too.
    #[arg(long, value_name = "HOST:PORT", value_parser = super::relay)]
    relay: Option<RelayAddress>,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let config = Config::load(&context.data)?;
    Node::vacant(&context.data)?;
    let passphrase = ask::new_passphrase(context)?;
    let (_node, made) = Node::init(&context.data, &passphrase, args.relay, config)?;
    Ok(context.output.answer_once(&made, KEY_LOST))
}

impl Words for Made {
    fn words(&self) -> String {
        format!(
            "This node is made: {}\n\n{}\n\nNext: safeconduct enrol CODE --relay HOST:PORT, with what your authority has given you",
            self.node,
            *paper(&self.succession.0)
        )
    }
}

/// The succession key with what to do with it.
pub(super) fn paper(succession: &str) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "Succession key, shown this once:\n\n    {succession}\n\nWrite it on paper and lock it away. It lets this agency \
         move to new keys if this machine\nis lost; do not keep it on this machine."
    ))
}
