import Glibc
import NIOCore

/// A stream socket that listens. Any process that has a descriptor of it takes connections from the one queue.
struct ListeningSocket: Sendable {
    let descriptor: CInt

    /// Connections that wait to be accepted; the kernel cuts it to `net.core.somaxconn`.
    private static let backlog: CInt = 4096

    /// Takes over a descriptor, whoever has made it.
    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Binds and listens. The socket never blocks, from its first moment on: `O_NONBLOCK` belongs to the open file
    /// description (fcntl(2)), so that no process that shares it could change that for itself alone.
    ///
    /// - Throws: `IOError`.
    init(on address: SocketAddress) throws {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        descriptor = try Self.check(socket(address.protocol.rawValue, CInt(kind), 0), "socket")
        do {
            var yes: CInt = 1
            let size = socklen_t(MemoryLayout<CInt>.size)
            try Self.check(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size), "setsockopt")
            _ = try address.withSockAddr { try Self.check(bind(descriptor, $0, socklen_t($1)), "bind to \(address)") }
            try Self.check(listen(descriptor, Self.backlog), "listen on \(address)")
        } catch {
            close()
            throw error
        }
    }

    /// Where it listens, when that is a port.
    var address: SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        return withUnsafeBytes(of: storage) { bytes in
            switch CInt(storage.ss_family) {
            case AF_INET: SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
            case AF_INET6: SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
            default: nil
            }
        }
    }

    /// Whether it listens indeed.
    var isListening: Bool {
        var answer: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &length) == 0 && answer == 1
    }

    /// - Returns: the descriptor of a connection, or `nil` when nobody waits, or another process was quicker.
    /// - Throws: `IOError`, when the process or the machine is out of something.
    func accept() throws -> CInt? {
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            guard connection < 0 else { return connection }
            switch errno {
            case EAGAIN: return nil
            // What has become of one connection while it waited (accept(2)).
            case EINTR, ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                ENETUNREACH:
                continue
            default: throw IOError(errnoCode: errno, reason: "accept")
            }
        }
    }

    /// Gives up this process's descriptor. The socket lives as long as another process has one.
    func close() {
        Glibc.close(descriptor)
    }

    @discardableResult
    private static func check(_ result: CInt, _ what: String) throws -> CInt {
        guard result >= 0 else { throw IOError(errnoCode: errno, reason: what) }
        return result
    }
}
