import Hummingbird
import Logging
import ServiceKit
import WireProtocol

/// The bytes: `/media/{id}/content`.
struct ContentRoutes: Sendable {
    let library: MediaLibrary
    let signedURLs: SignedURLs

    var routes: [Route] {
        [
            Route(.get, "/media/{id}/content", .anyone, produces: [], content),
            Route(.head, "/media/{id}/content", .anyone, produces: [], content),
        ]
    }

    @Sendable private func content(_ request: Request, _ context: APIContext) async throws -> Response {
        var query = QueryReader(request)
        let download = query.flag("download")
        try query.finish()
        let (item, isSigned) = try await item(request, context)
        let etag = ETag(item.file.sha256.hexadecimal).description
        var headers = headers(of: item, etag: etag, download: download, isSigned: isSigned)
        let conditions = ContentConditions(request.headers, method: request.method)
        switch conditions.outcome(etag: etag, lastModified: item.createdAt, size: item.file.size) {
        case .failed:
            throw HTTPProblem.preconditionFailed()
        case .notModified:
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        case .send(.unsatisfiable):
            throw HTTPProblem(
                .rangeNotSatisfiable, "The range lies beyond the file's \(item.file.size) bytes.",
                headers: [.contentRange: "bytes */\(item.file.size)"])
        case .send(.whole):
            return try await response(.ok, request, item, 0..<item.file.size, headers, context.logger)
        case .send(.part(let range)):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(item.file.size)"
            return try await response(.partialContent, request, item, range, headers, context.logger)
        }
    }

    /// A signed URL opens the file to whoever has it.
    private func item(_ request: Request, _ context: APIContext) async throws -> (MediaItem, isSigned: Bool) {
        let id: Identifier = try context.parameter("id")
        guard try signedURLs.verify(request, for: .get, "/media/\(id)/content") else {
            return (try await library.item(id, for: context.caller), false)
        }
        guard let item = try await library.catalogue.item(id) else { throw MediaError.notFound }
        return (item, true)
    }

    private func headers(of item: MediaItem, etag: String, download: Bool, isSigned: Bool) -> HTTPFields {
        let isShared = item.details.visibility == .public && item.status == .available && !isSigned
        var headers: HTTPFields = [
            .contentType: item.servedType,
            .eTag: etag,
            .lastModified: HTTPDate.text(of: item.createdAt),
            .acceptRanges: "bytes",
            .contentDisposition: item.disposition(download: download).description,
            .cacheControl: isShared ? "public, max-age=300" : "private, no-cache",
        ]
        if ContentTypes.isActive(item.file.contentType) {
            headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        }
        return headers
    }

    /// - Throws: ``ObjectStoreError`` when the bytes aren't there as the catalogue has them.
    private func response(
        _ status: HTTPResponse.Status, _ request: Request, _ item: MediaItem, _ range: Range<Int>,
        _ headers: HTTPFields, _ logger: Logger
    ) async throws -> Response {
        let objects = library.objects
        let key = item.file.key
        guard try await objects.size(of: key) == item.file.size else { throw ObjectStoreError.notFound(key) }
        if request.method == .head {
            var headers = headers
            headers[.contentLength] = String(range.count)
            return Response(status: status, headers: headers)
        }
        let body = ResponseBody(contentLength: range.count) { writer in
            do {
                if !range.isEmpty { try await objects.read(key, range) { try await writer.write($0) } }
                try await writer.finish(nil)
            } catch let error as ObjectStoreError {
                logger.error("a download was cut off", metadata: ["media": "\(item.id)", "error": "\(error)"])
                throw error
            }
        }
        return Response(status: status, headers: headers, body: body)
    }
}

extension MediaItem {
    /// Text is always UTF-8: no other is known for text.
    var servedType: String {
        file.contentType.hasPrefix("text/") ? file.contentType + "; charset=utf-8" : file.contentType
    }

    func disposition(download: Bool) -> ContentDisposition {
        let isInline = !download && ContentTypes.isShownInline(file.contentType)
        return ContentDisposition(kind: isInline ? .inline : .attachment, filename: details.filename)
    }
}
