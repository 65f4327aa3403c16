import Glibc

/// A port on loopback that listens, and where no further connection is ever made: its queue is full, so that the system
/// lets new ones wait.
struct DeafSocket {
    struct Failure: Error {
        var call: String
        var code = errno
    }

    let port: UInt16
    private var descriptors: [CInt] = []

    init() throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let listener = try Self.socket()
        descriptors.append(listener)
        try Self.check("bind", Self.withAddress(&address) { bind(listener, $0, $1) })
        try Self.check("listen", listen(listener, 0))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try Self.check(
            "getsockname",
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
            })
        port = UInt16(bigEndian: address.sin_port)
        for _ in 0..<4 {
            let client = try Self.socket()
            descriptors.append(client)
            // Those that find no place stay under way.
            _ = Self.withAddress(&address) { connect(client, $0, $1) }
        }
    }

    func close() {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }

    private static func socket() throws -> CInt {
        let descriptor = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        try check("socket", descriptor)
        return descriptor
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func check(_ call: String, _ result: CInt) throws {
        guard result >= 0 else { throw Failure(call: call) }
    }
}
