import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Gateway

/// Both ways and bigger than any buffer: while one side stands still, the other can't go on for long. What is on its
/// way then is in the kernel's buffers (up to ten megabytes at each end of the two connections) and hardly any in the gateway,
/// which is a process of its own here.
@Suite struct StreamingTests {
    /// `make soak` sends two gigabytes.
    private static let size = SoakTests.requests == nil ? 256 << 20 : 2 << 30
    private static let mayBeOnItsWay = 64 << 20
    private static let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)

    /// Bytes that the sender got rid of, and leave for the receiver to begin.
    private struct Progress {
        var sent = 0
        var mayRead = false
    }

    private let progress = NIOLockedValueBox(Progress())

    /// Waits until the sender stands still, checks how far it got, and lets the receiver begin.
    private func expectStandstill() async throws {
        let progress = progress
        let last = NIOLockedValueBox(0)
        try await eventually(within: .seconds(60)) {
            try await Task.sleep(for: .milliseconds(300))
            let sent = progress.withLockedValue { $0.sent }
            return sent > 0
                && last.withLockedValue { last in
                    defer { last = sent }
                    return last == sent
                }
        }
        #expect(progress.withLockedValue { $0.sent } < Self.mayBeOnItsWay)
        progress.withLockedValue { $0.mayRead = true }
    }

    /// What passed through, or stood still on its way, has left nothing behind at any time.
    private func expectLittleMore(than before: Holdings, by gateway: GatewayProcess) throws {
        let after = try Holdings(of: gateway.processID)
        print("\(Self.size >> 20) MB: \(before.peak) kB at most before, \(after.peak) kB in the end")
        #expect(after.peak - before.peak < 8192, "\(before) before, at most \(after.peak) kB")
    }

    private func send(to connection: TestConnection, chunked: Bool) async throws {
        for _ in 0..<(Self.size >> 20) {
            if chunked { try await connection.send("100000\r\n") }
            try await connection.send(Self.piece)
            if chunked { try await connection.send("\r\n") }
            progress.withLockedValue { $0.sent += Self.piece.readableBytes }
        }
        if chunked { try await connection.send("0\r\n\r\n") }
    }

    private func receive(from connection: inout TestConnection) async throws -> Int {
        let progress = progress
        try await eventually(within: .seconds(60)) { progress.withLockedValue { $0.mayRead } }
        var read = 0
        while read < Self.size, let bytes = try await connection.readSome() { read += bytes.readableBytes }
        return read
    }

    @Test(arguments: [false, true])
    func anUploadWaitsForASlowService(chunked: Bool) async throws {
        let media = try await TestUpstream(readsBodies: false) { _, connection in
            let read = try await receive(from: &connection)
            try await connection.send(
                "HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-length: \(String(read).count)\r\n\r\n\(read)")
        }
        try await GatewayProcess.run(upstreams: ["media": media]) { gateway in
            let before = try Holdings(of: gateway.processID)
            let token = try await gateway.tokens.token(.teacher)
            let framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(Self.size)"
            let answer = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "POST /media HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(framing)\r\n\r\n")
                let writer = connection
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await expectStandstill() }
                    try await send(to: writer, chunked: chunked)
                    try await group.waitForAll()
                }
                return try await connection.readMessage()
            }
            #expect(answer.status == 201)
            #expect((Int(answer.body) ?? 0) >= Self.size)
            try expectLittleMore(than: before, by: gateway)
        }
    }

    @Test(arguments: ["", "Accept-Encoding: gzip\r\n"])
    func eachEventReachesItsReaderBeforeTheNextIsSent(_ fields: String) async throws {
        let heard = NIOLockedValueBox(0)
        let content = try await TestUpstream { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            for number in 1...5 {
                let event = "data: \(number)\n\n"
                try await connection.send("\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n")
                try await eventually { heard.withLockedValue { $0 } == number }
            }
            try await connection.send("0\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content/events HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                #expect(try await connection.readMessage(hasBody: false)["content-encoding"] == nil)
                for number in 1...5 {
                    _ = try await connection.read(upTo: "data: \(number)\n\n\r\n")
                    heard.withLockedValue { $0 = number }
                }
                _ = try await connection.read(upTo: "0\r\n\r\n")
            }
        }
    }

    @Test func aDownloadWaitsForASlowReader() async throws {
        let media = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: \(Self.size)\r\n\r\n")
            try await send(to: connection, chunked: false)
        }
        try await GatewayProcess.run(upstreams: ["media": media]) { gateway in
            let before = try Holdings(of: gateway.processID)
            let read = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /media/1/content HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await connection.readMessage(hasBody: false)
                try #require(answer.status == 200, "\(answer.head)")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await expectStandstill() }
                    try await group.waitForAll()
                }
                return try await receive(from: &connection)
            }
            #expect(read == Self.size)
            try expectLittleMore(than: before, by: gateway)
        }
    }
}
