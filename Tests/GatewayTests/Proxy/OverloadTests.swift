import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

/// More clients than may wait, with bodies larger than may be held, for a service that answers nobody.
@Suite struct OverloadTests {
    private static let clients = 60
    private static let atOnce = 8
    private static let bodyBytes = 4 << 20

    /// As many may wait as may be served, and as long as this test takes.
    private static let configuration = """
        services:
          content: {concurrent_requests: \(atOnce), queued_requests: \(atOnce), queue_seconds: 600, upload_bytes_per_second: 0}
        clients: {body_seconds: 600}
        """

    /// One client's call: what it is answered.
    private static func upload(_ gateway: GatewayProcess, _ token: String) async throws -> TestMessage {
        try await TestConnection.open(to: gateway.address) { connection in
            let head =
                "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Length: \(bodyBytes)\r\nConnection: close\r\n\r\n"
            try await connection.send(head)
            // Without waiting until it is taken: who is refused is not listened to.
            connection.channel.writeAndFlush(ByteBuffer(repeating: 0x61, count: bodyBytes), promise: nil)
            return try await connection.readMessage()
        }
    }

    @Test func theBoundsOnMemoryAndQueuesHoldAndNoOtherServiceNotices() async throws {
        let isStalled = NIOLockedValueBox(true)
        let content = try await TestUpstream(readsBodies: false) { _, connection in
            try await eventually(within: .seconds(120)) { !isStalled.withLockedValue { $0 } }
            _ = try await connection.read(count: Self.bodyBytes)
            try await connection.send("HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")
        }
        let media = try await TestUpstream.answering()
        let file = URL.temporaryDirectory.appending(path: "overload-\(UUID()).yaml")
        try Self.configuration.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await GatewayProcess.run(
            upstreams: ["content": content, "media": media],
            environment: ["GATEWAY_THREADS": "2", "GATEWAY_CONFIG": file.path()]
        ) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let before = try Holdings(of: gateway.processID)
            let answers = NIOLockedValueBox<[TestMessage]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.clients {
                    group.addTask {
                        let answer = try await Self.upload(gateway, token)
                        answers.withLockedValue { $0.append(answer) }
                    }
                }
                // All who are too many are told so, while those who fit in stay.
                let tooMany = Self.clients - 2 * Self.atOnce
                try await eventually(within: .seconds(60)) { answers.withLockedValue { $0.count } == tooMany }
                for _ in 0..<20 {
                    let metrics = try await gateway.metrics()
                    let inWork = try #require(metrics[#"gateway_requests_in_work{service="content"}"#])
                    let queued = try #require(metrics[#"gateway_requests_queued{service="content"}"#])
                    #expect(inWork <= Double(Self.atOnce))
                    #expect(queued <= Double(Self.atOnce))
                    let other = try await TestConnection.open(to: gateway.address) { connection in
                        try await connection.send("GET /media/1 HTTP/1.1\r\nHost: a\r\n\r\n")
                        return try await connection.readMessage()
                    }
                    #expect(other.status == 200)
                }
                #expect(answers.withLockedValue { $0.allSatisfy { $0.status == 503 && $0["retry-after"] != nil } })
                // Of the bodies, 240 MB in all, next to nothing is in the gateway.
                let stalled = try Holdings(of: gateway.processID)
                #expect(stalled.peak - before.peak < 32 << 10, "\(before) before, \(stalled) while it stood still")
                isStalled.withLockedValue { $0 = false }
                try await group.waitForAll()
            }
            #expect(answers.withLockedValue { $0.count { $0.status == 201 } } == 2 * Self.atOnce)
        }
    }
}
