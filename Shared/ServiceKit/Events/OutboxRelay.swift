public import AsyncHTTPClient
import FoundationEssentials
public import Logging
import NIOCore
public import Postgres
public import ServiceLifecycle
import WireProtocol

/// Brings the events of an outbox to one receiver: in order, at least once, however often either side is restarted.
///
/// One replica at a time relays to a target, by an advisory lock that its transaction holds; rows go only after the
/// receiver has acknowledged them. A receiver that is down, or refuses, is tried again with growing pauses. It has a
/// connection of its own: the transaction lasts as long as the receiver takes, and requests must not wait for that.
public struct OutboxRelay: Service {
    static let pollInterval: Duration = .milliseconds(250)
    static let longestPause: Duration = .seconds(15)

    private let target: String
    private let url: String
    private var database: PostgresOptions
    private let serviceTokens: ServiceTokens
    private let client: HTTPClient
    private let logger: Logger

    /// - Parameters:
    ///   - url: where the receiver listens, without a path.
    ///   - database: where the outbox is.
    public init(
        to target: String, at url: String, database: PostgresOptions, serviceTokens: ServiceTokens, client: HTTPClient,
        logger: Logger
    ) {
        self.target = target
        self.url = url
        self.database = database
        self.database.maximumConnections = 1
        self.serviceTokens = serviceTokens
        self.client = client
        self.logger = logger
    }

    public func run() async throws {
        try await PostgresClient.withClient(database, logger: logger) { database in
            await RecurringWork(
                whenFailing: "events for \(target) wait", retryAfter: Self.pollInterval...Self.longestPause,
                logger: logger
            ) {
                try await relayBatch(from: database) == EventBatch.limit ? .zero : Self.pollInterval
            }
            .run()
        }
    }

    /// Relays the oldest events; answers how many.
    func relayBatch(from database: PostgresClient) async throws -> Int {
        try await database.withTransaction { transaction in
            let lock = try await transaction.query(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('outbox/' || current_schema() || '/' || $1, 0)) AS held",
                [target])
            guard try lock.only?["held"] == true else { return 0 }
            let rows = try await transaction.query(
                """
                SELECT position, event::text AS event
                  FROM outbox
                 WHERE target = $1
                 ORDER BY position
                 LIMIT $2
                """, [target, EventBatch.limit])
            guard !rows.isEmpty else { return 0 }
            try await post(try rows.map { row in try row["event"] })
            try await transaction.query(
                "DELETE FROM outbox WHERE position = ANY ($1::bigint[])",
                [try rows.map { row -> Int in try row["position"] }])
            return rows.count
        }
    }

    /// The events go as they were written; they were encoded once, when they happened.
    private func post(_ events: [String]) async throws {
        var request = HTTPClientRequest(url: url + "/internal/events")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(try await serviceTokens.make())")
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: #"{"events":["# + events.joined(separator: ",") + "]}"))
        let response = try await client.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard response.status.code / 100 == 2 else {
            throw UnexpectedAnswer(path: "/internal/events", status: Int(response.status.code))
        }
    }
}
