import Hummingbird
import ServiceKit
import WireProtocol

extension CacheRule {
    init(for item: ContentItem) {
        self = item.fields.status == .published ? .everybody : .authors
    }
}

extension Response {
    /// One content item with its tag; 304 when the caller has it already.
    static func item(
        _ item: ContentItem, for request: Request, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.eTag] = item.etag.description
        headers[.contentLanguage] = item.fields.place.language.description
        headers[.cacheControl] = CacheRule(for: item).description
        if status == .ok, request.method == .get || request.method == .head, request.alreadyHas(item.etag) {
            return Response(status: .notModified, headers: headers)
        }
        var writer = JSONWriter(capacity: item.fields.body.utf8.count + 1_024)
        writer.item(item)
        return Response(writer, status: status, headers: headers)
    }

    /// Whatever `writer` has written.
    init(_ writer: JSONWriter, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: .init(byteBuffer: writer.buffer))
    }
}

extension ContentItem {
    /// Tells languages apart too, since one path can answer in several.
    var etag: ETag { ETag("\(id).\(version)") }
}
