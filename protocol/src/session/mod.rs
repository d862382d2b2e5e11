//! Sans-IO state machines of both ends of a session.
