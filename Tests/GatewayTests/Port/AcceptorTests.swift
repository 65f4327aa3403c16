import Glibc
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

/// Several that accept from one queue.
@Suite struct AcceptorTests {
    private static let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let logger = Logger(label: "acceptor", factory: { _ in SwiftLogNoOpLogHandler() })

    private static func acceptor(
        _ socket: ListeningSocket, _ take: @escaping @Sendable (CInt) -> Void
    ) -> Acceptor {
        Acceptor(socket, eventLoop: loop, logger: logger, take: take)
    }

    private static func listen() throws -> ListeningSocket {
        try ListeningSocket(on: SocketAddress(ipAddress: "127.0.0.1", port: 0))
    }

    /// - Returns: whether it is connected; it goes on being so until it is closed.
    private static func connect(to socket: ListeningSocket) async throws -> any Channel {
        try await ClientBootstrap(group: loop).connect(to: #require(socket.address)).get()
    }

    @Test func eachConnectionIsTakenOnceWhoeverIsQuicker() async throws {
        let socket = try Self.listen()
        let taken = NIOLockedValueBox([0, 0])
        let acceptors = [0, 1].map { number in
            Self.acceptor(ListeningSocket(descriptor: dup(socket.descriptor))) { connection in
                taken.withLockedValue { $0[number] += 1 }
                close(connection)
            }
        }
        for _ in 0..<200 { try await Self.connect(to: socket).closeFuture.get() }
        try await eventually { taken.withLockedValue { $0.reduce(0, +) } == 200 }
        for acceptor in acceptors { try await acceptor.stop() }
        socket.close()
    }

    @Test func whoWaitsWhenOneStopsIsTakenByTheNext() async throws {
        let socket = try Self.listen()
        let first = NIOLockedValueBox(0)
        let acceptor = Self.acceptor(ListeningSocket(descriptor: dup(socket.descriptor))) { connection in
            first.withLockedValue { $0 += 1 }
            close(connection)
        }
        try await Self.connect(to: socket).closeFuture.get()
        try await eventually { first.withLockedValue { $0 } == 1 }
        try await acceptor.stop()
        let waiting = try await Self.connect(to: socket)
        let second = NIOLockedValueBox(0)
        let next = Self.acceptor(ListeningSocket(descriptor: dup(socket.descriptor))) { connection in
            second.withLockedValue { $0 += 1 }
            close(connection)
        }
        try await waiting.closeFuture.get()
        #expect(first.withLockedValue { $0 } == 1)
        #expect(second.withLockedValue { $0 } == 1)
        try await next.stop()
        socket.close()
    }

    @Test func theLastOneThatStopsClosesThePort() async throws {
        let socket = try Self.listen()
        let address = try #require(socket.address)
        let acceptor = Self.acceptor(socket) { close($0) }
        try await acceptor.stop()
        await #expect(throws: (any Error).self) {
            try await ClientBootstrap(group: Self.loop).connect(to: address).get()
        }
    }

    @Test func theSocketNeverBlocks() throws {
        let socket = try Self.listen()
        #expect(try socket.accept() == nil)
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        socket.close()
    }
}
