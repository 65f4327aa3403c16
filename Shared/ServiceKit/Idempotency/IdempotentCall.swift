import Crypto
import FoundationEssentials
import Hummingbird

/// A POST that carries an `Idempotency-Key`.
struct IdempotentCall: Sendable {
    let key: String
    /// The user's id; empty for whoever has no token.
    let caller: String
    let route: String
    var bodySHA256: [UInt8]

    /// `nil` when the request carries no key, or its route's body is streamed.
    ///
    /// - Throws: 422 for a key that is empty or longer than 200 bytes.
    init?(_ request: Request, _ context: APIContext, route: Route) async throws {
        guard route.method == .post, case .buffered = route.body, let key = request.headers[.idempotencyKey] else {
            return nil
        }
        guard (1...200).contains(key.utf8.count) else {
            throw HTTPProblem.invalid("Idempotency-Key", "must have 1 to 200 characters")
        }
        self.key = key
        self.route = request.uri.string
        caller = context.caller?.userID.description ?? ""
        let body = try await request.body.collect(upTo: .max)
        bodySHA256 = Array(SHA256.hash(data: Data(body.readableBytesView)))
    }
}
