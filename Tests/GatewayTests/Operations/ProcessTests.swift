import Foundation
import NIOConcurrencyHelpers
import NIOCore
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

/// The gateway as operators meet it: a process with a page of figures, which ends when it is told to.
@Suite struct ProcessTests {
    private func exchange(_ gateway: GatewayProcess, _ text: String) async throws -> TestMessage {
        try await TestConnection.open(to: gateway.address) { connection in
            try await connection.send(text)
            return try await connection.readMessage()
        }
    }

    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func itsFiguresTellOfRequestsRefusalsRetriesTokensAndEndpoints() async throws {
        let good = try await TestUpstream.answering()
        let bad = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
        }
        let media = try await TestUpstream { _, connection in throw TestConnection.Ended() }
        // Left out for longer than this test can take.
        let file = URL.temporaryDirectory.appending(path: "figures-\(UUID()).yaml")
        try "services: {content: {eject_seconds: 300}}".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let environment = [
            "GATEWAY_THREADS": "1", "GATEWAY_MAX_BODY": "10", "GATEWAY_RATES": "login=1/3600",
            "GATEWAY_CONFIG": file.path(),
        ]
        try await GatewayProcess.run(
            upstreams: ["content": good, "bad": bad, "media": media], contentURL: "\(good.url),\(bad.url)",
            environment: environment
        ) { gateway in
            let before = try await gateway.metrics()
            let token = try await gateway.tokens.token(.teacher)
            let bearer = "Authorization: Bearer \(token)\r\n"
            // Until the bad one has failed so often that it is left out.
            let served = NIOLockedValueBox<[Int: Double]>([:])
            try await eventually {
                let status = try await exchange(gateway, Self.get("/content/1", bearer)).status
                served.withLockedValue { $0[status, default: 0] += 1 }
                return try await gateway.metrics()[#"gateway_endpoints{service="content",state="ejected"}"#] == 1
            }
            let counts = served.withLockedValue { $0 }
            let all = counts.values.reduce(0, +)
            var statuses: [Int] = []
            for request in [
                Self.get("/nowhere"), Self.get("/analytics/me"), Self.get("/content", "Authorization: Bearer x\r\n"),
                "DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n", Self.get("/content", "Broken : 1\r\n"),
                "POST /content HTTP/1.1\r\nHost: a\r\n\(bearer)Content-Length: 11\r\n\r\n", Self.get("/media/1"),
                "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            ] { statuses.append(try await exchange(gateway, request).status) }
            #expect(statuses == [404, 401, 401, 405, 400, 413, 502, 200, 429])
            let rise: @Sendable (String) async throws -> Double = { name in
                try #require(try await gateway.metrics()[name], "\(name) is missing") - (before[name] ?? 0)
            }
            #expect(try await rise(#"gateway_requests_total{service="content",status="2xx"}"#) == counts[200])
            #expect(try await rise(#"gateway_requests_total{service="content",status="4xx"}"#) == 2)
            #expect(try await rise(#"gateway_requests_total{service="media",status="5xx"}"#) == 1)
            #expect(try await rise(#"gateway_requests_total{service="auth",status="2xx"}"#) == 1)
            #expect(try await rise(#"gateway_requests_total{service="gateway",status="4xx"}"#) >= 3)
            #expect(try await rise(#"gateway_request_duration_seconds_count{service="content"}"#) == all + 2)
            for cause in [
                "unknown_path", "token_missing", "token_invalid", "wrong_method", "malformed", "body_too_large",
                "bad_answer", "rate_exceeded",
            ] {
                #expect(try await rise(#"gateway_refusals_total{cause="\#(cause)"}"#) == 1, "\(cause)")
            }
            #expect(try await rise("gateway_retries_total") >= 1)
            // Counted once in a while, and not for every request.
            try await eventually { try await rise("gateway_token_cache_hits_total") == all }
            #expect(try await rise("gateway_token_cache_misses_total") >= 2)
            #expect(try await gateway.metrics().keys.contains { $0.hasPrefix("gateway_connections") })
            #expect(try await gateway.metrics().keys.contains("gateway_samples_dropped_total"))
            let states = try await gateway.metrics().filter {
                $0.key.hasPrefix(#"gateway_endpoints{service="content""#)
            }
            #expect(states.count == 4)
            #expect(states.values.reduce(0, +) == 2)
            try await eventually {
                let health = try await exchange(gateway, Self.get("/health"))
                let report = try WireJSON.decode(PlatformHealth.self, from: Data(health.body.utf8))
                return report.services["content"]?.instances.contains { $0.healthy && $0.ejected } == true
                    && report.services["content"]?.status == .degraded && report.status == .degraded
            }
        }
    }

    @Test func samplesThatAnalyticsCantTakeAreCountedAndLaterOnesArrive() async throws {
        let isDown = NIOLockedValueBox(true)
        let taken = NIOLockedValueBox(0)
        let analytics = try await TestUpstream { request, connection in
            guard request.target == "/internal/events" else {
                return try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            }
            if isDown.withLockedValue({ $0 }) { throw TestConnection.Ended() }
            let batch = try WireJSON.decode(EventBatch.self, from: Data(request.body.utf8))
            taken.withLockedValue { $0 += batch.events.count }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        }
        try await GatewayProcess.run(upstreams: ["analytics": analytics]) { gateway in
            let dropped: @Sendable () async throws -> Double = {
                try #require(try await gateway.metrics()["gateway_samples_dropped_total"])
            }
            for _ in 0..<7 { #expect(try await exchange(gateway, Self.get("/content/1")).status == 200) }
            try await eventually(within: .seconds(60)) { try await dropped() >= 7 }
            isDown.withLockedValue { $0 = false }
            let lost = try await dropped()
            for _ in 0..<5 { #expect(try await exchange(gateway, Self.get("/content/1")).status == 200) }
            try await eventually(within: .seconds(60)) { taken.withLockedValue { $0 } >= 5 }
            #expect(try await dropped() == lost)
        }
    }

    @Test func toldToEndItServesWhatASecureClientHasAskedForAndEndsWell() async throws {
        let isOpen = NIOLockedValueBox(false)
        let content = try await TestUpstream { _, connection in
            try await eventually { isOpen.withLockedValue { $0 } }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone")
        }
        let certificate = try await TestCertificate()
        let environment = certificate.environment.merging(["GATEWAY_THREADS": "2"]) { $1 }
        let status = try await GatewayProcess.run(upstreams: ["content": content], environment: environment) {
            gateway in
            // Somebody else's client, with 40 streams on one connection.
            let arguments = [
                "--silent", "--show-error", "--http2", "--cacert", certificate.chain.path(), "--parallel",
                "--parallel-max", "40", "--output", "/dev/null", "--write-out", "%{http_version} %{response_code}\n",
                "https://127.0.0.1:\(gateway.address.port ?? 0)/content/[1-40]",
            ]
            let client = Process("/usr/bin/curl", arguments)
            let output = Pipe()
            client.standardOutput = output
            let ended = try client.start()
            try await eventually { content.requests.count { $0.target.hasPrefix("/content/") } == 40 }
            kill(gateway.processID, SIGTERM)
            // Nobody new gets in, while those who are in wait.
            try await eventually { try await gateway.readiness() == 503 }
            try await eventually {
                do {
                    try await TestConnection.open(to: gateway.address) { _ in }
                    return false
                } catch {
                    return true
                }
            }
            isOpen.withLockedValue { $0 = true }
            #expect(await ended.status() == 0)
            let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            #expect(text.split(separator: "\n").allSatisfy { $0 == "2 200" })
            #expect(text.split(separator: "\n").count == 40)
        }
        #expect(status == 0)
    }
}
