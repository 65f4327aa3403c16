import Foundation
import Testing

@testable import Gateway

/// A configuration that changes while requests run.
@Suite struct ReloadTests {
    /// A file that only this test knows.
    private func withFile(_ text: String, _ body: (URL) async throws -> Void) async throws {
        let file = URL.temporaryDirectory.appending(path: "gateway-\(UUID()).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file)
    }

    @Test func aNewFileHoldsFromTheNextRequestOn() async throws {
        let content = try await TestUpstream.answering("content")
        let media = try await TestUpstream.answering("media")
        try await withFile("access_log_percent: 0") { file in
            let environment = ["GATEWAY_CONFIG": file.path()]
            try await withGateway(content: content, media: media, environment: environment) { gateway in
                #expect(try await gateway.get("/content/1").body == "content")
                #expect(try await gateway.get("/lessons/1").status == 404)
                try """
                services: {content: {prefixes: [/lessons], upstreams: ["\(media.url)"]}}
                access: [{paths: [/lessons/*], access: public}]
                """.write(to: file, atomically: true, encoding: .utf8)
                gateway.reload()
                try await eventually { try await gateway.get("/lessons/1").body == "media" }
                #expect(try await gateway.get("/content/1").status == 404)
            }
        }
    }

    @Test func aFileWithFaultsIsRefusedAndTheOldOneStays() async throws {
        try await withFile("access: [{paths: [/media/*], access: admin}]") { file in
            try await withGateway(environment: ["GATEWAY_CONFIG": file.path()]) { gateway in
                let token = try await gateway.tokens.token(.teacher)
                let fields = "authorization: Bearer \(token)\r\n"
                #expect(try await gateway.get("/media/1", fields: fields).status == 403)
                try "access: [{paths: [/media/*], access: public}]\ncolour: blue"
                    .write(to: file, atomically: true, encoding: .utf8)
                gateway.reload()
                #expect(try await gateway.get("/media/1", fields: fields).status == 403)
                #expect(try await gateway.get("/media/1").status == 401)
            }
        }
    }

    @Test func noRequestIsLostWhileTheFileIsReadAgainAndAgain() async throws {
        let content = try await TestUpstream { _, connection in
            try await Task.sleep(for: .milliseconds(5))
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        }
        try await withFile("services: {content: {concurrent_requests: 2}}") { file in
            try await withGateway(content: content, environment: ["GATEWAY_CONFIG": file.path()], threads: 2) {
                gateway in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            for _ in 0..<30 {
                                let answer = try await gateway.get("/content")
                                #expect(answer.status == 200)
                            }
                        }
                    }
                    group.addTask {
                        for round in 0..<60 {
                            try "services: {content: {concurrent_requests: \(round % 3 + 1)}}"
                                .write(to: file, atomically: true, encoding: .utf8)
                            gateway.reload()
                            try await Task.sleep(for: .milliseconds(5))
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    private static var isHangUpHandled: Bool {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != 0
    }

    @Test func aHangUpSignalHasTheFileReadAgain() async throws {
        try await withFile("access: []") { file in
            try await withGateway(environment: ["GATEWAY_CONFIG": file.path()]) { gateway in
                #expect(try await gateway.get("/content/1").status == 401)
                try "access: [{paths: [/content/*], access: public}]"
                    .write(to: file, atomically: true, encoding: .utf8)
                // Until the gateway listens for it, the signal would end the test's own process.
                try await eventually { Self.isHangUpHandled }
                try await eventually {
                    kill(getpid(), SIGHUP)
                    return try await gateway.get("/content/1").status == 200
                }
            }
        }
    }
}
