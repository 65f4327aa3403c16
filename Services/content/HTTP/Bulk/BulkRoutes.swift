import Hummingbird
import ServiceKit
import WireProtocol

/// `POST /content/bulk`: any number of content items, one a line (NDJSON).
struct BulkRoutes: Sendable {
    /// Each holds two batches and a line.
    static let loadsAtOnce = 8

    let store: BulkStore
    /// Bytes of a body at most.
    let maximumBytes: Int

    var routes: [Route] {
        [Route(.post, "/content/bulk", .role(.teacher), body: .streamed, atOnce: Self.loadsAtOnce, load)]
    }

    @Sendable private func load(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let type = request.headers[.contentType].flatMap(MediaType.init(from:)),
            type.description == "application/x-ndjson"
        else { throw HTTPProblem.unsupportedMediaType("application/x-ndjson") }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > maximumBytes {
            throw HTTPProblem.contentTooLarge(limit: maximumBytes)
        }
        let key = request.headers[.idempotencyKey]
        guard key.map({ (1...200).contains($0.utf8.count) }) ?? true else {
            throw HTTPProblem.invalid("Idempotency-Key", "must have 1 to 200 characters")
        }
        let load = BulkLoad(
            store: store, author: try context.requireCaller().userID, key: key, maximumBytes: maximumBytes)
        let report = try await load.run(request.body)
        return try .json(report)
    }
}
