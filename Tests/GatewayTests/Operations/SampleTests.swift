import Foundation
import NIOConcurrencyHelpers
import ServiceKit
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Gateway

@Suite struct SampleTests {
    @Test func pathsThatDifferInTheirIDsAreOneOperation() throws {
        let templates = PathTemplates(
            try JSONValue(
                yaml: """
                    paths:
                      /content/{id}: {}
                      /content/bulk: {}
                      /content/{id}/versions/{n}: {}
                      /a/{very}/long/{path}/of/{many}/parts/{that}/does/{not}/fit/in: {}
                    """))
        #expect(templates.operation(.get, "/content/17") == "GET /content/{id}")
        #expect(templates.operation(.post, "/content/bulk") == "POST /content/bulk")
        #expect(templates.operation(.get, "/content/17/versions/3") == "GET /content/{id}/versions/{n}")
        #expect(templates.operation(.delete, "/other/17/x") == "DELETE /other")
        #expect(templates.operation(.get, "/a/b/long/c/of/d/parts/e/does/f/fit/in").count == 50)
    }

    @Test func whatDoesNotFitIsDropped() {
        let queue = SampleQueue()
        let sample = PerformanceSample(
            service: .content, method: .get, path: "/content", status: 200, duration: 1, time: 0)
        for _ in 0..<(SampleQueue.capacity + 10) { queue.append(sample) }
        var taken = 0
        while case let batch = queue.take(atMost: 3000), !batch.isEmpty { taken += batch.count }
        #expect(taken == SampleQueue.capacity)
    }

    @Test func analyticsHearsHowRequestsFared() async throws {
        let batches = NIOLockedValueBox<[EventBatch]>([])
        let analytics = try await TestUpstream { request, connection in
            if request.target == "/internal/events", request["authorization"] != nil {
                let batch = try WireJSON.decode(EventBatch.self, from: Data(request.body.utf8))
                batches.withLockedValue { $0.append(batch) }
            }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        }
        let content = try await TestUpstream { request, connection in
            let status = request.target == "/content/2" ? "500 Internal Server Error" : "200 OK"
            try await connection.send("HTTP/1.1 \(status)\r\ncontent-length: 0\r\n\r\n")
        }
        let operations: @Sendable () -> [OperationCompleted] = {
            batches.withLockedValue { $0.flatMap(\.events) }.compactMap { event in
                if case .operationCompleted(let operation) = event.payload { operation } else { nil }
            }.filter { $0.service == "content" && $0.operationType == "GET /content" }
        }
        try await withGateway(content: content, analytics: analytics) { gateway in
            _ = try await gateway.get("/content/1")
            _ = try await gateway.get("/content/2")
            _ = try await gateway.get("/nowhere")
            try await eventually { operations().count == 2 }
        }
        #expect(operations().map(\.success) == [true, false])
        #expect(operations().map(\.errorCount) == [0, 1])
        #expect(operations().allSatisfy { $0.duration > 0 })
    }
}
