import Foundation
import ServiceKit
import Testing
import WireProtocol

@testable import Gateway

/// What one client may take of the gateway.
@Suite struct ClientLimitTests {
    @Test func whoCallsTooOftenIs429AndToldWhenToComeAgain() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content, environment: ["GATEWAY_RATES": "read=1000/3600,login=2/3600"]) {
            gateway in
            let login = "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            let answers = [try await gateway.send(login), try await gateway.send(login), try await gateway.send(login)]
            #expect(answers.map(\.status) == [200, 200, 429])
            #expect(answers.map { $0["ratelimit-limit"] } == ["2", "2", "2"])
            #expect(answers.map { $0["ratelimit-remaining"] } == ["1", "0", "0"])
            #expect(answers[2]["retry-after"].flatMap(Int.init) ?? 0 > 1700)
            #expect(answers[2]["content-type"] == "application/problem+json")
            // Reading is counted apart.
            #expect(try await gateway.get("/content").status == 200)
        }
    }

    @Test func usersAreCountedByTheirTokensAndOthersByTheirAddress() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(
            content: content, threads: 2, limits: { $0.rates = RateRules("read=1/3600,write=3/3600") ?? $0.rates }
        ) { gateway in
            let one = Identifier()
            let tokens = [
                try await gateway.tokens.token(.teacher, user: one),
                try await gateway.tokens.token(.teacher, user: one),
                try await gateway.tokens.token(.teacher),
            ]
            var statuses: [Int] = []
            for token in [tokens[0], tokens[1], tokens[0], tokens[1], tokens[2]] {
                statuses.append(
                    try await gateway.send(
                        "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 0\r\n\r\n"
                    ).status)
            }
            #expect(statuses == [200, 200, 200, 429, 200])
        }
    }

    @Test func onlyATrustedProxyIsBelievedWhereAClientIs() async throws {
        let content = try await TestUpstream.answering()
        let forged = "x-forwarded-for: 203.0.113.7, 198.51.100.9\r\nx-forwarded-proto: https\r\n"
        try await withGateway(content: content) { gateway in
            _ = try await gateway.get("/content/1", fields: forged)
        }
        #expect(content.requests.last?.all("x-forwarded-for") == ["127.0.0.1"])
        #expect(content.requests.last?.all("x-forwarded-proto") == ["http"])
        let behind = try await TestUpstream.answering()
        let environment = ["GATEWAY_TRUSTED_PROXIES": "127.0.0.0/8, 198.51.100.0/24"]
        try await withGateway(content: behind, environment: environment) { gateway in
            for fields in [forged, "", "x-forwarded-for: nonsense\r\n"] {
                _ = try await gateway.get("/content/1", fields: fields)
            }
        }
        let seen = behind.requests.filter { $0.target == "/content/1" }
        #expect(seen.flatMap { $0.all("x-forwarded-for") } == ["203.0.113.7", "127.0.0.1", "127.0.0.1"])
        #expect(seen.flatMap { $0.all("x-forwarded-proto") } == ["https", "http", "http"])
    }

    @Test func clientsBehindATrustedProxyAreCountedApart() async throws {
        let environment = ["GATEWAY_TRUSTED_PROXIES": "127.0.0.1", "GATEWAY_RATES": "login=1/3600"]
        try await withGateway(environment: environment) { gateway in
            var statuses: [Int] = []
            for client in ["203.0.113.7", "203.0.113.8", "203.0.113.7"] {
                statuses.append(
                    try await gateway.send(
                        "POST /auth/login HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: \(client)\r\nContent-Length: 0\r\n\r\n"
                    ).status)
            }
            #expect(statuses == [200, 200, 429])
        }
    }

    @Test func oneAddressMayHaveSoManyConnections() async throws {
        try await withGateway(limits: { $0.clients.connectionsPerAddress = 1 }) { gateway in
            try await TestConnection.open(to: gateway.address) { one in
                try await one.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await one.readMessage()
                let text = try await TestConnection.open(to: gateway.address) { try await $0.readToEnd() }
                #expect(text.hasPrefix("HTTP/1.1 503 "))
            }
            // Whoever leaves makes room.
            try await eventually { try await gateway.get("/content").status == 200 }
        }
    }

    @Test func aConnectionOnWhichNothingIsAskedAnyMoreIsLetGo() async throws {
        try await withGateway(limits: { $0.clients.idleTime = .milliseconds(200) }) { gateway in
            let rest = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await connection.readMessage()
                #expect(answer.status == 200)
                return try await connection.readToEnd()
            }
            #expect(rest.isEmpty)
        }
    }

    @Test func aServiceMayWantSmallerHeadsThanTheOthers() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content, limits: { $0[.content].limits.headBytes = 1000 }) { gateway in
            let fields = "X-Long: \(String(repeating: "a", count: 1000))\r\n"
            let long = try await gateway.get("/content/1", fields: fields)
            let elsewhere = try await gateway.get("/media/1", fields: fields)
            let short = try await gateway.get("/content/1")
            #expect(long.status == 431)
            #expect(elsewhere.status == 200)
            #expect(short.status == 200)
        }
    }

    @Test func aBodyThatDribblesInIsCutOffHoweverSteadilyItComes() async throws {
        let content = try await TestUpstream(readsBodies: false) { _, connection in
            while try await connection.readSome() != nil {}
            throw TestConnection.Ended()
        }
        let limits: @Sendable (inout Configuration) -> Void = {
            $0.clients.bodyTime = .milliseconds(500)
            $0[.content].limits.uploadRate = 1000
        }
        try await withGateway(content: content, limits: limits) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 9000\r\n\r\n"
                )
                // Each byte comes well within the time for progress.
                for _ in 0..<200 {
                    do { try await connection.send("a") } catch { break }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return try await connection.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 408 "))
        }
    }
}
