/// Who may see a file beside its owner, teachers and admins.
enum Visibility: String, Sendable, Codable, CaseIterable {
    /// Nobody else.
    case `private`
    /// Whoever is logged in.
    case authenticated
    /// Anyone.
    case `public`
}
