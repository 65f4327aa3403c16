import ServiceKit
import WireProtocol

/// Makes sense of the lines of a bulk load.
struct BulkLineParser {
    enum Result {
        case line(BulkLine)
        case failure(BulkFailure)
    }

    private var languages: [String: LanguageTag] = [:]

    /// `nil` for a line of white space.
    mutating func parse(_ bytes: ArraySlice<UInt8>, number: Int) -> Result? {
        bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes)
            if reader.peek() == 0, reader.position == bytes.count { return nil }
            guard String(validating: bytes, as: UTF8.self) != nil else { return Self.failure(number, .notUTF8) }
            var fields = BulkFields()
            do throws(JSONFault) {
                try reader.object { reader, name throws(JSONFault) in try fields.read(name, from: &reader) }
                try reader.expectEnd()
            } catch {
                return Self.failure(number, error)
            }
            return line(fields, number: number)
        }
    }

    static func tooLong(_ number: Int, maximum: Int) -> BulkFailure {
        BulkFailure(line: number, errors: [FieldError(field: "line", message: "is longer than \(maximum) bytes")])
    }

    private static func failure(_ number: Int, _ fault: JSONFault) -> Result {
        .failure(BulkFailure(line: number, errors: [FieldError(field: "line", message: fault.message)]))
    }

    private mutating func line(_ fields: BulkFields, number: Int) -> Result {
        var errors = fields.errors
        let language = fields.language.flatMap { tag(for: $0) }
        if fields.language != nil, language == nil {
            errors.append(
                FieldError(field: "language", message: "must be a BCP 47 language tag, such as en or pt-BR"))
        }
        guard errors.isEmpty, let knowledgeID = fields.knowledgeID, let chapterID = fields.chapterID, let language,
            let contentType = fields.contentType, let title = fields.title, let body = fields.body
        else { return .failure(BulkFailure(line: number, errors: errors + fields.missing)) }
        let place = ContentPlace(
            knowledgeID: knowledgeID, chapterID: chapterID, language: language, contentType: contentType)
        var validation = Validation()
        validation.place(place)
        validation.texts(title: title, body: body)
        validation.schedule(fields.publishAt, status: fields.status ?? .draft)
        let kept = fields.format == .html && validation.errors.isEmpty ? HTMLSanitiser.sanitised(body) : body
        validation.keptBody(kept)
        guard validation.errors.isEmpty else {
            return .failure(BulkFailure(line: number, errors: validation.errors))
        }
        return .line(
            BulkLine(
                number: number, place: place, title: title, body: kept, format: fields.format,
                metadata: fields.metadata, status: fields.status, publishAt: fields.publishAt,
                clearsSchedule: fields.clearsSchedule))
    }

    /// A load has few languages and many lines.
    private mutating func tag(for text: String) -> LanguageTag? {
        if let known = languages[text] { return known }
        guard let tag = LanguageTag(text) else { return nil }
        if languages.count < 1_000 { languages[text] = tag }
        return tag
    }
}
