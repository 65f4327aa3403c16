import NIOCore
import Testing

@testable import Gateway

/// Services that misbehave, and clients that do.
@Suite struct FaultTests {
    @Test(arguments: [
        "garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "",
    ])
    func anAnswerThatCantBeReadIs502(_ answer: String) async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send(answer)
            throw TestConnection.Ended()
        }
        try await withGateway(content: content) { gateway in
            let answer = try await gateway.get("/content")
            #expect(answer.status == 502)
            #expect(answer["retry-after"] != nil)
            #expect(answer["content-type"] == "application/problem+json")
        }
    }

    @Test func anAnswerCutOffMidwayCutsTheClientOff() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
            throw TestConnection.Ended()
        }
        try await withGateway(content: content) { gateway in
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                return try await connection.readToEnd()
            }
            #expect(text.hasSuffix("half"))
        }
    }

    @Test func aKeptConnectionThatTheServiceClosedCostsAReaderNothing() async throws {
        let closing = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            // It closes as the next request comes.
            _ = try await connection.readMessage()
            throw TestConnection.Ended()
        }
        try await withGateway(content: closing) { gateway in
            for _ in 0..<10 {
                let answer = try await gateway.get("/content")
                #expect(answer.body == "ok")
            }
        }
    }

    @Test func whatChangesSomethingIsNotSentTwice() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            _ = try await connection.readMessage()
            throw TestConnection.Ended()
        }
        try await withGateway(content: content) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let request =
                "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 0\r\n\r\n"
            #expect(try await gateway.send(request).status == 200)
            #expect(try await gateway.send(request).status == 502)
            #expect(content.requests.count == 1)
        }
    }

    @Test func aServiceThatIsNotThereIs503AndBackAgainItServes() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            #expect(try await gateway.get("/content").status == 200)
            await content.stop()
            try await eventually { try await gateway.get("/content").status == 503 }
            #expect(try await gateway.get("/content")["retry-after"] == "1")
            #expect(try await gateway.get("/media/1").status == 200)
            let next = try await TestUpstream(port: content.address.port ?? 0) { _, connection in
                try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            }
            async let ended: Void = next.run()
            try await eventually { try await gateway.get("/content").status == 200 }
            await next.stop()
            try await ended
        }
    }

    @Test func whenNoReplicaSaysThatItIsReadyThoseThatAreThereAreAskedAllTheSame() async throws {
        let content = try await TestUpstream.answering()
        content.setReady(false)
        try await withGateway(content: content) { gateway in
            try await eventually { try await gateway.get("/health").body.contains(#""status":"down"}"#) }
            for _ in 0..<20 { #expect(try await gateway.get("/content").status == 200) }
        }
    }

    @Test func ofTwoInstancesTheOneThatRefusesConnectionsIsPassedOver() async throws {
        let content = try await TestUpstream.answering()
        let closed = try await TestUpstream.answering()
        await closed.stop()
        try await withGateway(content: content, contentURL: "\(closed.url),\(content.url)") { gateway in
            for _ in 0..<50 {
                let answer = try await gateway.get("/content")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func anAnswerThatDoesNotComeInTimeIs504() async throws {
        let content = try await TestUpstream { _, connection in _ = try await connection.readMessage() }
        try await withGateway(content: content, limits: { $0[.content].limits.answerTime = .milliseconds(300) }) {
            gateway in
            let answer = try await gateway.get("/content")
            #expect(answer.status == 504)
            #expect(answer["retry-after"] != nil)
        }
    }

    @Test func aServiceAtItsLimitIs503AndNoOtherServiceNotices() async throws {
        let content = try await TestUpstream { request, connection in
            try await Task.sleep(for: .milliseconds(400))
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        }
        let limits: @Sendable (inout Configuration) -> Void = {
            $0[.content].pool.concurrentRequests = 2
            $0[.content].pool.queuedRequests = 2
        }
        try await withGateway(content: content, limits: limits) { gateway in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await gateway.get("/content").status } }
                try await Task.sleep(for: .milliseconds(50))
                #expect(try await gateway.get("/media/1").status == 200)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 4)
            #expect(statuses.count { $0 == 503 } == 4)
            #expect(try await gateway.get("/content").status == 200)
        }
    }

    @Test func whoWaitsTooLongForATurnIs503() async throws {
        let content = try await TestUpstream { _, connection in _ = try await connection.readMessage() }
        let limits: @Sendable (inout Configuration) -> Void = {
            $0[.content].pool.concurrentRequests = 1
            $0[.content].pool.queueTime = .milliseconds(200)
        }
        try await withGateway(content: content, limits: limits) { gateway in
            try await TestConnection.open(to: gateway.address) { first in
                try await first.send("GET /content/first HTTP/1.1\r\nHost: a\r\n\r\n")
                try await eventually { content.requests.count == 1 }
                #expect(try await gateway.get("/content").status == 503)
                try await first.reset()
            }
            // The one who left made room.
            try await TestConnection.open(to: gateway.address) { next in
                try await next.send("GET /content/next HTTP/1.1\r\nHost: a\r\n\r\n")
                try await eventually { content.requests.contains { $0.target == "/content/next" } }
            }
        }
    }

    @Test func aBodyOverTheLimitIs413ByItsLengthOrAsItCounts() async throws {
        let content = try await TestUpstream(readsBodies: false) { _, connection in
            while try await connection.readSome() != nil {}
            throw TestConnection.Ended()
        }
        try await withGateway(content: content, limits: { $0[.content].limits.bodyBytes = 1000 }) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let head = "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
            let declared = try await gateway.send(head + "Content-Length: 1001\r\n\r\n")
            #expect(declared.status == 413)
            #expect(content.requests.isEmpty)
            let chunk = "200\r\n" + String(repeating: "a", count: 512) + "\r\n"
            let counted = try await gateway.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
            #expect(counted.status == 413)
            #expect(counted["connection"] == "close")
        }
    }

    @Test func aHeadThatDribblesInIsCutOff() async throws {
        try await withGateway(limits: { $0.clients.headTime = .milliseconds(300) }) { gateway in
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n")
                return try await connection.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 408 "))
            let silent = try await TestConnection.open(to: gateway.address) { try await $0.readToEnd() }
            #expect(silent.isEmpty)
        }
    }

    @Test func aBodyThatStopsIsCutOff() async throws {
        try await withGateway(limits: { $0.clients.bodyTime = .milliseconds(300) }) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let text = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 10\r\n\r\nhalf"
                )
                return try await connection.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func overTheLimitOfConnectionsAClientIsTurnedAway() async throws {
        try await withGateway(limits: { $0.clients.connections = 2 }) { gateway in
            try await TestConnection.open(to: gateway.address) { one in
                try await one.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await one.readMessage()
                try await TestConnection.open(to: gateway.address) { two in
                    try await two.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try await two.readMessage()
                    let text = try await TestConnection.open(to: gateway.address) { try await $0.readToEnd() }
                    #expect(text.hasPrefix("HTTP/1.1 503 "))
                }
            }
        }
    }

    @Test func clientsThatLeaveMidwayLeaveNothingBehind() async throws {
        let content = try await TestUpstream(readsBodies: false) { _, connection in
            while try await connection.readSome() != nil {}
            throw TestConnection.Ended()
        }
        try await withGateway(content: content, limits: { $0[.content].pool.concurrentRequests = 4 }) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            for _ in 0..<40 {
                try await TestConnection.open(to: gateway.address) { connection in
                    try await connection.send(
                        "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 9\r\n\r\nhalf"
                    )
                    try await connection.reset()
                }
            }
            try await eventually { try await !gateway.get("/health").body.contains(#""outstanding":1"#) }
        }
    }
}
