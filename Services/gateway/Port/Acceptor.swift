import Dispatch
import Glibc
import Logging
import NIOCore

/// Accepts on a socket that other processes may accept on too, until it is told to stop.
///
/// SwiftNIO's server channel does not: it takes for granted, and asserts, that whoever is woken gets a connection, and when it is
/// closed it closes connections that it has accepted and not yet set up.
final class Acceptor: Sendable {
    /// Safe from every thread, as all objects of Dispatch are; its declaration does not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let ended: EventLoopFuture<Void>

    /// How long it leaves be what can't be accepted for want of descriptors or memory.
    private static let pause: useconds_t = 50_000

    /// - Parameters:
    ///   - socket: non-blocking; closed in the end.
    ///   - eventLoop: where the end is told.
    ///   - take: gets the descriptor of each connection; called on one thread at a time.
    init(
        _ socket: ListeningSocket, eventLoop: any EventLoop, logger: Logger,
        take: @escaping @Sendable (CInt) -> Void
    ) {
        let source = DispatchSource.makeReadSource(
            fileDescriptor: socket.descriptor, queue: DispatchQueue(label: "acceptor"))
        self.source = source
        let promise = eventLoop.makePromise(of: Void.self)
        ended = promise.futureResult
        source.setEventHandler {
            do {
                while !source.isCancelled, let connection = try socket.accept() { take(connection) }
            } catch {
                logger.warning("no connection can be accepted", metadata: ["error": "\(error)"])
                usleep(Self.pause)
            }
        }
        // Not before: what is watched belongs to the open file description (epoll(7)), which outlives this descriptor.
        source.setCancelHandler {
            socket.close()
            promise.succeed()
        }
        source.activate()
    }

    /// Returns when nothing more is accepted here. Whoever still waits in the queue stays there, as long as another process
    /// has the socket.
    func stop() async throws {
        source.cancel()
        try await ended.get()
    }
}
