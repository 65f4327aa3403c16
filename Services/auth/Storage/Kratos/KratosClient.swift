import AsyncHTTPClient
import FoundationEssentials
import Logging
import Metrics
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import WireProtocol

/// Calls an Ory Kratos. What waits for it is bounded in number and time, so that one that is down or slow takes nothing
/// else along.
final class KratosClient: Sendable {
    /// Bytes of an answer. A page of identities has most.
    static let answerLimit = 16 << 20

    enum Side {
        case open, admin
    }

    let address: KratosAddress
    private let http: HTTPClient
    private let limit: Int
    private let timeout: Duration
    private let logger: Logger
    private let running = NIOLockedValueBox(0)

    /// - Parameters:
    ///   - limit: how many calls may run at once.
    ///   - timeout: within which each ends.
    init(
        _ address: KratosAddress, limit: Int = 64, timeout: Duration = .seconds(5), http: HTTPClient = .shared,
        logger: Logger
    ) {
        self.address = address
        self.limit = limit
        self.timeout = timeout
        self.http = http
        self.logger = logger
    }

    /// API flows need no anti-CSRF token, and are refused with a cookie or an Origin: none is ever sent.
    ///
    /// - Parameters:
    ///   - path: with its query, which has no need of escapes.
    ///   - session: a Kratos session token.
    /// - Throws: ``AuthError/busy`` when too many calls run, or Kratos has too many; ``AuthError/identityServerDown``
    ///   when it does not answer in time, or with 5xx.
    func call(
        _ method: HTTPMethod, _ side: Side, _ path: String, session: String? = nil, body: JSONValue? = nil
    ) async throws -> KratosAnswer {
        try enter()
        defer { running.withLockedValue { $0 -= 1 } }
        var request = HTTPClientRequest(url: (side == .open ? address.open : address.admin) + path)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        if let session { request.headers.add(name: "x-session-token", value: session) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try WireJSON.encode(body)))
        }
        let answer = try await answer(to: request)
        Counter(label: "auth_kratos_calls_total", dimensions: [("status", String(answer.status))]).increment()
        if answer.status == 429 { throw AuthError.busy }
        if answer.status >= 500 { throw unexpected(answer, "\(method.rawValue) \(path)") }
        return answer
    }

    /// - Throws: ``AuthError/identityServerDown`` when the answer has another form than it should.
    func read<Value: Decodable>(_ type: Value.Type, from answer: KratosAnswer, _ what: String) throws -> Value {
        do {
            return try answer.decode(type)
        } catch {
            throw unexpected(answer, what)
        }
    }

    /// For an answer that Kratos should not have given, which only an operator can do something about.
    func unexpected(_ answer: KratosAnswer, _ what: String) -> AuthError {
        logger.error(
            "Kratos answered in a way that can't be used",
            metadata: [
                "call": .string(String(what.prefix { $0 != "?" })), "status": .stringConvertible(answer.status),
                "reason": .string(answer.reason),
            ])
        return .identityServerDown
    }

    private func enter() throws {
        let isAdmitted = running.withLockedValue { running in
            guard running < limit else { return false }
            running += 1
            return true
        }
        guard isAdmitted else { throw AuthError.busy }
    }

    private func answer(to request: HTTPClientRequest) async throws -> KratosAnswer {
        do {
            let response = try await http.execute(request, timeout: TimeAmount(timeout))
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return KratosAnswer(
                status: Int(response.status.code), headers: response.headers, body: Data(body.readableBytesView))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning("Kratos can't be reached", metadata: ["error": "\(error)"])
            Counter(label: "auth_kratos_calls_total", dimensions: [("status", "none")]).increment()
            throw AuthError.identityServerDown
        }
    }
}
