import Testing
import WireProtocol

@testable import Gateway

@Suite struct HeaderTests {
    @Test func whatIsForOneHopOnlyGoesNoFurther() async throws {
        let content = try await TestUpstream.answering(
            fields:
                "Keep-Alive: timeout=5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nProxy-Authenticate: Basic\r\nX-End: 2\r\n")
        try await withGateway(content: content) { gateway in
            let answer = try await gateway.get(
                "/content",
                fields:
                    "Connection: keep-alive, X-Private\r\nx-private: 1\r\nKeep-Alive: 1\r\nTE: trailers\r\nTrailer: a\r\n"
                    + "Proxy-Authorization: Basic YQ==\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\nX-End: 2\r\n")
            let request = try #require(content.requests.last)
            for name in ["x-private", "keep-alive", "trailer", "proxy-authorization", "upgrade", "http2-settings"] {
                #expect(request[name] == nil)
            }
            // The gateway passes trailers on, and says so for its own hop.
            #expect(request["connection"] == "te")
            #expect(request["te"] == "trailers")
            #expect(request["x-end"] == "2")
            for name in ["keep-alive", "connection", "x-hop", "proxy-authenticate"] { #expect(answer[name] == nil) }
            #expect(answer["x-end"] == "2")
        }
    }

    @Test func nobodyPosesAsSomebodyByAHeader() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let forged =
                HeaderName.identity + ["x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-lyceum-any"]
            _ = try await gateway.get(
                "/content", fields: forged.map { "\($0.uppercased()): forged\r\n" }.joined())
            let request = try #require(content.requests.last)
            #expect(!request.head.contains("forged"))
            #expect(request.all("x-forwarded-for") == ["127.0.0.1"])
            #expect(request.all("x-forwarded-proto") == ["http"])
            #expect(request.all("x-forwarded-host") == ["gateway.test"])
        }
    }

    @Test func theRequestIDIsTakenOrMadePassedOnAndEchoed() async throws {
        let content = try await TestUpstream.answering(fields: "x-request-id: of-the-service\r\n")
        try await withGateway(content: content) { gateway in
            let taken = try await gateway.get("/content", fields: "X-Request-ID: mine-1\r\n")
            #expect(taken.all("x-request-id") == ["mine-1"])
            #expect(content.requests.last?.all("x-request-id") == ["mine-1"])
            let made = try await gateway.get("/content", fields: "X-Request-ID: not sane\r\n")
            #expect(made["x-request-id"]?.count == 32)
            #expect(content.requests.last?.all("x-request-id") == made.all("x-request-id"))
            let refused = try await gateway.get("/nowhere", fields: "X-Request-ID: mine\"2\r\n")
            #expect(refused["x-request-id"] == "mine\"2")
            #expect(refused.body.contains(#""request_id":"mine\"2""#))
        }
    }

    @Test func theTraceIsPassedOnOrBegun() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            _ = try await gateway.get("/content", fields: "traceparent: \(trace)\r\n")
            #expect(content.requests.last?.all("traceparent") == [trace])
            for fields in ["", "traceparent: 00-broken\r\n", "traceparent: 00-broken\r\ntraceparent: \(trace)x\r\n"] {
                _ = try await gateway.get("/content", fields: fields)
                let made = try #require(content.requests.last?.all("traceparent"))
                #expect(made.count == 1)
                #expect(made[0].wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-01/) != nil)
            }
        }
    }

    @Test func theAuthorizationGoesOnAsItCame() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            let token = try await gateway.tokens.token(.admin)
            _ = try await gateway.get("/content", fields: "authorization: Bearer \(token)\r\n")
            #expect(content.requests.last?["authorization"] == "Bearer \(token)")
        }
    }
}
