import Testing

@testable import Content

@Suite("GRAPH_URL")
struct BoltURLTests {
    @Test("all parts are read")
    func parts() throws {
        let url = try BoltURL("bolt://ada:p%40ss%3Aword@graph.example.org:7688/lyceum")
        #expect(url.address == BoltAddress(host: "graph.example.org", port: 7_688))
        #expect(url.credentials == BoltURL.Credentials(user: "ada", password: "p@ss:word"))
        #expect(url.database == "lyceum" && !url.isRouted && url.encryption == .none && url.routingContext.isEmpty)
        let bare = try BoltURL("neo4j+s://[::1]?policy=eu&region=north")
        #expect(bare.address == BoltAddress(host: "::1", port: 7_687) && bare.address.description == "[::1]:7687")
        #expect(bare.credentials == nil && bare.database == nil && bare.isRouted && bare.encryption == .verified)
        #expect(bare.routingContext == ["policy": "eu", "region": "north"])
    }

    @Test(
        "the scheme says whether to route and to encrypt",
        arguments: [
            ("bolt", false, BoltURL.Encryption.none), ("bolt+s", false, .verified), ("bolt+ssc", false, .unverified),
            ("neo4j", true, .none), ("neo4j+s", true, .verified), ("neo4j+ssc", true, .unverified),
        ])
    func scheme(name: String, isRouted: Bool, encryption: BoltURL.Encryption) throws {
        let url = try BoltURL("\(name)://a:b@host")
        #expect(url.isRouted == isRouted && url.encryption == encryption)
    }

    @Test(
        "what is wrong is named, without the password",
        arguments: [
            ("http://a:hush@host", "must start with"), ("bolt+x://a:hush@host", "must start with"),
            ("bolt://a:hush@", "no host"), ("bolt://a:hush@host:0", "port"), ("bolt://a:hush@host:70000", "port"),
            ("bolt://a@host", "no password"), ("bolt://:hush@host", "no user"),
            ("bolt://a:hush@host/a/b", "one database"), ("bolt://a:hush@host#x", "fragment"),
            ("bolt://a:hush@host?x=1", "only with neo4j"), ("neo4j://a:hush@host?x=1&x=2", "twice"),
        ])
    func faults(text: String, word: String) {
        let fault = #expect(throws: BoltURL.Fault.self) { try BoltURL(text) }
        #expect(fault?.description.contains(word) == true, "\(String(describing: fault))")
        #expect(fault?.description.contains("hush") == false)
    }

    @Test(
        "addresses in routing tables have a host, and a port or not",
        arguments: [
            ("host:7688", BoltAddress(host: "host", port: 7_688)), ("host", BoltAddress(host: "host", port: 7_687)),
            ("[::1]:1", BoltAddress(host: "::1", port: 1)), ("[::1]", BoltAddress(host: "::1", port: 7_687)),
            ("", nil), ("host:", nil), ("host:x", nil), ("host:0", nil), ("host:65536", nil), (":7687", nil),
            ("[::1", nil), ("h\u{F6}st:7687", nil), ("host:\u{301}7687", nil),
        ])
    func address(text: String, address: BoltAddress?) {
        #expect(BoltAddress(text) == address)
    }
}
