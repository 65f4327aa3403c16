import Glibc
import Logging
import NIOCore

/// Keeps the public port open while gateways come and go: it listens and never accepts, and passes the listening socket to
/// whoever connects to a Unix socket. Connections that come while no gateway runs wait in the kernel's queue.
struct PortHolder {
    /// What is in the way of the Unix socket.
    struct Occupied: Error, CustomStringConvertible {
        var description: String
    }

    private let port: ListeningSocket
    private let door: ListeningSocket
    private let logger: Logger

    /// Gateways at once; more of them wait.
    private static let mostClients = 256

    /// - Throws: `IOError` when the port or the Unix socket can't be bound; ``Occupied``.
    init(port address: SocketAddress, path: String, logger: Logger) throws {
        door = try Self.door(at: path)
        do {
            port = try ListeningSocket(on: address)
        } catch {
            door.close()
            throw error
        }
        self.logger = logger
    }

    var address: SocketAddress? { port.address }

    private static func door(at path: String) throws -> ListeningSocket {
        let address = try SocketAddress(unixDomainSocketPath: path)
        do {
            return try ListeningSocket(on: address)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            try removeStale(path)
            return try ListeningSocket(on: address)
        }
    }

    /// A process that was killed leaves its socket behind, and nobody answers there.
    private static func removeStale(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            throw Occupied(description: "\(path) is there, and no socket")
        }
        do {
            let (socket, connection) = try HeldPort(path: path).ask()
            socket.close()
            close(connection)
        } catch {
            unlink(path)
            return
        }
        throw Occupied(description: "another process holds a port at \(path)")
    }

    /// Serves for as long as the process lives. A client stays connected, and so learns when the holder ends.
    ///
    /// - Throws: `IOError` when it can't wait for clients.
    func run() throws -> Never {
        var clients: [pollfd] = []
        while true {
            let mayCome = clients.count < Self.mostClients
            var watched = clients + [Self.watch(door.descriptor, for: mayCome ? POLLIN : 0)]
            guard poll(&watched, nfds_t(watched.count), -1) >= 0 || errno == EINTR else {
                throw IOError(errnoCode: errno, reason: "poll")
            }
            let isCalled = watched.removeLast().revents != 0
            // They have nothing to say: whatever comes is their end.
            for client in watched where client.revents != 0 { close(client.fd) }
            clients = watched.filter { $0.revents == 0 }
            if isCalled, let client = greet() { clients.append(Self.watch(client, for: POLLIN)) }
        }
    }

    private static func watch(_ descriptor: CInt, for events: CInt) -> pollfd {
        pollfd(fd: descriptor, events: Int16(events), revents: 0)
    }

    /// - Returns: the descriptor of a client that has got the port.
    private func greet() -> CInt? {
        do {
            guard let client = try door.accept() else { return nil }
            do {
                try DescriptorPassing.send(port.descriptor, over: client)
            } catch {
                close(client)
                throw error
            }
            return client
        } catch {
            logger.warning("a client got nothing", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
