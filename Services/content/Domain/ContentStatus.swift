/// Where a content item is in its life.
enum ContentStatus: String, Choice {
    case draft, generating, published, failed, archived

    /// What it can become. To stay what it is counts as no transition and is always allowed.
    var successors: Set<ContentStatus> {
        switch self {
        case .draft: [.generating, .published, .archived]
        case .generating: [.draft, .published, .failed]
        case .published: [.draft, .generating, .archived]
        case .failed: [.draft, .generating, .published, .archived]
        case .archived: [.draft, .published]
        }
    }

    func canBecome(_ next: ContentStatus) -> Bool {
        next == self || successors.contains(next)
    }

    /// - Throws: ``ContentError/refusedTransition(from:to:)``.
    func checkTransition(to next: ContentStatus) throws {
        guard canBecome(next) else { throw ContentError.refusedTransition(from: self, to: next) }
    }
}
