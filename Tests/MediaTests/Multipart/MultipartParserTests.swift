import NIOCore
import Testing

@testable import Media

@Suite("Multipart bodies")
struct MultipartParserTests {
    static let bodies: [String] = [
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n",
        "preamble\r\n--b  \t\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--\r\n-\r\n--not b\r\n\r\n--b--epilogue",
        "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n--b\r\ncontent-disposition: form-data; name=y\r\n\r\n\r\n\r\n--b--",
        "--b\r\nX: 1\r\nContent-Disposition: form-data;\r\n name=x\r\n\r\n\r\r\n\r--b\r\n--b--",
    ]

    @Test("are the same in whatever pieces they come", arguments: bodies)
    func everySplit(_ body: String) throws {
        let whole = Result { () throws(MultipartFault) in try parse([body]) }
        let bytes = Array(body.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map {
                    String(decoding: $0, as: UTF8.self)
                }
                #expect(Result { () throws(MultipartFault) in try parse(pieces) } == whole)
            }
        }
        let single = bytes.map { String(decoding: [$0], as: UTF8.self) }
        #expect(Result { () throws(MultipartFault) in try parse(single) } == whole)
    }

    @Test("give each part its content")
    func contents() throws {
        #expect(try parse([Self.bodies[0]]) == [Parsed("file", filename: "a.txt", "hello")])
        #expect(try parse([Self.bodies[1]]) == [Parsed("x", "\r\n--\r\n-\r\n--not b\r\n")])
        #expect(try parse([Self.bodies[2]]) == [Parsed("x", ""), Parsed("y", "\r\n")])
    }

    @Test("that are cut off anywhere before the closing delimiter are refused")
    func cutOff() throws {
        let bytes = Array(Self.bodies[0].utf8)
        let closing = bytes.count - "\r\n".utf8.count
        for length in 0..<closing {
            let part = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(throws: MultipartFault.cutOff) { try parse([part]) }
        }
    }

    @Test(
        "that break the rules are refused",
        arguments: [
            ("--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--bad\r\n", MultipartFault.brokenDelimiter),
            ("--b-\r\n", .brokenDelimiter), ("--b \n", .brokenDelimiter),
            ("--b\r\nno colon\r\n\r\n", .brokenHeader), ("--b\r\n: no name\r\n\r\n", .brokenHeader),
            ("--b\r\n\r\nno headers\r\n--b--", .unnamedPart),
            ("--b\r\nContent-Disposition: form-data\r\n\r\n", .unnamedPart),
            ("--b\r\nContent-Disposition: attachment; name=x\r\n\r\n", .unnamedPart),
            ("--b\r\nContent-Type: text/plain\r\n\r\n", .unnamedPart),
            (
                "--b\r\nContent-Disposition: form-data; name=x\r\nContent-Disposition: form-data; name=y\r\n\r\n",
                .brokenHeader
            ),
        ])
    func broken(_ body: String, _ fault: MultipartFault) {
        #expect(throws: fault) { try parse([body]) }
    }

    @Test("may not make us keep endless headers")
    func endlessHeaders() {
        let pieces = ["--b\r\n"] + repeatElement("X: " + String(repeating: "x", count: 1_000) + "\r\n", count: 10)
        #expect(throws: MultipartFault.headersTooLarge) { try parse(pieces) }
        let padding = ["--b"] + repeatElement(String(repeating: " ", count: 1_000), count: 10)
        #expect(throws: MultipartFault.brokenDelimiter) { try parse(padding) }
    }

    @Test("hold no more than a delimiter back")
    func passesContentOn() throws {
        var parser = MultipartParser(boundary: try MultipartBoundary("b"))
        parser.append(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n"))
        _ = try parser.next()
        #expect(try parser.next() == nil)
        parser.append(ByteBuffer(string: String(repeating: "x", count: 1_000)))
        guard case .content(let bytes) = try parser.next() else { Issue.record("no content"); return }
        #expect(bytes.readableBytes >= 1_000 - "\r\n--b".utf8.count)
    }

    @Test(
        "need a boundary that RFC 2046 allows",
        arguments: ["", "a\"b", "ends in space ", String(repeating: "x", count: 71), "ä"])
    func badBoundary(_ text: String) {
        #expect(throws: MultipartFault.noBoundary) { try MultipartBoundary(text) }
    }

    private func parse(_ pieces: [String]) throws(MultipartFault) -> [Parsed] {
        var parser = MultipartParser(boundary: try MultipartBoundary("b"))
        var parts: [Parsed] = []
        for piece in pieces {
            parser.append(ByteBuffer(string: piece))
            while let event = try parser.next() {
                switch event {
                case .began(let part): parts.append(Parsed(part.name, filename: part.filename, ""))
                case .content(let bytes): parts[parts.count - 1].content += String(buffer: bytes)
                case .ended: parts[parts.count - 1].isWhole = true
                }
            }
        }
        try parser.finish()
        return parts
    }
}

private struct Parsed: Equatable {
    let name: String
    let filename: String?
    var content: String
    var isWhole = true

    init(_ name: String, filename: String? = nil, _ content: String) {
        self.name = name
        self.filename = filename
        self.content = content
    }
}
