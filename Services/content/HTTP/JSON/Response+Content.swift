import FoundationEssentials
import Hummingbird
import ServiceKit
import WireProtocol

/// What a reader can have beside the text as it was written.
enum Rendering: String, CaseIterable {
    case html
}

extension Response {
    /// One content item with its tag.
    ///
    /// - Parameter rendering: what the answer has beside the item as it was written.
    /// - Throws: ``ContentError/markdownIsNotRendered``.
    static func item(
        _ item: ContentItem, status: HTTPResponse.Status = .ok, rendering: Rendering? = nil, headers: HTTPFields = [:]
    ) throws -> Response {
        let html = try rendering.map { _ in try item.fields.rendered() }
        var writer = JSONWriter(capacity: item.fields.body.utf8.count + (html?.utf8.count ?? 0) + 1_024)
        writer.item(item, html: html)
        return Response(writer, status: status, headers: item.head.fields(rendering, beside: headers))
    }

    /// 304 when the caller has the item already (RFC 9110 §13.2.2).
    ///
    /// - Parameter mayBeAnother: whether the path can have answered with another item before, from which only the tag tells
    ///   this one.
    static func notModified(
        _ head: ContentHead, for request: Request, _ rendering: Rendering?, mayBeAnother: Bool = false,
        headers: HTTPFields = [:]
    ) -> Response? {
        let isKnown =
            if request.headers[.ifNoneMatch] != nil {
                request.alreadyHas(head.etag(rendering))
            } else {
                !mayBeAnother && request.headers[.ifModifiedSince].flatMap(HTTPDate.parse).map(head.isOf) ?? false
            }
        return isKnown ? Response(status: .notModified, headers: head.fields(rendering, beside: headers)) : nil
    }

    /// Whatever `writer` has written.
    init(_ writer: JSONWriter, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: .init(byteBuffer: writer.buffer))
    }
}

extension Request {
    /// Whether the caller names a state that it has.
    var isConditional: Bool { headers[.ifNoneMatch] != nil || headers[.ifModifiedSince] != nil }
}

extension ContentItem {
    var etag: ETag { head.etag() }
}

extension ContentHead {
    /// Tells languages apart too, since one path can answer in several, and a draft from what its schedule makes of it.
    func etag(_ rendering: Rendering? = nil) -> ETag {
        ETag(String(id), String(version), publishedAt.map { _ in "published" }, createdBy.erasure, rendering?.rawValue)
    }

    /// In whole seconds, of which no two states have the same; `nil` for what is not published, and while it is still to
    /// come (RFC 9110 §8.8.2.1).
    private var lastModified: Date? {
        let time = Date(
            timeIntervalSince1970: max(updatedAt, publishedAt ?? updatedAt).timeIntervalSince1970.rounded(.down))
        return status == .published && time.timeIntervalSinceNow <= 0 ? time : nil
    }

    /// Whether this is the state that was told to be of `time`: an older one can come after a newer one, since the
    /// schedule of a text may name a time that is past.
    fileprivate func isOf(_ time: Date) -> Bool { lastModified == time }

    fileprivate func fields(_ rendering: Rendering?, beside others: HTTPFields) -> HTTPFields {
        var fields = others
        fields[.eTag] = etag(rendering).description
        fields[.contentLanguage] = language.description
        fields[.cacheControl] = (status == .published ? CacheRule.everybody : .authors).description
        fields[.lastModified] = lastModified.map(HTTPDate.text)
        return fields
    }
}
