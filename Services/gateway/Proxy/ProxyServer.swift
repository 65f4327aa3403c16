import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The public port: the process's own, and besides the one that another process holds, when there is one.
struct ProxyServer: ServiceLifecycle.Service {
    let host: String
    let port: Int
    let held: HeldPort?
    let group: MultiThreadedEventLoopGroup
    let loops: ProxyLoops
    let pipeline: ClientPipeline
    /// Whether every service has been found. Until then nothing is accepted on a held port, where others serve as well.
    let isPrepared: @Sendable () -> Bool
    /// How long running requests may take once the process is to stop.
    let grace: Duration
    let state: ServerState
    let logger: Logger

    /// How long ``isPrepared`` is waited for. A service that is down must not keep the others from being served.
    private static let preparation = Duration.seconds(10)

    func run() async throws {
        let listener = try ListeningSocket(on: SocketAddress.makeAddressResolvingHost(host, port: port))
        let address = listener.address
        logger.info("listening", metadata: ["address": "\(address?.description ?? "")"])
        let own = accept(on: listener)
        do {
            if let held {
                try await cancelWhenGracefulShutdown { try await accept(on: held, ownAddress: address) }
            } else {
                state.open(address)
                try await gracefulShutdown()
            }
        } catch is CancellationError {
            logger.debug("told to stop")
        } catch {
            try await own.stop()
            throw error
        }
        state.drain()
        try await own.stop()
        try await drain()
    }

    /// Until the task is cancelled. When the holder ends it is asked for again: its successor has another socket.
    ///
    /// - Throws: ``HeldPort/Unreachable`` when there is none to begin with; `CancellationError`.
    private func accept(on held: HeldPort, ownAddress: SocketAddress?) async throws {
        try await prepare()
        var (socket, holder) = try await held.take(on: group)
        while true {
            let acceptor = accept(on: socket)
            state.open(ownAddress)
            try await end(of: holder)
            try await acceptor.stop()
            try Task.checkCancellation()
            state.interrupt()
            logger.warning("the holder of the public port has gone", metadata: ["path": "\(held.path)"])
            (socket, holder) = try await patiently(held)
        }
    }

    private func prepare() async throws {
        let deadline = ContinuousClock.now + Self.preparation
        while !isPrepared(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(50)) }
    }

    private func patiently(_ held: HeldPort) async throws -> (ListeningSocket, any Channel) {
        while true {
            do {
                return try await held.take(on: group)
            } catch let error as HeldPort.Unreachable {
                logger.error("nothing is served", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Waits for the end of a connection, or of this task, and then ends the connection.
    private func end(of channel: any Channel) async throws {
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func accept(on socket: ListeningSocket) -> Acceptor {
        Acceptor(socket, eventLoop: group.any(), logger: logger) { [group, pipeline, logger] connection in
            ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .channelOption(.writeBufferWaterMark, value: .init(low: 32 << 10, high: 64 << 10))
                .channelOption(.recvAllocator, value: ProxyLoop.receiveBuffers)
                .channelOption(.maxMessagesPerRead, value: 1)
                .channelInitializer { pipeline.set(up: $0) }
                .withConnectedSocket(connection)
                .whenFailure { logger.debug("a client went before it was served", metadata: ["error": "\($0)"]) }
        }
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
