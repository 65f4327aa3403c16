import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The public port.
struct ProxyServer: ServiceLifecycle.Service {
    let host: String
    let port: Int
    let group: MultiThreadedEventLoopGroup
    let loops: ProxyLoops
    let pipeline: ClientPipeline
    /// How long running requests may take once the process is to stop.
    let grace: Duration
    let state: ServerState
    let logger: Logger

    func run() async throws {
        let listener = try await bind()
        logger.info("listening", metadata: ["address": "\(listener.localAddress?.description ?? "")"])
        state.open(listener.localAddress)
        do {
            try await gracefulShutdown()
        } catch is CancellationError {
            logger.warning("cancelled")
        }
        state.drain()
        try await listener.close()
        try await drain()
    }

    /// - Throws: what keeps the address from being bound.
    private func bind() async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 64 << 10))
            .childChannelOption(.recvAllocator, value: ProxyLoop.receiveBuffers)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { [pipeline] channel in pipeline.set(up: channel) }
            .bind(host: host, port: port).get()
    }

    /// Lets what runs come to its end, each connection with `Connection: close`, and cuts what takes too long.
    private func drain() async throws {
        loops.tell { $0.drain() }
        let deadline = ContinuousClock.now + grace
        while try await loops.ask({ $0.connectionCount }).contains(where: { $0 > 0 }), ContinuousClock.now < deadline {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                break
            }
        }
        loops.tell { $0.closeAll() }
    }
}
