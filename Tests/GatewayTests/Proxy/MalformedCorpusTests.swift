import Foundation
import NIOCore
import Testing

@testable import Gateway

@Suite struct MalformedCorpusTests {
    private static let hidden = "GET /content/hidden HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let refusals: Set<Int> = [400, 405, 413, 417, 431, 501, 505]

    /// What comes back for `text` with another request hidden behind it.
    private func answers(_ gateway: TestGateway, to text: String) async throws -> String {
        try await TestConnection.open(to: gateway.address) { connection in
            // Latin-1, so that a code point up to U+00FF is one byte.
            try await connection.send(
                ByteBuffer(bytes: (text + Self.hidden).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }))
            connection.finishSending()
            return try await connection.readToEnd()
        }
    }

    private func check(_ answers: String, to text: String, statuses: Set<Int>) {
        let shown = text.prefix(200).debugDescription
        guard !answers.isEmpty else { return }
        let first = TestMessage(head: answers)
        #expect(statuses.contains(first.status), "\(shown): \(first.startLine)")
        #expect(answers.components(separatedBy: "\r\nx-request-id: ").count == 2, "\(shown): more than one answer")
        #expect(answers.lowercased().contains("\r\nconnection: close\r\n"), "\(shown): kept")
    }

    @Test func noMalformedMessageReachesAService() async throws {
        #expect(MalformedCorpus.all.count >= 150)
        #expect(Set(MalformedCorpus.all).count == MalformedCorpus.all.count)
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            for text in MalformedCorpus.heads {
                check(try await answers(gateway, to: text), to: text, statuses: Self.refusals)
            }
            let token = try await gateway.tokens.token(.teacher)
            let head =
                "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nTransfer-Encoding: chunked\r\n\r\n"
            for body in MalformedCorpus.bodies {
                check(try await answers(gateway, to: head + body), to: body, statuses: [400])
            }
            #expect(!content.requests.contains { $0.target.hasPrefix("/content") })
            #expect(try await gateway.get("/content").status == 200)
        }
    }
}
