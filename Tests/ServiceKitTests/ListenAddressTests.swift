import ServiceKit
import Testing

@Suite("An address to listen on")
struct ListenAddressTests {
    @Test(
        "is reached from the same host",
        arguments: [
            ("127.0.0.1", "http://127.0.0.1:8081"), ("0.0.0.0", "http://127.0.0.1:8081"), ("::", "http://[::1]:8081"),
            ("fd00::7", "http://[fd00::7]:8081"), ("content", "http://content:8081"),
        ])
    func urlFromHere(host: String, url: String) {
        #expect(ListenAddress(host: host, port: 8081).urlFromHere == url)
    }
}
