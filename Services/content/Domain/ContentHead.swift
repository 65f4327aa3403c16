import FoundationEssentials
import WireProtocol

/// What of a content item decides whether a reader has it already: all but its texts.
struct ContentHead: Sendable, Equatable {
    let id: Int
    let language: LanguageTag
    let status: ContentStatus
    let version: Int
    let createdBy: Identifier
    let updatedAt: Date
    /// When the schedule has published this very version; `nil` where it was published by a change, or not at all.
    let publishedAt: Date?
}

extension ContentItem {
    var head: ContentHead {
        ContentHead(
            id: id, language: fields.place.language, status: fields.status, version: version, createdBy: createdBy,
            updatedAt: updatedAt, publishedAt: fields.status == .published ? fields.publishAt : nil)
    }
}
