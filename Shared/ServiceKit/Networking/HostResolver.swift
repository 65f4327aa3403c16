import Glibc
public import NIOCore
import NIOPosix
import Synchronization

/// Finds every address of a host name, so that each machine behind it can be asked by itself.
///
/// A name is looked up by one thread at a time: while the system gives no answer, which takes half a minute where no name
/// server answers, those who ask again wait for the same answer and do not line up.
public final class HostResolver: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        var host: String
        var reason: String

        public var description: String { "\(host): \(reason)" }
    }

    struct Name: Hashable, Sendable {
        var host: String
        var port: Int
    }

    private let lookUp: @Sendable (Name) throws -> [SocketAddress]
    private let underWay = Mutex<[Name: EventLoopFuture<[SocketAddress]>]>([:])

    /// Asks the system.
    public convenience init() {
        self.init(lookUp: Self.askSystem)
    }

    /// - Parameter lookUp: may block.
    init(lookUp: @escaping @Sendable (Name) throws -> [SocketAddress]) {
        self.lookUp = lookUp
    }

    /// - Returns: at least one address, or ``Failure`` for a name that isn't known.
    public func addresses(of host: String, port: Int, on loop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        if let address = try? SocketAddress(ipAddress: host, port: port) { return loop.makeSucceededFuture([address]) }
        let name = Name(host: host, port: port)
        let (lookup, isNew) = underWay.withLock { underWay in
            if let lookup = underWay[name] { return (lookup, false) }
            let lookup = NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [lookUp] in try lookUp(name) }
            underWay[name] = lookup
            return (lookup, true)
        }
        if isNew {
            lookup.whenComplete { _ in self.underWay.withLock { $0[name] = nil } }
        }
        return lookup.hop(to: loop)
    }

    private static func askSystem(_ name: Name) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(name.host, String(name.port), &hints, &list)
        guard result == 0 else {
            throw Failure(host: name.host, reason: gai_strerror(result).map { String(cString: $0) } ?? "\(result)")
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            defer { next = entry.pointee.ai_next }
            guard let address = SocketAddress(entry.pointee), !addresses.contains(address) else { continue }
            addresses.append(address)
        }
        guard !addresses.isEmpty else { throw Failure(host: name.host, reason: "it has no address") }
        return addresses
    }
}

extension SocketAddress {
    fileprivate init?(_ entry: addrinfo) {
        guard let address = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6:
            self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        default: return nil
        }
    }
}
