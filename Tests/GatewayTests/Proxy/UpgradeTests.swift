import Foundation
import NIOCore
import Testing

@testable import Gateway

/// Connections that become another protocol's (RFC 9110 §7.8), where a rule lets them.
@Suite struct UpgradeTests {
    private static let rule = """
        access:
          - {paths: [/content/live], methods: [GET], access: user, upgrade: [websocket]}
          - {paths: [/content/*], access: public}
        """

    /// Gives back what it is sent, in capitals, until the other side has ended.
    private func echo() async throws -> TestUpstream {
        try await TestUpstream { request, connection in
            guard request["upgrade"] != nil else {
                try await connection.send("HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n")
                return
            }
            try await connection.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: x\r\n\r\nWELCOME ")
            while let bytes = try await connection.readSome() {
                try await connection.send(String(buffer: bytes).uppercased())
            }
            try await connection.send(" BYE")
            throw TestConnection.Ended()
        }
    }

    private func withGateway(
        _ content: TestUpstream, environment: [String: String] = [:],
        limits: @Sendable (inout Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let file = URL.temporaryDirectory.appending(path: "upgrade-\(UUID()).yaml")
        try Self.rule.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await GatewayTests.withGateway(
            content: content, environment: environment.merging(["GATEWAY_CONFIG": file.path()]) { $1 }, limits: limits,
            body)
    }

    private func request(_ gateway: TestGateway, _ path: String = "/content/live", fields: String) async throws
        -> String
    {
        let token = try await gateway.tokens.token(.student)
        return "GET \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(fields)\r\n"
    }

    private static let websocket = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k\r\n"

    @Test func bytesPassBothWaysOnceTheServiceHasAgreedAndUntilOneSideEnds() async throws {
        let content = try await echo()
        try await withGateway(content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                // Some of the other protocol comes right behind, before the answer.
                try await connection.send(try await request(gateway, fields: Self.websocket) + "early ")
                let answer = try await connection.readMessage(hasBody: false)
                #expect(answer.status == 101)
                #expect(answer["upgrade"] == "websocket")
                #expect(answer["connection"] == "upgrade")
                #expect(answer["sec-websocket-accept"] == "x")
                #expect(try await connection.read(upTo: "EARLY ") == "WELCOME EARLY ")
                for number in 0..<100 {
                    // What would be another request is none any more.
                    try await connection.send("get /\(number) http/1.1\r\n\r\n")
                    #expect(try await connection.read(upTo: "\r\n\r\n") == "GET /\(number) HTTP/1.1\r\n\r\n")
                }
                connection.finishSending()
                #expect(try await connection.readToEnd() == " BYE")
            }
            let seen = try #require(content.requests.first)
            #expect(seen["upgrade"] == "WebSocket")
            #expect(seen["connection"] == "upgrade")
            #expect(seen["sec-websocket-key"] == "k")
            try await eventually { try await !gateway.get("/health").body.contains(#""outstanding":1"#) }
        }
    }

    @Test(arguments: [
        ("/content/live", "Connection: Upgrade\r\nUpgrade: h2c\r\n"), ("/content/live", "Upgrade: websocket\r\n"),
        ("/content/live", "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n"),
        ("/content/live", "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx"),
        ("/content/other", websocket),
    ])
    func withoutARuleForItTheRequestToChangeIsPassedOver(_ path: String, _ fields: String) async throws {
        let content = try await echo()
        try await withGateway(content) { gateway in
            let text = try await request(gateway, path, fields: fields)
            #expect(try await gateway.send(text).status == 426)
            #expect(content.requests.allSatisfy { $0["upgrade"] == nil })
        }
    }

    @Test func onlyWhoMayMakeTheCallMayChange() async throws {
        let content = try await echo()
        try await withGateway(content) { gateway in
            let answer = try await gateway.get("/content/live", fields: Self.websocket)
            #expect(answer.status == 401)
            #expect(content.requests.isEmpty)
        }
    }

    @Test func aServiceCantChangeWhatNobodyAskedToChange() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
        }
        try await withGateway(content) { gateway in
            let plain = try await request(gateway, fields: "")
            #expect(try await gateway.send(plain).status == 502)
        }
    }

    @Test func whenNothingMovesForLongTheConnectionEnds() async throws {
        let content = try await echo()
        try await withGateway(content, limits: { $0[.content].limits.streamTime = .milliseconds(500) }) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(try await request(gateway, fields: Self.websocket))
                #expect(try await connection.readMessage(hasBody: false).status == 101)
                #expect(try await connection.readToEnd() == "WELCOME ")
            }
        }
    }

    @Test(arguments: [false, true])
    func aProcessThatGoesDownEndsItSoonAndAtOnceIfNothingMoves(isBusy: Bool) async throws {
        let content = try await echo()
        try await withGateway(content, environment: ["SHUTDOWN_GRACE": "600"]) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(try await request(gateway, fields: Self.websocket))
                #expect(try await connection.readMessage(hasBody: false).status == 101)
                #expect(try await connection.read(upTo: "WELCOME ") == "WELCOME ")
                await gateway.stop()
                if isBusy {
                    let writer = connection
                    await #expect(throws: (any Error).self) {
                        while true {
                            try await writer.send("x")
                            try await Task.sleep(for: .milliseconds(50))
                        }
                    }
                } else {
                    #expect(try await connection.readToEnd() == "")
                }
            }
        }
    }

    @Test func aServiceThatEndsEndsTheClientToo() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nlast words")
            throw TestConnection.Ended()
        }
        try await withGateway(content) { gateway in
            try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(try await request(gateway, fields: Self.websocket))
                #expect(try await connection.readMessage(hasBody: false).status == 101)
                #expect(try await connection.readToEnd() == "last words")
            }
        }
    }
}
