import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
public import Postgres
import WireProtocol

/// Gives the first answer again to a POST that repeats its `Idempotency-Key`, for 24 hours.
///
/// The key is taken before the handler runs and holds for ``lease``, so that two requests with one key that come at
/// once run once: the later gets 409. Answers of 5xx are not kept; the key is free again.
public struct IdempotencyStore: Sendable {
    static let lease: Duration = .seconds(60)

    private enum Claim {
        case taken
        case answered(Response)
    }

    private let database: PostgresClient
    private let seal: AnswerSeal?

    /// - Parameter seal: for bodies that nobody may read who can read the database.
    public init(_ database: PostgresClient, seal: AnswerSeal? = nil) {
        self.database = database
        self.seal = seal
    }

    func answer(_ call: IdempotentCall, _ handler: () async throws -> Response) async throws -> Response {
        var call = call
        if let seal { call.bodySHA256 = seal.digest(call.bodySHA256) }
        if case .answered(let response) = try await claim(call) { return response }
        do {
            let response = try await handler()
            guard response.status.kind != .serverError else { throw HTTPProblem.internalError() }
            return try await keep(response, of: call)
        } catch {
            try await release(call)
            throw error
        }
    }

    /// Deletes what is older than 24 hours.
    func deleteExpired() async throws {
        try await database.query(
            """
            DELETE FROM idempotency_keys
             WHERE created_at < now() - interval '24 hours'
            """)
    }

    private func claim(_ call: IdempotentCall) async throws -> Claim {
        let claimed = try await database.query(
            """
            INSERT INTO idempotency_keys AS k (key, caller, route, body_sha256, locked_until)
            VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
                ON CONFLICT (caller, route, key) DO UPDATE
               SET body_sha256 = excluded.body_sha256, status = NULL, headers = NULL, body = NULL,
                   created_at = now(), locked_until = excluded.locked_until
             WHERE k.created_at < now() - interval '24 hours'
                OR (k.status IS NULL AND k.locked_until < now())
            RETURNING key
            """, [call.key, call.caller, call.route, call.bodySHA256, Self.lease.seconds])
        if claimed.only != nil { return .taken }
        let known = try await database.query(
            """
            SELECT body_sha256, status, headers::text AS headers, body
              FROM idempotency_keys
             WHERE caller = $1
               AND route = $2
               AND key = $3
            """, [call.caller, call.route, call.key])
        guard let row = known.only else { return try await claim(call) }
        guard try row["body_sha256"] == call.bodySHA256 else {
            throw HTTPProblem.invalid("Idempotency-Key", "was used for another body; take a new key")
        }
        guard let status: Int = try row["status"] else {
            throw HTTPProblem(
                .conflict, "The first request with this Idempotency-Key is still in work. Try again shortly.",
                headers: [.retryAfter: "1"])
        }
        return .answered(try response(status: status, row))
    }

    private func keep(_ response: Response, of call: IdempotentCall) async throws -> Response {
        let body = try await ResponseBytes.collect(response.body)
        let bytes = Array(body.readableBytesView)
        let headers = Dictionary(
            response.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $0 + ", " + $1 })
        try await database.query(
            """
            UPDATE idempotency_keys
               SET status = $4, headers = $5::jsonb, body = $6
             WHERE caller = $1
               AND route = $2
               AND key = $3
            """,
            [
                call.caller, call.route, call.key, response.status.code,
                String(decoding: try WireJSON.encode(headers), as: UTF8.self), try seal?.seal(bytes) ?? bytes,
            ])
        return Response(status: response.status, headers: response.headers, body: .init(byteBuffer: body))
    }

    private func release(_ call: IdempotentCall) async throws {
        try await database.query(
            """
            DELETE FROM idempotency_keys
             WHERE caller = $1
               AND route = $2
               AND key = $3
               AND status IS NULL
            """, [call.caller, call.route, call.key])
    }

    private func response(status: Int, _ row: PostgresRow) throws -> Response {
        let text: String = try row["headers"]
        let kept: [UInt8] = try row["body"]
        let body = try seal?.open(kept) ?? kept
        var headers = HTTPFields()
        for (name, value) in try WireJSON.decode([String: String].self, from: Data(text.utf8)) {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// Collects what a response would write.
private struct ResponseBytes: ResponseBodyWriter {
    private final class Box: Sendable {
        let bytes = NIOLockedValueBox(ByteBuffer())
    }

    private let box = Box()

    static func collect(_ body: ResponseBody) async throws -> ByteBuffer {
        let writer = ResponseBytes()
        try await body.write(writer)
        return writer.box.bytes.withLockedValue { $0 }
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        box.bytes.withLockedValue { _ = $0.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
