import NIOCore

/// Requests that are sent at once, and the promise of all their answers.
struct BoltExchange: Sendable {
    let requests: [BoltRequest]
    let answers: EventLoopPromise<[BoltAnswer]>
}

/// What came back for one request.
struct BoltAnswer: Sendable, Equatable {
    var records: [[BoltValue]] = []
    var metadata: BoltMap = [:]

    /// Whether the server holds more records of the result.
    var hasMore: Bool { metadata["has_more"] == .bool(true) }
}
