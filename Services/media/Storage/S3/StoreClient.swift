import AsyncHTTPClient
import NIOCore
import ServiceLifecycle

/// The connections to the object store. They are the store's own, and many: each download holds one for as long as its
/// reader takes.
struct StoreClient: Service {
    /// Bytes read at once. Each piece of a download wakes the task that passes it on: a quarter as often as with NIO's 64 KiB.
    private static let piece = 256 << 10

    let http: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(60)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        // Answers are passed on as they are, piece by piece, and checked as HTTP/1.1 has them.
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.piece))
        }
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func run() async throws {
        // Cancellation ends it like a shutdown.
        try? await gracefulShutdown()
        try await http.shutdown()
    }

    /// Without a service group: connections for as long as `body` takes.
    static func run(_ body: (StoreClient) async throws -> Void) async throws {
        let client = StoreClient()
        do {
            try await body(client)
        } catch {
            try await client.http.shutdown()
            throw error
        }
        try await client.http.shutdown()
    }
}
