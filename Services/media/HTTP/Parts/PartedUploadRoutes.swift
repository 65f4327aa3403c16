import Hummingbird
import ServiceKit
import WireProtocol

/// Uploads that survive a broken connection: `/media/uploads`.
struct PartedUploadRoutes: Sendable {
    let desk: PartedUploadDesk
    let signedURLs: SignedURLs

    var routes: [Route] {
        [
            Route(.post, "/media/uploads", .role(.teacher), begin),
            Route(.get, "/media/uploads/{id}", .role(.teacher), get),
            Route(.delete, "/media/uploads/{id}", .role(.teacher), abort),
            Route(.put, "/media/uploads/{id}/parts/{number}", .anyone, body: .streamed, produces: [], putPart),
            Route(.post, "/media/uploads/{id}/complete", .role(.teacher), complete),
        ]
    }

    @Sendable private func begin(_ request: Request, _ context: APIContext) async throws -> Response {
        let start: UploadStart = try await request.decode()
        let upload = try start.upload(
            ownedBy: try context.requireCaller().userID, allowedTypes: desk.library.rules.allowedTypes)
        try await desk.begin(upload)
        return try .created(await representation(upload, received: [], request), at: location(of: upload))
    }

    /// Which parts are still to be sent, with fresh URLs.
    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let upload = try await upload(context)
        guard upload.isOpen() else { throw MediaError.notFound }
        return try .json(await representation(upload, received: try await desk.received(upload), request))
    }

    @Sendable private func abort(_ request: Request, _ context: APIContext) async throws -> Response {
        try await desk.abort(try await upload(context))
        return .noContent
    }

    @Sendable private func putPart(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: Identifier = try context.parameter("id")
        let number: Int = try context.parameter("number")
        guard try signedURLs.verify(request, for: .put, path(ofPart: number, of: id)) else {
            throw MediaError.badSignature
        }
        try await desk.takePart(number, of: id, IncomingBytes(body: request.body))
        return Response(status: .noContent)
    }

    @Sendable private func complete(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await desk.complete(try await upload(context))
        return try .created(
            MediaRepresentation(item), at: item.location, headers: [.eTag: item.etag.description])
    }

    private func upload(_ context: APIContext) async throws -> PartedUpload {
        try await desk.upload(try context.parameter("id"), for: try context.requireCaller())
    }

    private func representation(_ upload: PartedUpload, received: Set<Int>, _ request: Request) async throws
        -> UploadRepresentation
    {
        var parts: [UploadRepresentation.Part] = []
        for number in 1...upload.partCount {
            let direct = try await desk.library.objects.directURL(
                for: .putPart(upload.key, number: number), until: upload.expiresAt)
            let url =
                direct
                ?? signedURLs.url(
                    for: .put, path(ofPart: number, of: upload.id), until: upload.expiresAt, asked: request)
            parts.append(
                .init(
                    number: number, url: url, size: upload.length(ofPart: number) ?? 0,
                    received: received.contains(number)))
        }
        return UploadRepresentation(id: upload.id, parts: parts, expires_at: upload.expiresAt)
    }

    private func location(of upload: PartedUpload) -> String { "/media/uploads/\(upload.id)" }

    private func path(ofPart number: Int, of id: Identifier) -> String {
        "/media/uploads/\(id)/parts/\(number)"
    }
}
