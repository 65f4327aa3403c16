import NIOCore
import Testing

@testable import Gateway

@Suite struct RequestParserTests {
    private func parse(_ text: String, limit: Int = 16 << 10) throws(MessageFault) -> RequestHead? {
        var parser = RequestParser(maximumHeadBytes: limit, kinds: FieldKindTable())
        return try ByteBuffer(string: text).withUnsafeReadableBytes { (bytes) throws(MessageFault) in
            try parser.parse(bytes)
        }
    }

    private func fault(_ text: String) -> MessageFault? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("GET /content HTTP/1.1\nHost: a\r\n\r\n", MessageFault.bareLineFeed),
        ("GET /content HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        ("GET /content HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        ("\nGET /content HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        ("GET /content HTTP/1.1\r\nHost : a\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost\t: a\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", .foldedLine),
        ("GET /content HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", .foldedLine),
        ("GET /content HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost: a\r\nb(c): d\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost: a\r\nb: c\0d\r\n\r\n", .controlCharacter),
        ("GET /content HTTP/1.1\r\nHost: a\r\nb: c\rd\r\n\r\n", .controlCharacter),
        ("GET /content HTTP/1.1\r\nHost: a\r\nb: \u{7F}\r\n\r\n", .controlCharacter),
        ("GET /content HTTP/1.1\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost:\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost: a b\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost: user@a\r\n\r\n", .host),
        ("GET /content HTTP/1.1\r\nHost: a/b\r\n\r\n", .host),
        ("GET http://b/content HTTP/1.1\r\nHost: a\r\n\r\n", .host),
        (
            "POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            .contentLength
        ),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", .contentLength),
        ("POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .transferEncoding),
        ("POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", .transferEncoding),
        ("POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", .transferEncoding),
        ("POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .transferEncoding),
        (
            "POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferEncoding
        ),
        ("POST /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n", .controlCharacter),
        ("POST /content HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncoding),
        ("GET /content HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n", .connection),
        ("GET /content HTTP/1.1\r\nHost: a\r\nConnection: close, Content-Length\r\n\r\n", .connection),
        ("GET /content HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", .fieldName),
        ("GET /content HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", .expectation),
        ("GET  /content HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("GET /content  HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        (" GET /content HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("GET /content\r\nHost: a\r\n\r\n", .startLine),
        ("GET /content HTTP/1.1 \r\nHost: a\r\n\r\n", .startLine),
        ("GET /content http/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("GET /content HTTP/1.2\r\nHost: a\r\n\r\n", .version),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .version),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", .forbiddenMethod),
        ("TRACE /content HTTP/1.1\r\nHost: a\r\n\r\n", .forbiddenMethod),
        ("QUERY /content HTTP/1.1\r\nHost: a\r\n\r\n", .forbiddenMethod),
        ("get /content HTTP/1.1\r\nHost: a\r\n\r\n", .method),
    ])
    func aMessageThatTwoParsersMightReadDifferentlyIsRefused(_ text: String, _ expected: MessageFault) {
        #expect(fault(text) == expected)
    }

    @Test(arguments: [
        "/content/../internal", "/content/..", "/content/.", "/./content", "//internal/events", "/content//x",
        "/content/%2e%2e/internal", "/content/.%2E/x", "/content/%2Finternal", "/content/%5c..", "/content\\x",
        "/content/%00", "/content/%0d%0a", "/content/%zz", "/content/%2", "/content/..;/internal", "/content/.;a=b",
        "/content#fragment", "/content?a#b", "*", "content", "http://a", "https://a/content", "/content/\u{E4}",
        "/content/%7f", "/content/\"x", "/content/<x>", "/content/{id}", "/content?a=\u{E4}",
    ])
    func aTargetThatIsNotPlainIsRefused(_ target: String) {
        #expect(fault("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") == .target)
    }

    @Test(arguments: [
        "/content", "/content/", "/content/...", "/content/.hidden", "/content/..a", "/content/a..", "/content/a%20b",
        "/content/%25", "/content?next=/../x", "/content?q=a%2Fb&c=[1]", "/knowledge/1/chapters/a.b;c=d",
        "/auth/.well-known/jwks.json",
    ])
    func aPlainTargetPasses(_ target: String) throws {
        #expect(try parse("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") != nil)
    }

    @Test func theAbsoluteFormIsTheSameTarget() throws {
        let text = "GET http://a.example:8080/content?x HTTP/1.1\r\nHost: a.example:8080\r\n\r\n"
        let head = try #require(try parse(text))
        let bytes = Array(text.utf8)
        #expect(String(decoding: bytes[head.target], as: UTF8.self) == "/content?x")
        #expect(String(decoding: bytes[head.path], as: UTF8.self) == "/content")
    }

    @Test func aHeadIsTheSameHoweverItArrives() throws {
        let text =
            "\r\nPOST /media HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nX-Request-Id: abc\r\nConnection: close\r\n\r\nbody"
        let bytes = Array(text.utf8)
        for split in 1..<bytes.count {
            var parser = RequestParser(maximumHeadBytes: 1024, kinds: FieldKindTable())
            let early = try bytes[..<split].withUnsafeBytes { try parser.parse($0) }
            let head = try #require(try early ?? bytes.withUnsafeBytes { try parser.parse($0) })
            #expect(head.length == bytes.count - 4)
            #expect(head.framing == .length(12))
            #expect(!head.isPersistent)
            #expect(head.requestID.map { String(decoding: bytes[$0], as: UTF8.self) } == "abc")
        }
    }

    @Test func aHeadIsMeasuredWithItsRequestLine() throws {
        let rest = " HTTP/1.1\r\nHost: a\r\n\r\n"
        let fitting = "GET /" + String(repeating: "a", count: 1024 - 5 - rest.utf8.count)
        #expect(try parse(fitting + rest, limit: 1024) != nil)
        #expect(throws: MessageFault.headTooLarge) { try parse(fitting + "a" + rest, limit: 1024) }
        #expect(throws: MessageFault.headTooLarge) { try parse(String(repeating: "a", count: 1024), limit: 1024) }
        let many = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a:b\r\n", count: 128) + "\r\n"
        #expect(throws: MessageFault.headTooLarge) { try parse(many) }
    }

    @Test(arguments: [
        (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false), ("a b", false),
        ("a\u{E4}", false), ("a\tb", false), ("0af7-_.!~", true),
    ])
    func aRequestIDIsTakenWhenItIsSane(_ id: String, _ isTaken: Bool) throws {
        let head = try #require(try parse("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\r\n\r\n"))
        #expect((head.requestID != nil) == isTaken)
    }

    @Test(arguments: [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
        ("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
        ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false),
        ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x", false), ("", false),
    ])
    func aTraceParentIsTakenWhenItIsWellFormed(_ value: String, _ isTaken: Bool) throws {
        let head = try #require(try parse("GET / HTTP/1.1\r\nHost: a\r\nTraceparent: \(value)\r\n\r\n"))
        #expect((head.traceParent != nil) == isTaken)
    }
}
