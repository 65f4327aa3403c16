import FoundationEssentials
import WireProtocol

/// What an author decides about a content item.
struct ContentFields: Sendable {
    var place: ContentPlace
    var title: String
    var body: String
    var format: ContentFormat
    var metadata: JSONObjectText
    var status: ContentStatus
    /// When a draft is published for all readers, or was, if nothing has noted it in the status yet; `nil` for what is no
    /// draft, and for one that waits for its author.
    var publishAt: Date?
}

/// A text of a chapter in one language: a lesson, a quiz, a summary.
struct ContentItem: Sendable {
    let id: Int
    var fields: ContentFields
    /// Counts the changes, from 1.
    let version: Int
    let createdBy: Identifier
    let createdAt: Date
    let updatedAt: Date
}
