import FoundationEssentials
import WireProtocol

/// What one line of a bulk load says, as far as it is of the right types. Members that are not known are ignored.
struct BulkFields {
    private(set) var knowledgeID: Int?
    private(set) var chapterID: String?
    private(set) var language: String?
    private(set) var contentType: String?
    private(set) var title: String?
    private(set) var body: String?
    private(set) var format: ContentFormat?
    private(set) var metadata: JSONObjectText?
    private(set) var status: ContentStatus?
    private(set) var publishAt: Date?
    private(set) var clearsSchedule = false
    private(set) var errors: [FieldError] = []

    /// What must be there and is not, unless ``errors`` tells of it already.
    var missing: [FieldError] {
        let required: [(field: String, isThere: Bool)] = [
            ("knowledge_id", knowledgeID != nil), ("chapter_id", chapterID != nil), ("language", language != nil),
            ("content_type", contentType != nil), ("title", title != nil), ("body", body != nil),
        ]
        return required.filter { entry in !entry.isThere && !errors.contains { $0.field == entry.field } }
            .map { FieldError(field: $0.field, message: "is missing") }
    }

    mutating func read(_ name: String, from reader: inout JSONReader) throws(JSONFault) {
        switch name {
        case "knowledge_id": knowledgeID = try integer(name, &reader)
        case "chapter_id": chapterID = try string(name, &reader)
        case "language": language = try string(name, &reader)
        case "content_type": contentType = try string(name, &reader)
        case "title": title = try string(name, &reader)
        case "body": body = try string(name, &reader)
        case "format": format = try choice(name, &reader)
        case "status": status = try choice(name, &reader)
        case "publish_at":
            clearsSchedule = reader.peek() == UInt8(ascii: "n")
            publishAt = try time(name, &reader)
        case "metadata": metadata = try object(name, &reader)
        default: try reader.skipValue()
        }
    }

    private mutating func string(_ field: String, _ reader: inout JSONReader) throws(JSONFault) -> String? {
        guard reader.peek() == UInt8(ascii: "\"") else { return try refuse(field, "must be a string", &reader) }
        return try reader.string()
    }

    private mutating func integer(_ field: String, _ reader: inout JSONReader) throws(JSONFault) -> Int? {
        _ = reader.peek()
        let start = reader.position
        try reader.skipValue()
        let text = String(decoding: reader.bytes[start..<reader.position], as: UTF8.self)
        guard let value = Int(text) else {
            errors.append(FieldError(field: field, message: "must be a whole number"))
            return nil
        }
        return value
    }

    /// `null` is as good as absent.
    private mutating func choice<Value: Choice>(
        _ field: String, _ reader: inout JSONReader
    ) throws(JSONFault) -> Value? {
        if reader.peek() == UInt8(ascii: "n") {
            try reader.skipValue()
            return nil
        }
        guard let text = try string(field, &reader) else { return nil }
        guard let value = Value(rawValue: text) else {
            errors.append(FieldError(field: field, message: Value.expectation))
            return nil
        }
        return value
    }

    private mutating func time(_ field: String, _ reader: inout JSONReader) throws(JSONFault) -> Date? {
        if reader.peek() == UInt8(ascii: "n") {
            try reader.skipValue()
            return nil
        }
        guard let text = try string(field, &reader) else { return nil }
        guard let time = Timestamp.parse(text) else {
            errors.append(FieldError(field: field, message: "must be a time as in RFC 3339"))
            return nil
        }
        return time
    }

    private mutating func object(
        _ field: String, _ reader: inout JSONReader
    ) throws(JSONFault) -> JSONObjectText? {
        switch reader.peek() {
        case UInt8(ascii: "n"):
            try reader.skipValue()
            return nil
        case UInt8(ascii: "{"):
            let start = reader.position
            try reader.skipValue()
            let text = String(decoding: reader.bytes[start..<reader.position], as: UTF8.self)
            guard let fault = JSONObjectText.fault(in: text) else { return JSONObjectText(text: text) }
            errors.append(FieldError(field: field, message: fault))
            return nil
        default: return try refuse(field, "must be an object", &reader)
        }
    }

    private mutating func refuse<Value>(
        _ field: String, _ message: String, _ reader: inout JSONReader
    ) throws(JSONFault) -> Value? {
        let isNull = reader.peek() == UInt8(ascii: "n")
        try reader.skipValue()
        errors.append(FieldError(field: field, message: isNull ? "must not be null" : message))
        return nil
    }
}
