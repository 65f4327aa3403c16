import Testing

/// Everything that only shows between real processes. One platform is started for all of it; suites run one after the
/// other, since some of them kill parts of it.
@Suite(.serialized, .onePlatform, .timeLimit(.minutes(2)))
enum EndToEnd {}
