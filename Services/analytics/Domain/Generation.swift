import FoundationEssentials
import WireProtocol

/// How the generation of one piece of content fared.
struct GenerationRecord: Sendable, Hashable {
    var knowledgeID: Int
    var contentType: String
    var language: LanguageTag
    /// Seconds; `nil` when the generator did not say.
    var generationTime: Double?
    var success: Bool
    var errorMessage: String?
}

/// A record as it was kept.
struct StoredGeneration: Sendable, Hashable {
    var id: Int
    var record: GenerationRecord
    var createdAt: Date
}

/// Figures over some generations.
struct GenerationFigures: Sendable, Equatable {
    var count = 0
    var succeeded = 0
    /// Seconds, over all records that tell a time; `nil` without any.
    var median: Double?
    var p95: Double?
    var mean: Double?

    var failed: Int { count - succeeded }
    var successRate: Double? { share(succeeded, of: count) }
}

struct GenerationFailure: Sendable, Equatable {
    /// `nil` gathers the failures without a message.
    var message: String?
    var count: Int
    var lastAt: Date
}

struct GenerationReport: Sendable, Equatable {
    struct Group: Sendable, Equatable {
        /// A content type, or a language.
        var key: String
        var figures: GenerationFigures
    }

    /// Kinds of failure that a report names at most: the most frequent.
    static let failureLimit = 20

    var knowledgeID: Int
    var totals: GenerationFigures
    var byContentType: [Group]
    var byLanguage: [Group]
    var failures: [GenerationFailure]
}
