import NIOCore
import Testing

@testable import Content

struct LineSplitterTests {
    private static let text = "one\n\ntwo\r\nthree is long\nfour"

    @Test(arguments: 1...text.utf8.count)
    func `Lines are the same however the bytes are cut`(size: Int) {
        var splitter = LineSplitter(maximumLength: 20)
        var lines: [String] = []
        var rest = Array(Self.text.utf8)[...]
        while !rest.isEmpty {
            splitter.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let line = splitter.next() { lines.append(line.string) }
        }
        if let line = splitter.last() { lines.append(line.string) }
        #expect(lines == ["one", "", "two\r", "three is long", "four"])
        #expect(splitter.last() == nil)
    }

    @Test(arguments: 1...40)
    func `A line that is too long is told once, and the next is whole`(size: Int) {
        var splitter = LineSplitter(maximumLength: 5)
        var lines: [String] = []
        var rest = Array("short\nmuch too long for this\nnext\nagain too long".utf8)[...]
        while !rest.isEmpty {
            splitter.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let line = splitter.next() { lines.append(line.string) }
        }
        if let line = splitter.last() { lines.append(line.string) }
        #expect(lines == ["short", "TOO LONG", "next", "TOO LONG"])
    }
}

extension LineSplitter.Line {
    fileprivate var string: String {
        switch self {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .tooLong: "TOO LONG"
        }
    }
}
