import FoundationEssentials
import ServiceKit
import WireProtocol

/// The body of `POST /analytics/events`.
struct LearningEventBatch: Decodable {
    struct Item: Decodable {
        var id: Identifier
        var type: String
        var knowledgeID: Int
        var chapterID: String
        var language: LanguageTag?
        var seconds: Double?
        var occurredAt: Date?

        enum CodingKeys: String, CodingKey {
            case id, type, language, seconds
            case knowledgeID = "knowledge_id"
            case chapterID = "chapter_id"
            case occurredAt = "occurred_at"
        }
    }

    var events: [Item]

    /// - Parameter now: when events without a time happened.
    /// - Throws: 422 with every fault, as `events.3.seconds`.
    func learningEvents(now: Date) throws -> [LearningEvent] {
        guard events.count <= LearningEvent.batchLimit else {
            throw HTTPProblem.invalid("events", "must have at most \(LearningEvent.batchLimit) events")
        }
        var faults: [FieldError] = []
        let learningEvents = events.enumerated().compactMap { index, item in
            item.learningEvent(now: now) { field, message in
                faults.append(FieldError(field: "events.\(index).\(field.stringValue)", message: message))
            }
        }
        guard faults.isEmpty else { throw HTTPProblem.invalid(faults) }
        return learningEvents
    }
}

extension LearningEventBatch.Item {
    /// `nil` only after something was refused.
    fileprivate func learningEvent(now: Date, refuse: (CodingKeys, String) -> Void) -> LearningEvent? {
        let kind = LearningEvent.Kind(rawValue: type)
        let occurredAt = occurredAt ?? now
        if kind == nil {
            refuse(.type, "must be one of \(LearningEvent.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if !KnowledgeID.range.contains(knowledgeID) { refuse(.knowledgeID, KnowledgeID.rule) }
        if !ChapterID.isValid(chapterID) { refuse(.chapterID, ChapterID.rule) }
        if let seconds, !LearningEvent.seconds.contains(seconds) { refuse(.seconds, "must be from 0 to 86400") }
        if kind == .timeSpent, seconds == nil { refuse(.seconds, "is needed for time_spent") }
        if occurredAt < LearningEvent.earliest { refuse(.occurredAt, "must not be before the year 2000") }
        if occurredAt > now + LearningEvent.clockTolerance {
            refuse(.occurredAt, "must not be more than 5 minutes in the future")
        }
        return kind.map {
            LearningEvent(
                id: id.rawValue, kind: $0, knowledgeID: knowledgeID, chapterID: chapterID, language: language,
                seconds: seconds, occurredAt: occurredAt)
        }
    }
}
