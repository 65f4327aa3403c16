import Hummingbird
import ServiceKit

/// `POST /media`: a file in one request.
struct UploadRoutes: Sendable {
    let library: MediaLibrary

    var routes: [Route] {
        [Route(.post, "/media", .role(.teacher), body: .streamed, upload)]
    }

    @Sendable private func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        let start = ContinuousClock.now
        let owner = try context.requireCaller().userID
        let boundary = try boundary(of: request)
        let key = try idempotencyKey(of: request)
        try checkAnnouncedLength(of: request)
        var form = UploadForm(boundary: boundary, library: library)
        let (file, details) = try await form.read(IncomingBytes(body: request.body))
        let new = NewMedia(
            ownerID: owner, file: file, details: details, idempotencyKey: key, duration: start.duration(to: .now))
        let item = try await library.add(new).item
        return try .created(
            MediaRepresentation(item), at: item.location, headers: [.eTag: item.etag.description])
    }

    private func boundary(of request: Request) throws -> MultipartBoundary {
        let contentType = HeaderParameters(request.headers[.contentType] ?? "")
        guard contentType.value == "multipart/form-data" else {
            throw HTTPProblem.unsupportedMediaType("multipart/form-data")
        }
        guard let boundary = contentType["boundary"] else { throw MultipartFault.noBoundary }
        return try MultipartBoundary(boundary)
    }

    private func idempotencyKey(of request: Request) throws -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...200).contains(key.utf8.count) else {
            throw HTTPProblem.invalid("Idempotency-Key", "must have 1 to 200 characters")
        }
        return key
    }

    /// Refuses at once what can't fit.
    private func checkAnnouncedLength(of request: Request) throws {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else { return }
        guard length <= library.rules.maximumSize + UploadForm.overhead else {
            throw MediaError.tooLarge(limit: library.rules.maximumSize)
        }
    }
}
