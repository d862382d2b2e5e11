"""What happened, by the names of docs/PROTOCOL.md section 11: those of ETSI EN 319 522 where there is one, and Safeconduct's own."""

ETSI = "http://uri.etsi.org/19522/Event/"
OWN = "urn:safeconduct:event:"

SIGNED = OWN + "signed"
RELAY_ACCEPTED = ETSI + "SubmissionAcceptance"
DELIVERED = ETSI + "ContentHandover"
FAILURE = ETSI + "ContentHandoverFailure"
RELAY_EXPIRED = FAILURE + ", relay-expired"
REFUSED = FAILURE + ", refused"

DECLINED = 7
ACTS = {
    3: ETSI + "ContentAccessTracking",
    4: OWN + "info-requested",
    5: OWN + "info-provided",
    6: OWN + "accepted",
    DECLINED: OWN + "declined",
    8: OWN + "disclosure-raised",
    9: OWN + "disclosure-requested",
    10: OWN + "service-started",
    11: OWN + "escalated",
    12: OWN + "transfer-proposed",
    13: OWN + "transferred-onward",
    14: OWN + "closed",
    15: OWN + "withdrawn",
    16: OWN + "withdrawal-applied",
    17: OWN + "consent-changed",
    19: OWN + "reinstated",
    20: OWN + "override-notice",
    21: OWN + "override-reviewed",
    22: OWN + "erasure-certified",
    23: OWN + "reflection-set",
}


def of_act(act, by_node):
    """What an act is called: one that the node itself declined was refused by a rule."""
    return REFUSED if by_node and act == DECLINED else ACTS[act]
