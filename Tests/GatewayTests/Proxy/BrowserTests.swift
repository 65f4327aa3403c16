import Testing

@testable import Gateway

/// What browsers are told and asked.
@Suite struct BrowserTests {
    private static let school = "https://school.example.org"
    private let environment = ["GATEWAY_CORS_ORIGINS": "\(school), http://localhost:3000"]

    private func preflight(_ gateway: TestGateway, from origin: String) async throws -> TestMessage {
        try await gateway.send(
            """
            OPTIONS /content/1 HTTP/1.1\r
            Host: a\r
            Origin: \(origin)\r
            Access-Control-Request-Method: PUT\r
            Access-Control-Request-Headers: authorization, if-match\r
            \r

            """)
    }

    @Test func aPageOfAnAllowedOriginMayAskAndCall() async throws {
        let content = try await TestUpstream.answering("lesson")
        try await withGateway(content: content, environment: environment) { gateway in
            let leave = try await preflight(gateway, from: Self.school)
            #expect(leave.status == 204)
            #expect(leave["access-control-allow-origin"] == Self.school)
            #expect(leave["access-control-allow-methods"]?.contains("PUT") == true)
            #expect(leave["access-control-allow-headers"]?.contains("if-match") == true)
            #expect(leave["access-control-max-age"] == "600")
            #expect(leave["content-length"] == nil)
            #expect(content.requests.isEmpty)
            let answer = try await gateway.get("/content/1", fields: "Origin: \(Self.school)\r\n")
            #expect(answer.body == "lesson")
            #expect(answer["access-control-allow-origin"] == Self.school)
            #expect(answer["access-control-expose-headers"]?.contains("etag") == true)
            #expect(answer.all("vary") == ["origin"])
            let refused = try await gateway.get("/analytics/me", fields: "Origin: \(Self.school)\r\n")
            #expect(refused.status == 401)
            #expect(refused["access-control-allow-origin"] == Self.school)
        }
    }

    @Test(arguments: [
        "https://school.example.org.evil.test", "http://school.example.org", "https://SCHOOL.example.org", "null",
        "https://school.example.org/",
    ])
    func aPageOfAnotherOriginIsToldNothing(_ origin: String) async throws {
        try await withGateway(environment: environment) { gateway in
            let leave = try await preflight(gateway, from: origin)
            #expect(leave.status == 401)
            #expect(leave["access-control-allow-origin"] == nil)
            let answer = try await gateway.get("/content/1", fields: "Origin: \(origin)\r\n")
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(answer.all("vary") == ["origin"])
        }
    }

    @Test func anyOriginMayCallWhereTheOperatorSaysSo() async throws {
        try await withGateway(environment: ["GATEWAY_CORS_ORIGINS": "*"]) { gateway in
            let answer = try await gateway.get("/content/1", fields: "Origin: https://any.test\r\n")
            #expect(answer["access-control-allow-origin"] == "*")
        }
    }

    @Test func withoutAllowedOriginsNothingIsSaidOfThem() async throws {
        try await withGateway { gateway in
            let answer = try await gateway.get("/content/1", fields: "Origin: \(Self.school)\r\n")
            #expect(!answer.head.lowercased().contains("access-control") && answer["vary"] == nil)
        }
    }

    @Test func everyAnswerGuardsTheBrowserOnce() async throws {
        let content = try await TestUpstream.answering(
            fields: "X-Content-Type-Options: nosniff\r\nReferrer-Policy: unsafe-url\r\n")
        try await withGateway(content: content) { gateway in
            for path in ["/content", "/analytics/me", "/nowhere", "/health"] {
                let answer = try await gateway.get(path)
                #expect(answer.all("x-content-type-options") == ["nosniff"])
                #expect(answer.all("x-frame-options") == ["DENY"])
                #expect(answer.all("referrer-policy") == ["no-referrer"])
            }
        }
    }

    @Test func whatIsNoOriginIsToldAtStart() {
        #expect(CrossOrigin.origin("https://a.b:8443") != nil)
        for text in ["", "a.b", "https://", "https://a/", "ftp://a", "https://a b"] {
            #expect(CrossOrigin.origin(text) == nil)
        }
    }
}
