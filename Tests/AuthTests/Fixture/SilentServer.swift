import NIOCore
import NIOPosix
import Testing

/// Runs `body` with the port of a server on loopback that takes connections and never says a word.
func withSilentServer(_ body: (_ port: Int) async throws -> Void) async throws {
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        try await body(try #require(server.localAddress?.port))
    } catch {
        try await server.close()
        throw error
    }
    try await server.close()
}
