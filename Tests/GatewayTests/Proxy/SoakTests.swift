import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

/// A day at a school in a few minutes, of the gateway as a process of its own: `make soak` runs it, by count and not by
/// clock.
@Suite struct SoakTests {
    static let requests = ProcessInfo.processInfo.environment["SOAK_REQUESTS"].flatMap { Int($0) }

    /// One connection's worth of calls of every kind, the last one broken off.
    private static func visit(_ gateway: GatewayProcess, _ tokens: [String], _ count: Int) async throws {
        try await TestConnection.open(to: gateway.address) { connection in
            for number in 0..<count {
                let token = tokens[number % tokens.count]
                let bearer = "Authorization: Bearer \(token)\r\n"
                let (request, expected) =
                    switch number % 8 {
                    case 0: ("GET /content/1 HTTP/1.1\r\nHost: a\r\n\(bearer)\r\n", 200)
                    case 1: ("GET /content/1 HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n", 200)
                    case 2: ("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404)
                    case 3: ("GET /analytics/me HTTP/1.1\r\nHost: a\r\n\r\n", 401)
                    case 4:
                        (
                            "POST /content HTTP/1.1\r\nHost: a\r\n\(bearer)Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                            200
                        )
                    case 5: ("GET /analytics/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\(number)\r\n\r\n", 401)
                    case 6: ("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", 200)
                    default: ("GET /content/\(number) HTTP/1.1\r\nHost: a\r\n\(bearer)\r\n", 200)
                    }
                try await connection.send(request)
                let answer = try await connection.readMessage()
                #expect(answer.status == expected)
            }
            try await connection.send("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
            try await connection.reset()
        }
    }

    @Test(.enabled(if: requests != nil, "set SOAK_REQUESTS, or say make soak"))
    func nothingGrowsOverADaysRequests() async throws {
        let total = try #require(Self.requests)
        let perVisit = 200
        let content = try await TestUpstream.answering(fields: "content-type: text/plain\r\n")
        let environment = [
            "TOKEN_CACHE_SIZE": "64", "GATEWAY_THREADS": "2", "ACCESS_LOG_PERCENT": "0",
            "GATEWAY_RATES": "read=1000000000/60,write=1000000000/60",
        ]
        try await GatewayProcess.run(upstreams: ["content": content], environment: environment) { gateway in
            var tokens: [String] = []
            for _ in 0..<200 { tokens.append(try await gateway.tokens.token(.teacher, lifetime: 86_400)) }
            let all = tokens
            let run: @Sendable (Int) async throws -> Void = { visits in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            for _ in 0..<(visits / 8) {
                                try await Self.visit(gateway, all, perVisit)
                                content.forgetRequests()
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await run(max(8, total / perVisit / 10))
            let before = try Holdings(of: gateway.processID)
            try await run(max(8, total / perVisit * 9 / 10))
            try await eventually { try Holdings(of: gateway.processID).descriptors <= before.descriptors + 8 }
            let after = try Holdings(of: gateway.processID)
            print("\(total) requests: \(before) after a tenth of them, \(after) at the end")
            #expect(after.memory <= before.memory + 8192, "\(before), then \(after)")
            // The pool of threads that names are resolved on fills up as it is used.
            #expect(after.tasks <= before.tasks + 4, "\(before), then \(after)")
            let metrics = try await gateway.metrics()
            #expect(try #require(metrics["gateway_connections"]) <= 1)
        }
    }
}
