import Glibc
import NIOCore
import NIOPosix

/// Finds every address of a host name, so that each replica behind it is an endpoint of its own.
struct HostResolver: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var host: String
        var reason: String

        var description: String { "\(host): \(reason)" }
    }

    /// Asks the system, on a thread where waiting does no harm.
    ///
    /// - Throws: ``Failure`` for a name that isn't known.
    func addresses(of upstream: UpstreamAddress) async throws -> [SocketAddress] {
        if let address = try? SocketAddress(ipAddress: upstream.host, port: upstream.port) { return [address] }
        return try await NIOThreadPool.singleton.runIfActive { try lookUp(upstream) }
    }

    private func lookUp(_ upstream: UpstreamAddress) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(upstream.host, String(upstream.port), &hints, &list)
        guard result == 0 else {
            throw Failure(host: upstream.host, reason: gai_strerror(result).map { String(cString: $0) } ?? "\(result)")
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            defer { next = entry.pointee.ai_next }
            guard let address = SocketAddress(entry.pointee), !addresses.contains(address) else { continue }
            addresses.append(address)
        }
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
