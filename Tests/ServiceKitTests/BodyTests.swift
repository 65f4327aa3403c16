import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing
import WireProtocol

@Suite("A body")
struct BodyTests {
    private func post(_ body: String, _ contentType: String = "application/json") async throws -> TestResponse {
        let fixture = try await Fixture()
        var headers = HTTPFields.bearer(try await fixture.tokens.token(.teacher))
        headers[.contentType] = contentType
        return try await fixture.application().test(.router) { [headers] client in
            try await client.post("/notes", body, headers)
        }
    }

    @Test("that is not JSON gets 400", arguments: ["", "{", "{\"text\":}", "\u{0}", "nonsense"])
    func broken(body: String) async throws {
        #expect(try await post(body).status == .badRequest)
    }

    @Test("that nests too deep gets 400")
    func deep() async throws {
        let body = String(repeating: "[", count: 450) + String(repeating: "]", count: 450)
        #expect(try await post(#"{"text":"a","count":1,"more":\#(body)}"#).status.code < 500)
        let tooDeep = String(repeating: "[", count: 990)
        #expect(try await post(tooDeep).status == .badRequest)
    }

    @Test(
        "with a wrong field gets 422 and the field's name",
        arguments: [
            (#"{"count":1}"#, "text"), (#"{"text":"a"}"#, "count"), (#"{"text":1,"count":1}"#, "text"),
            (#"{"text":"a","count":"1"}"#, "count"), (#"{"text":"a","count":1.5}"#, "body"),
            (#"{"text":null,"count":1}"#, "text"), ("[]", "body"),
        ])
    func invalid(body: String, field: String) async throws {
        let response = try await post(body)
        #expect(response.status == .unprocessableContent)
        #expect(try response.problem().errors?.map(\.field) == [field])
    }

    @Test("of another type gets 415", arguments: ["text/plain", "application/xml", "nonsense"])
    func mediaType(type: String) async throws {
        #expect(try await post(#"{"text":"a","count":1}"#, type).status == .unsupportedMediaType)
    }

    @Test("beyond the limit gets 413")
    func large() async throws {
        let text = String(repeating: "x", count: 1_001)
        #expect(try await post(#"{"text":"\#(text)","count":1}"#).status == .contentTooLarge)
    }
}

@Suite("A resource")
struct ResourceTests {
    @Test("is not sent again to who has it")
    func notModified() async throws {
        try await Fixture().application().test(.router) { client async throws in
            let first = try await client.get("/notes/7")
            #expect(first.headers[.eTag] == "\"7\"")
            for tag in ["\"7\"", "W/\"7\"", "\"1\", \"7\"", "*"] {
                let again = try await client.get("/notes/7", [.ifNoneMatch: tag])
                #expect(again.status == .notModified, "\(tag)")
                #expect(again.body.readableBytes == 0)
            }
            #expect(try await client.get("/notes/7", [.ifNoneMatch: "\"8\""]).status == .ok)
        }
    }

    @Test("is changed only by who names its tag")
    func preconditions() async throws {
        try await Fixture().application().test(.router) { client async throws in
            #expect(try await client.execute(uri: "/notes/7", method: .put).status == .preconditionRequired)
            let stale = try await client.execute(uri: "/notes/7", method: .put, headers: [.ifMatch: "\"6\""])
            #expect(stale.status == .preconditionFailed)
            let weak = try await client.execute(uri: "/notes/7", method: .put, headers: [.ifMatch: "W/\"7\""])
            #expect(weak.status == .preconditionFailed)
            let right = try await client.execute(uri: "/notes/7", method: .put, headers: [.ifMatch: "\"7\""])
            #expect(right.status == .noContent)
        }
    }

    @Test("with an id that can't be is not there", arguments: ["abc", "1.5", "99999999999999999999", "%00"])
    func malformedID(id: String) async throws {
        try await Fixture().application().test(.router) { client async throws in
            #expect(try await client.get("/notes/\(id)").status == .notFound)
        }
    }
}
