import FoundationEssentials
import ServiceKit
import WireProtocol

extension Validation {
    /// What a client says of a content item must fit into `edtech_content`.
    mutating func content(_ fields: ContentFields) {
        place(fields.place)
        texts(title: fields.title, body: fields.body)
        schedule(fields.publishAt, status: fields.status)
    }

    mutating func place(_ place: ContentPlace) {
        check((1...Int(Int32.max)).contains(place.knowledgeID), "knowledge_id", "names no knowledge item")
        chapterID(place.chapterID)
        name(place.contentType, "content_type")
    }

    mutating func texts(title: String, body: String) {
        text(title, "title", in: 1...500)
        check(!body.utf8.contains(0), "body", "must not contain the character U+0000")
    }

    /// - Parameter body: made safe.
    mutating func keptBody(_ body: String) {
        if let fault = ContentFields.fault(inKept: body) { check(false, fault.field, fault.message) }
    }

    mutating func schedule(_ publishAt: Date?, status: ContentStatus) {
        check(publishAt == nil || status == .draft, "publish_at", "goes with status draft only")
    }

    mutating func chapterID(_ id: String) {
        name(id, "chapter_id")
    }

    /// What stands in a path as one segment.
    mutating func name(_ value: String, _ field: String) {
        text(value, field, in: 1...50)
        check(!value.utf8.contains(UInt8(ascii: "/")), field, "must not contain a slash")
    }
}
