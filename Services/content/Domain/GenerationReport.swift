/// How a generator fared with one content item.
struct GenerationReport: Sendable {
    enum Outcome: String, Choice {
        case generating, published, failed

        var status: ContentStatus {
            switch self {
            case .generating: .generating
            case .published: .published
            case .failed: .failed
            }
        }
    }

    let outcome: Outcome
    /// Seconds.
    let generationTime: Double?
    let errorMessage: String?

    /// - Parameter status: of the item that the report is about.
    /// - Throws: ``ContentError/refusedTransition(from:to:)`` for what is archived: somebody has put it away since.
    func check(about status: ContentStatus) throws {
        guard status != .archived else {
            throw ContentError.refusedTransition(from: status, to: outcome.status)
        }
    }
}
