//! The states of a referral, their codes, and what the screen says.

/// Declares the states.
macro_rules! states {
    ($($variant:ident = $code:literal, $word:literal, $screen:literal, $where:ident, $kind:ident;)+) => {
        /// What a referral is now.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum State {
            $(#[doc = concat!("`", $code, "`: ", $screen, ".")] $variant,)+
        }

        impl State {
            /// Every state.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// One or two words for lists.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The words on the screen; what stands in capitals is filled in.
            #[must_use]
            pub const fn screen(self) -> &'static str {
                match self {
                    $(Self::$variant => $screen,)+
                }
            }

            /// Which agencies can see a referral in this state.
            #[must_use]
            pub const fn seen_at(self) -> SeenAt {
                match self {
                    $(Self::$variant => SeenAt::$where,)+
                }
            }

            /// Before, during or after the work on it.
            #[must_use]
            pub const fn phase(self) -> Phase {
                match self {
                    $(Self::$variant => Phase::$kind,)+
                }
            }
        }
    };
}

states! {
    Draft = "draft", "draft", "draft", Sender, Before;
    Queued = "queued", "queued", "waiting to be sent", Sender, Before;
    Failed = "failed", "failed", "could not be sent: REASON", Sender, Before;
    Submitted = "submitted", "accepted by the relay", "the relay holds it", Sender, Open;
    Delivered = "delivered", "delivered", "arrived at their node", Both, Open;
    Opened = "opened", "read", "opened by a caseworker there", Both, Open;
    InfoRequested = "info-requested", "information asked", "they ask for more", Both, Open;
    Accepted = "accepted", "accepted", "accepted by AGENCY", Both, Open;
    InService = "in-service", "in service", "help has begun", Both, Open;
    Closed = "closed", "closed with outcome", "closed: OUTCOME", Both, Final;
    Declined = "declined", "declined", "declined: REASON", Both, Final;
    Withdrawn = "withdrawn", "withdrawn", "withdrawn: REASON", Both, Final;
    Expired = "expired", "expired", "nobody decided in time", Both, Final;
    Transferred = "transferred", "transferred onward", "handed on to another agency", Both, Final;
    Erased = "erased", "erased", "erased on DAY", Both, After;
}

/// Which agencies can see a referral in a state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeenAt {
    /// The sender alone.
    Sender,
    /// Both.
    Both,
}

/// Where in its life a referral is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// It has not left yet.
    Before,
    /// From the relay to the help: somebody has to do something.
    Open,
    /// It has ended, in one of five ways.
    Final,
    /// Only its tombstone is left.
    After,
}

impl State {
    /// Whether the end of the referral's time ends it: nobody has decided yet, or it never left.
    #[must_use]
    pub const fn may_expire(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Failed | Self::Submitted | Self::Delivered | Self::Opened | Self::InfoRequested
        )
    }
}
