import FoundationEssentials
import HTTPTypes
import ServiceKit

/// What a request for a file makes depend on the state that the caller knows (RFC 9110 §13).
struct ContentConditions {
    enum Outcome: Hashable {
        /// 412
        case failed
        /// 304
        case notModified
        case send(ByteRange)
    }

    private let headers: HTTPFields
    private let isGet: Bool

    init(_ headers: HTTPFields, method: HTTPRequest.Method) {
        self.headers = headers
        isGet = method == .get
    }

    /// In the order of precedence of RFC 9110 §13.2.2. A range counts for GET only (§14.2).
    ///
    /// - Parameters:
    ///   - etag: the file's strong entity tag, with its quotes.
    ///   - lastModified: compared to the second.
    func outcome(etag: String, lastModified: Date, size: Int) -> Outcome {
        let modified = Date(timeIntervalSince1970: lastModified.timeIntervalSince1970.rounded(.down))
        if let field = headers[.ifMatch] {
            if !Self.lists(field, etag, weakly: false) { return .failed }
        } else if let date = headers[.ifUnmodifiedSince].flatMap(HTTPDate.parse), modified > date {
            return .failed
        }
        if let field = headers[.ifNoneMatch] {
            if Self.lists(field, etag, weakly: true) { return .notModified }
        } else if let date = headers[.ifModifiedSince].flatMap(HTTPDate.parse), modified <= date {
            return .notModified
        }
        guard isGet, rangeStillFits(etag: etag, modified: modified) else { return .send(.whole) }
        return .send(ByteRange(headers[.range], size: size))
    }

    /// `If-Range`: the part is of use only to who has the rest of this very file (RFC 9110 §13.1.5).
    private func rangeStillFits(etag: String, modified: Date) -> Bool {
        guard let field = headers[.ifRange] else { return true }
        return field.contains("\"") ? field == etag : HTTPDate.parse(field) == modified
    }

    private static func lists(_ field: String, _ etag: String, weakly: Bool) -> Bool {
        field.split(separator: ",").contains { entry in
            let tag = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return tag == "*" || tag == etag || (weakly && tag.hasPrefix("W/") && tag.dropFirst(2) == etag)
        }
    }
}
