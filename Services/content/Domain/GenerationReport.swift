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
}
