import Hummingbird
import WireProtocol

/// `POST /internal/events`: where an ``OutboxRelay`` brings what other services tell.
public struct IncomingEvents: Sendable {
    /// Far above a batch of events whose texts are as long as content lets them be: a batch that is refused would keep
    /// all later ones waiting.
    static let bodyLimit = 64 << 20

    private let sink: any EventSink

    public init(sink: any EventSink) {
        self.sink = sink
    }

    public var routes: [Route] {
        [Route(.post, "/internal/events", .service, body: .buffered(limit: Self.bodyLimit), receive)]
    }

    @Sendable private func receive(_ request: Request, _ context: APIContext) async throws -> Response {
        let batch = try await request.decode(EventBatch.self)
        guard batch.events.count <= EventBatch.limit else {
            throw HTTPProblem.invalid("events", "must have at most \(EventBatch.limit) events")
        }
        return try .json(try await sink.receive(batch.events))
    }
}
