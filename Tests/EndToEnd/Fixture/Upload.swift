import AsyncHTTPClient
import Foundation
import NIOCore

/// A file on its way to `POST /media`.
struct Upload: Sendable {
    private static let boundary = "lyceum-end-to-end"

    private let head: Data
    private let file: Data
    private let tail = Data("\r\n--\(boundary)--\r\n".utf8)

    init(_ file: Data, name: String, visibility: String) {
        self.file = file
        head = Data(
            """
            --\(Self.boundary)\r
            Content-Disposition: form-data; name="visibility"\r
            \r
            \(visibility)\r
            --\(Self.boundary)\r
            Content-Disposition: form-data; name="file"; filename="\(name)"\r
            Content-Type: image/png\r
            \r\n
            """.utf8)
    }

    /// Something that begins as PNG does (PNG specification §5.2) and goes on without repeating itself soon.
    static func picture(bytes count: Int) -> Data {
        let signature: [UInt8] = [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
        ]
        let rest = (signature.count..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        return Data(signature + rest)
    }

    /// Sends it; `pause` is awaited when half of the file is on its way.
    func send(by client: APIClient, pause: @escaping @Sendable () async throws -> Void = {}) async throws -> Answer {
        let half = file.count / 2
        let pieces = [head + file.prefix(half), file.dropFirst(half) + tail]
        return try await client.call(
            .POST, "/media", ["content-type": "multipart/form-data; boundary=\(Self.boundary)"],
            .paused(pieces, pause: pause))
    }
}

extension HTTPClientRequest.Body {
    /// A body of known length; `pause` is awaited before the last piece.
    static func paused(_ pieces: [Data], pause: @escaping @Sendable () async throws -> Void) -> Self {
        let body = PausedBody(pieces: pieces, pause: pause)
        return .stream(body, length: .known(Int64(pieces.reduce(0) { $0 + $1.count })))
    }
}

private struct PausedBody: AsyncSequence, Sendable {
    let pieces: [Data]
    let pause: @Sendable () async throws -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: ArraySlice<Data>
        let pause: @Sendable () async throws -> Void

        mutating func next() async throws -> ByteBuffer? {
            if pieces.count == 1 { try await pause() }
            return pieces.popFirst().map { ByteBuffer(bytes: $0) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pieces: pieces[...], pause: pause)
    }
}
