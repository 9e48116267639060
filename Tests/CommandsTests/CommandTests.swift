import Testing

/// What commands do, one after the other with one database.
@Suite(.serialized, .database) struct CommandTests {}
