public import HTTPTypes
public import Hummingbird

/// A strong entity tag (RFC 9110 §8.8.3).
public struct ETag: Sendable, Hashable, CustomStringConvertible {
    /// With its quotes, as in the header field.
    public let description: String

    /// - Parameter value: visible ASCII without quotes, such as a version number or a checksum.
    public init(_ value: some CustomStringConvertible) {
        description = "\"\(value)\""
    }

    /// Whether a field of tags, such as If-Match's, names this one or `*`. Weak tags match only where that is said
    /// (RFC 9110 §8.8.3.2).
    func isListed(in field: String, weakly: Bool) -> Bool {
        field.split(separator: ",").contains { entry in
            let tag = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            if tag == "*" || tag == description { return true }
            return weakly && tag.hasPrefix("W/") && tag.dropFirst(2) == description
        }
    }
}

extension Request {
    /// For PUT, PATCH and DELETE: the change is meant for what has this tag.
    ///
    /// - Throws: 428 without `If-Match`, 412 when it names another tag.
    public func requireMatch(_ etag: ETag) throws {
        guard let field = headers[.ifMatch] else { throw HTTPProblem.preconditionRequired() }
        guard etag.isListed(in: field, weakly: false) else { throw HTTPProblem.preconditionFailed() }
    }

    /// For GET and HEAD: whether the caller has this state already, so that 304 is the answer (RFC 9110 §13.1.2).
    public func alreadyHas(_ etag: ETag) -> Bool {
        headers[.ifNoneMatch].map { etag.isListed(in: $0, weakly: true) } ?? false
    }
}

extension Response {
    /// One resource with its tag: 304 without body when the caller has it already.
    public static func resource(
        _ value: some Encodable, etag: ETag, for request: Request, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.eTag] = etag.description
        if request.alreadyHas(etag) { return Response(status: .notModified, headers: headers) }
        return try json(value, headers: headers)
    }
}
