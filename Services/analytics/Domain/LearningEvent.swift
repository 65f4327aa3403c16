import FoundationEssentials
import WireProtocol

/// Something that a learner did in a chapter.
struct LearningEvent: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable {
        case view, completion
        case timeSpent = "time_spent"
    }

    /// Most that one call may bring.
    static let batchLimit = 1_000
    /// A day: nobody spends longer on a chapter without an event.
    static let seconds: ClosedRange<Double> = 0...86_400
    /// 1 January 2000: what claims to be older comes from a clock that was never set.
    static let earliest = Date(timeIntervalSince1970: 946_684_800)
    /// Seconds by which a client's clock may be ahead.
    static let clockTolerance: Double = 300

    /// Chosen by the client; the same id counts once, for ever.
    var id: UUID
    var kind: Kind
    var knowledgeID: Int
    var chapterID: String
    var language: LanguageTag?
    /// Always there for `timeSpent`; kept but not counted for other kinds.
    var seconds: Double?
    var occurredAt: Date
}
