import HTTPTypes
import Hummingbird
import Testing

@testable import ServiceKit

@Suite("The methods that a path answers to")
struct RouteTableTests {
    private static let table = RouteTable(
        [
            (.get, "/media"), (.post, "/media"), (.get, "/media/{id}"), (.delete, "/media/{id}"),
            (.post, "/media/uploads"), (.head, "/media/{id}/content"), (.get, "/media/{id}/content"),
        ].map { (method: HTTPRequest.Method, path: String) in
            Route(method, path, .anyone) { _, _ in Response(status: .ok) }
        })

    @Test(
        "are those of the routes that the router would take it to",
        arguments: [
            ("/media", [.get, .head, .post]), ("/media/7", [.get, .head, .delete]), ("/media/uploads", [.post]),
            ("/media/7/content", [.head, .get]), ("/media/7/other", []), ("/", []),
        ] as [(String, [HTTPRequest.Method])])
    func methods(_ path: String, _ methods: [HTTPRequest.Method]) {
        #expect(Self.table.methods(at: path) == methods)
    }
}
