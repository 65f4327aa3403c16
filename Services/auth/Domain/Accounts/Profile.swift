import WireProtocol

/// What owners say of themselves.
struct Profile: Sendable, Equatable {
    var displayName: String?
    /// The language that they read.
    var locale: LanguageTag?
}

extension User {
    var profile: Profile { Profile(displayName: displayName, locale: locale) }
}
