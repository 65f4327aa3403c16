import Testing

@testable import ServiceKit

@Suite("The client's address")
struct TrustedProxiesTests {
    @Test(
        "is what a proxy of ours says",
        arguments: [
            "127.0.0.1", "10.1.2.3", "172.31.0.9", "192.168.1.1", "::1", "fd00::5", "fe80::1%eth0", "::ffff:10.1.2.3",
        ])
    func believesOwnProxies(peer: String) {
        #expect(TrustedProxies().clientAddress(peer: peer, forwardedFor: "203.0.113.9") == "203.0.113.9")
    }

    @Test("is the peer's own when that is a stranger", arguments: ["198.51.100.7", "172.32.0.1", "2001:db8::1"])
    func ignoresStrangers(peer: String) {
        #expect(TrustedProxies().clientAddress(peer: peer, forwardedFor: "203.0.113.9") == peer)
    }

    @Test("is the last entry, since the client may have written those before")
    func takesTheLastEntry() {
        let address = TrustedProxies().clientAddress(peer: "127.0.0.1", forwardedFor: "1.2.3.4, 203.0.113.9")
        #expect(address == "203.0.113.9")
    }

    @Test("is the peer's when the field holds no address", arguments: ["", "garbage", "1.2.3.4.5", "' OR 1=1", ","])
    func ignoresGarbage(field: String) {
        #expect(TrustedProxies().clientAddress(peer: "127.0.0.1", forwardedFor: field) == "127.0.0.1")
    }

    @Test("has one form however it is written")
    func isCanonical() {
        let proxies = TrustedProxies()
        #expect(proxies.clientAddress(peer: "::1", forwardedFor: "2001:DB8:0:0::0001") == "2001:db8::1")
        #expect(proxies.clientAddress(peer: "::1", forwardedFor: "::ffff:203.0.113.9") == "203.0.113.9")
        #expect(proxies.clientAddress(peer: nil, forwardedFor: nil) == "unknown")
    }

    @Test("can come from networks that the operator names")
    func believesNamedNetworks() throws {
        let proxies = try TrustedProxies("198.51.100.0/25, 2001:db8::/32")
        #expect(proxies.clientAddress(peer: "198.51.100.7", forwardedFor: "203.0.113.9") == "203.0.113.9")
        #expect(proxies.clientAddress(peer: "198.51.100.200", forwardedFor: "203.0.113.9") == "198.51.100.200")
        #expect(proxies.clientAddress(peer: "2001:db8:1::2", forwardedFor: "203.0.113.9") == "203.0.113.9")
    }

    @Test("can't come from what is no network", arguments: ["10.0.0.0/33", "here", "10.0.0.0/-1", "::/129"])
    func refusesNonsense(text: String) {
        #expect(throws: InvalidNetwork.self) { try TrustedProxies(text) }
    }
}
