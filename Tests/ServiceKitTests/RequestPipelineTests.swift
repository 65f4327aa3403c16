import Hummingbird
import HummingbirdTesting
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@Suite("Every request")
struct RequestPipelineTests {
    @Test("needs the token that its route asks for")
    func access() async throws {
        let fixture = try await Fixture()
        let student = try await fixture.tokens.token(.student)
        let teacher = try await fixture.tokens.token(.teacher)
        let service = try await fixture.tokens.serviceToken()
        let note = #"{"text":"a","count":1}"#
        try await fixture.application().test(.router) { client async throws in
            #expect(try await client.get("/open").text == #"{"role":"nobody"}"#)
            #expect(try await client.get("/open", .bearer(student)).text == #"{"role":"student"}"#)
            #expect(try await client.get("/mine").status == .unauthorized)
            #expect(try await client.get("/mine").headers[.wwwAuthenticate] == "Bearer")
            #expect(try await client.get("/mine", .bearer(student)).status == .ok)
            #expect(try await client.post("/notes", note).status == .unauthorized)
            #expect(try await client.post("/notes", note, .bearer(student)).status == .forbidden)
            #expect(try await client.post("/notes", note, .bearer(teacher)).status == .created)
            #expect(try await client.post("/internal/ping", "{}").status == .unauthorized)
            #expect(try await client.post("/internal/ping", "{}", .bearer(teacher)).status == .unauthorized)
            #expect(try await client.post("/internal/ping", "{}", .bearer(service)).status == .noContent)
            #expect(try await client.get("/mine", .bearer(service)).status == .unauthorized)
        }
    }

    @Test("with a bad token is refused even where none is needed", arguments: ["Bearer x.y.z", "Basic dTpw", "Bearer"])
    func badToken(authorization: String) async throws {
        try await Fixture().application().test(.router) { client async throws in
            let response = try await client.get("/open", [.authorization: authorization])
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
        }
    }

    @Test("that fails gets a problem document with its id")
    func problem() async throws {
        try await Fixture().application().test(.router) { client async throws in
            let response = try await client.get("/nowhere", [.xRequestID: "r-1"])
            #expect(response.status == .notFound)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.xRequestID] == "r-1")
            #expect(try response.problem().requestID == "r-1")
        }
    }

    @Test("keeps an id that is fit for a log, and gets a new one otherwise", arguments: ["", "a b", "ü", "a/b"])
    func requestID(sent: String) async throws {
        try await Fixture().application().test(.router) { client async throws in
            let given = try #require(try await client.get("/open", [.xRequestID: sent]).headers[.xRequestID])
            #expect(given != sent)
            #expect(given.count == 32)
        }
    }

    @Test("by a wrong method is told the right ones")
    func method() async throws {
        try await Fixture().application().test(.router) { client async throws in
            let response = try await client.execute(uri: "/notes/1", method: .delete)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD, PUT")
        }
    }

    @Test("that breaks something here tells nothing of it")
    func internalError() async throws {
        try await Fixture().application().test(.router) { client async throws in
            let response = try await client.get("/broken")
            #expect(response.status == .internalServerError)
            #expect(!response.text.contains("SELECT"))
        }
    }

    @Test("is refused when it accepts nothing that the route gives")
    func accept() async throws {
        try await Fixture().application().test(.router) { client async throws in
            for field in ["text/html", "application/json;q=0", "application/json;q=0, */*", "image/*, text/*"] {
                #expect(try await client.get("/open", [.accept: field]).status == .notAcceptable, "\(field)")
            }
            for field in ["*/*", "application/*", "text/html, application/json;q=0.1", "text/html, */*;q=0.1", ""] {
                #expect(try await client.get("/open", [.accept: field]).status == .ok, "\(field)")
            }
        }
    }

    @Test("beyond the bound gets 503 and is asked to come again")
    func overload() async throws {
        let fixture = try await Fixture()
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (left, leave) = AsyncStream.makeStream(of: Void.self)
        let slow = Route(.get, "/slow", .anyone) { _, _ in
            enter.yield()
            for await _ in left { break }
            return .noContent
        }
        try await fixture.application(maximumRequests: 1, more: [slow]).test(.ahc(.http)) { client async throws in
            async let first = client.get("/slow")
            for await _ in entered { break }
            let second = try await client.get("/open")
            #expect(second.status == .serviceUnavailable)
            #expect(second.headers[.retryAfter] != nil)
            leave.yield()
            #expect(try await first.status == .noContent)
            #expect(try await client.get("/open").status == .ok)
        }
    }

    @Test("beyond the bound of its route gets 503, while others go on")
    func overloadedRoute() async throws {
        let fixture = try await Fixture()
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (left, leave) = AsyncStream.makeStream(of: Void.self)
        let heavy = Route(.post, "/heavy", .anyone, atOnce: 1) { _, _ in
            enter.yield()
            for await _ in left { break }
            return .noContent
        }
        try await fixture.application(more: [heavy]).test(.ahc(.http)) { client async throws in
            async let first = client.post("/heavy", "{}")
            for await _ in entered { break }
            let second = try await client.post("/heavy", "{}")
            #expect(second.status == .serviceUnavailable)
            #expect(second.headers[.retryAfter] != nil)
            #expect(try await client.get("/open").status == .ok)
            leave.yield()
            #expect(try await first.status == .noContent)
            leave.yield()
            #expect(try await client.post("/heavy", "{}").status == .noContent)
        }
    }
}

extension HTTPFields {
    static func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }
}
