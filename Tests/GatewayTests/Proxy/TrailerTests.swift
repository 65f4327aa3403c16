import AsyncHTTPClient
import NIOCore
import NIOHPACK
import Testing

@testable import Gateway

/// Fields behind a body (RFC 9110 §6.5), which pass both ways.
@Suite struct TrailerTests {
    private func post(_ gateway: TestGateway, _ fields: String, trailers: String) async throws -> TestMessage {
        let token = try await gateway.tokens.token(.teacher)
        return try await gateway.send(
            "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nTransfer-Encoding: chunked\r\n\(fields)"
                + "\r\n5\r\nhello\r\n0\r\n\(trailers)\r\n")
    }

    @Test func trailersReachTheServiceAndItsTrailersTheClient() async throws {
        let content = try await TestUpstream { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: server-timing\r\n\r\n2\r\nok\r\n0\r\n"
                    + "server-timing: db;dur=2\r\netag: \"a\"\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            let answer = try await post(
                gateway, "Trailer: X-Sum\r\nTE: trailers\r\n", trailers: "X-Sum: 5\r\nX-B:  c\r\n")
            #expect(answer.body == "ok")
            #expect(answer["trailer"] == "server-timing")
            #expect(answer.trailers == ["server-timing: db;dur=2", "etag: \"a\""])
            let request = try #require(content.requests.last)
            #expect(request.body == "hello")
            #expect(request["trailer"] == "X-Sum")
            #expect(request["te"] == "trailers")
            #expect(request.trailers == ["X-Sum: 5", "X-B:  c"])
        }
    }

    @Test func whatDecidesAboutAMessageCantComeBehindIt() async throws {
        let misplaced =
            "Authorization: Bearer x\r\nHost: b\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nX-User-ID: 1\r\n"
            + "X-Forwarded-For: 1.2.3.4\r\nX-Lyceum-Role: admin\r\nConnection: close\r\nContent-Type: text/html\r\n"
            + "Set-Cookie: a=b\r\nCookie: a=b\r\nTrailer: x\r\nX-Request-ID: 1\r\nTE: trailers\r\nExpect: 100-continue\r\n"
        let content = try await TestUpstream { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\(misplaced)x-left: 1\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            let answer = try await post(gateway, "", trailers: misplaced + "X-Left: 1\r\n")
            #expect(answer.trailers == ["x-left: 1"])
            #expect(content.requests.last?.trailers.contains("X-Left: 1") == true)
            #expect(content.requests.last?.trailers.count == 1)
        }
    }

    @Test func aTextWhoseTrailersAreAnnouncedIsNotCompressedAndOthersLoseTheirs() async throws {
        let text = String(repeating: "a", count: 4000)
        let content = try await TestUpstream { request, connection in
            let announced = request.target == "/content/announced" ? "trailer: repr-digest\r\n" : ""
            try await connection.send(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\(announced)\r\n"
                    + "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n0\r\nrepr-digest: sha-256=:x:\r\n\r\n")
        }
        try await withGateway(content: content) { gateway in
            let whole = try await gateway.get("/content/announced", fields: "Accept-Encoding: gzip\r\n")
            #expect(whole["content-encoding"] == nil)
            #expect(whole.body == text)
            #expect(whole.trailers == ["repr-digest: sha-256=:x:"])
            let compressed = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send(
                    "GET /content/other HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n")
                let head = try await connection.readMessage(hasBody: false)
                while try await connection.readSome() != nil {}
                return head
            }
            #expect(compressed["content-encoding"] == "gzip")
        }
    }

    @Test func anHTTP2TrailerSectionIsWrittenAsHTTP1WritesIt() {
        #expect(RequestText.trailers(HPACKHeaders([("x-sum", "5"), ("b", "c")])) == "x-sum: 5\r\nb: c\r\n")
        for field in [(":path", "/"), ("X", "y"), ("", "y"), ("x", "y\r\nz: 1"), ("x y", "z")] {
            #expect(RequestText.trailers(HPACKHeaders([field])) == nil)
        }
    }
}
