import AsyncHTTPClient
import FoundationEssentials
import NIOCore

/// Reads JWK sets (RFC 7517 §5) from their URLs: each at most once in two seconds, however many ask.
actor KeySetReader {
    private static let largest = 1 << 20
    private static let patience = TimeAmount.seconds(2)
    private static let pause = Duration.seconds(2)

    private struct Reading {
        let began = ContinuousClock.now
        let result: Task<KeyRing, any Error>
    }

    private let client: HTTPClient
    private var readings: [String: Reading] = [:]

    init(client: HTTPClient) {
        self.client = client
    }

    /// What a reading found that began less than two seconds ago, or one that begins now.
    ///
    /// - Throws: ``UnexpectedAnswer``, `DecodingError`, or what kept the issuer from being reached.
    func keys(at url: String) async throws -> KeyRing {
        if let reading = readings[url], reading.began.duration(to: .now) < Self.pause {
            return try await reading.result.value
        }
        let reading = Reading(
            result: Task { [client] in
                let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.patience)
                guard response.status == .ok else {
                    throw UnexpectedAnswer(path: url, status: Int(response.status.code))
                }
                let body = try await response.body.collect(upTo: Self.largest)
                return try KeyRing(json: Data(body.readableBytesView))
            })
        readings[url] = reading
        return try await reading.result.value
    }
}
