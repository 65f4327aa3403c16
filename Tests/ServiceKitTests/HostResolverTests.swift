import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Looking up the addresses of a host")
struct HostResolverTests {
    @Test("an address is itself, and a name all that the system knows")
    func system() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let resolver = HostResolver()
        for host in ["127.0.0.1", "::1"] {
            let found = try await resolver.addresses(of: host, port: 80, on: loop).get()
            #expect(found == [try SocketAddress(ipAddress: host, port: 80)])
        }
        let local = try await resolver.addresses(of: "localhost", port: 80, on: loop).get()
        #expect(!local.isEmpty && local.allSatisfy { $0.port == 80 })
    }

    @Test("while a name is being looked up, all who ask for it wait for that, and the next look is a new one")
    func once() async throws {
        let (gate, looks) = (DispatchSemaphore(value: 0), Looks())
        let address = try SocketAddress(ipAddress: "192.0.2.1", port: 7)
        let resolver = HostResolver { _ in
            looks.count.withLock { $0 += 1 }
            gate.wait()
            return [address]
        }
        let group = MultiThreadedEventLoopGroup.singleton
        let asked = (0..<50).map { _ in resolver.addresses(of: "slow.test", port: 7, on: group.next()) }
        gate.signal()
        for answer in asked { #expect(try await answer.get() == [address]) }
        #expect(looks.count.withLock { $0 } == 1)
        gate.signal()
        _ = try await resolver.addresses(of: "slow.test", port: 7, on: group.next()).get()
        #expect(looks.count.withLock { $0 } == 2)
    }

    private final class Looks: Sendable {
        let count = Mutex(0)
    }
}
