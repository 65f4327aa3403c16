import Glibc
import NIOCore
import NIOPosix

/// The public port as ``PortHolder`` has it, in another process.
struct HeldPort: Sendable {
    /// Why nothing can be accepted, and what to do about it.
    struct Unreachable: Error, CustomStringConvertible {
        var path: String
        var reason: String

        var description: String {
            "nobody holds the public port at \(path) (\(reason)): start `gateway hold-port` with the same PORT_HOLDER first, "
                + "or leave PORT_HOLDER empty"
        }
    }

    /// The holder's Unix socket.
    let path: String
    /// How long the holder may take to come up.
    var patience = Duration.seconds(5)

    private static let interval = Duration.milliseconds(100)

    /// Asks until the holder answers.
    ///
    /// - Returns: the socket, and the connection to the holder, which ends with it.
    /// - Throws: ``Unreachable`` after ``patience``; `CancellationError`.
    func take(on group: MultiThreadedEventLoopGroup) async throws -> (socket: ListeningSocket, holder: any Channel) {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                let (socket, connection) = try await NIOThreadPool.singleton.runIfActive { try ask() }
                do {
                    return (socket, try await ClientBootstrap(group: group).withConnectedSocket(connection).get())
                } catch {
                    socket.close()
                    throw error
                }
            } catch  where ContinuousClock.now < deadline {
                try await Task.sleep(for: Self.interval)
            } catch {
                throw Unreachable(path: path, reason: "\(error)")
            }
        }
    }

    /// Asks once; waits for little.
    ///
    /// - Returns: the socket, and the descriptor of the connection to the holder.
    /// - Throws: `IOError`; `SocketAddressError` for a path that is too long.
    func ask() throws -> (socket: ListeningSocket, connection: CInt) {
        let address = try SocketAddress(unixDomainSocketPath: path)
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        let connection = socket(AF_UNIX, CInt(kind), 0)
        guard connection >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        do {
            var limit = timeval(tv_sec: 2, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            let result = address.withSockAddr { connect(connection, $0, socklen_t($1)) }
            guard result == 0 else { throw IOError(errnoCode: errno, reason: "connect") }
            let socket = ListeningSocket(descriptor: try DescriptorPassing.receive(from: connection))
            guard socket.isListening else {
                socket.close()
                throw IOError(errnoCode: EINVAL, reason: "what came does not listen")
            }
            return (socket, connection)
        } catch {
            close(connection)
            throw error
        }
    }
}
