import Testing

@testable import Gateway

@Suite struct UpstreamAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8081", "127.0.0.1", 8081), ("http://content", "content", 80),
        ("http://content.lyceum:81/", "content.lyceum", 81), ("http://[::1]:82", "::1", 82),
    ])
    func anAddressIsRead(_ url: Substring, _ host: String, _ port: Int) throws {
        let address = try #require(UpstreamAddress(url: url))
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: [
        "", "content:80", "https://content", "http://", "http://a:b", "http://a:0", "http://a:70000", "http://a/b",
        "http://u@a",
    ])
    func anythingElseIsRefused(_ url: Substring) {
        #expect(UpstreamAddress(url: url) == nil)
    }
}
