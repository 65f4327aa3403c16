import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

/// Replicas that fail while others serve: a client notices nothing that the gateway could have spared it.
@Suite struct FailoverTests {
    private func url(_ upstreams: TestUpstream...) -> String {
        upstreams.map(\.url).joined(separator: ",")
    }

    /// Two replicas of content, of which `bad` does as the test says.
    private func withReplicas(
        _ bad: TestUpstream, environment: [String: String] = [:],
        limits: @Sendable (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let good = try await TestUpstream.answering("good")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bad.run() }
            try await withGateway(
                content: good, contentURL: url(bad, good), environment: environment, limits: limits, body)
            await bad.stop()
            try await group.waitForAll()
        }
    }

    @Test func whatAReplicaCutsOffBeforeItAnswersAnotherOneAnswers() async throws {
        let bad = try await TestUpstream { _, _ in throw TestConnection.Ended() }
        try await withReplicas(bad) { gateway in
            for _ in 0..<40 {
                let answer = try await gateway.get("/content")
                #expect(answer.body == "good")
            }
        }
        // Five failures in a row, and it was left out.
        #expect((1..<20).contains(bad.requests.count))
    }

    @Test func aReplicaThatIsFullOrClosingIsPassedOver() async throws {
        let bad = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
        }
        try await withReplicas(bad) { gateway in
            for _ in 0..<40 {
                let answer = try await gateway.get("/content")
                #expect(answer.body == "good")
            }
        }
        #expect(!bad.requests.isEmpty)
    }

    @Test func aChangeIsSentOnceWhateverBecomesOfIt() async throws {
        let bad = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
        }
        try await withReplicas(bad) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            var statuses: Set<Int> = []
            for _ in 0..<30 {
                statuses.insert(
                    try await gateway.send(
                        "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 0\r\n\r\n"
                    ).status)
            }
            #expect(statuses == [200, 503])
        }
    }

    @Test func whatAStalledReplicaHasGoesToAnotherOnceItIsKnownToBeDown() async throws {
        let bad = try await TestUpstream { _, connection in _ = try await connection.readMessage() }
        try await withReplicas(bad) { gateway in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<12 { group.addTask { try await gateway.get("/content").body } }
                try await eventually { !bad.requests.isEmpty }
                bad.setReady(false)
                for try await body in group { #expect(body == "good") }
            }
        }
    }

    @Test func aServiceThatFailsEveryRequestIsLeftAloneUntilItRecovers() async throws {
        let isBroken = NIOLockedValueBox(true)
        let content = try await TestUpstream { _, connection in
            if isBroken.withLockedValue({ $0 }) { throw TestConnection.Ended() }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        }
        let limits: @Sendable (inout Configuration) -> Void = {
            $0[.content].pool.breaker.minimumRequests = 5
            $0[.content].pool.breaker.openTime = .milliseconds(200)
        }
        try await withGateway(content: content, limits: limits) { gateway in
            for _ in 0..<5 { #expect(try await gateway.get("/content").status == 502) }
            let refused = try await gateway.get("/content")
            #expect(refused.status == 503)
            #expect(refused["retry-after"] != nil)
            #expect(try await gateway.get("/media/1").status == 200)
            isBroken.withLockedValue { $0 = false }
            try await eventually { try await gateway.get("/content").status == 200 }
        }
    }
}
