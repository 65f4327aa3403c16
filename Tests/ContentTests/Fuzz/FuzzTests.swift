import NIOCore
import Testing
import WireProtocol

@testable import Content
@testable import ServiceKit

/// `make fuzz`: random and mutated input for the parsers that read what anybody may send. Each test runs for
/// FUZZ_SECONDS. What it does follows from FUZZ_SEED alone, so that a run which fails, or crashes, can be had again.
@Suite("Fuzz", .enabled(if: Fuzzing.seconds != nil), .serialized)
struct FuzzTests {
    @Test func `NDJSON`() throws {
        let samples = [
            #"{"knowledge_id":1,"chapter_id":"a","language":"pt-BR","content_type":"lesson","title":"T","body":"B\n"}"#,
            #"{"knowledge_id":1,"metadata":{"a":[1,2.5e-3,null,true,"\ud83d\ude00"]},"status":"draft"}"#,
            #"{"publish_at":"2026-01-01T00:00:00Z","format":"html","body":"<p>\u00e9"}"#, "[]", "{}", "null",
        ]
        try Fuzzing.run(samples, pieces: ["{", "}", "[", "]", "\"", ":", ",", "\\u", "\\", "1e999", "-", "\n", "\r\n"])
        {
            bytes, random in
            var whole = LineSplitter(maximumLength: 200)
            whole.append(ByteBuffer(bytes: bytes))
            var pieces = LineSplitter(maximumLength: 200)
            var (expected, lines): ([LineSplitter.Line], [LineSplitter.Line]) = ([], [])
            while let line = whole.next() { expected.append(line) }
            if let line = whole.last() { expected.append(line) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &random)
                pieces.append(ByteBuffer(bytes: rest.prefix(count)))
                rest = rest.dropFirst(count)
                while let line = pieces.next() { lines.append(line) }
            }
            if let line = pieces.last() { lines.append(line) }
            #expect(lines.map(Fuzzing.text) == expected.map(Fuzzing.text))
            var parser = BulkLineParser()
            for (number, line) in lines.enumerated() {
                guard case .text(let text) = line else { continue }
                switch parser.parse(text, number: number + 1) {
                case .failure(let failure): #expect(!failure.errors.isEmpty)
                case .line(let line): #expect(!line.title.isEmpty && line.place.knowledgeID > 0)
                case nil: #expect(text.allSatisfy { [0x20, 0x09, 0x0D].contains($0) })
                }
            }
        }
    }

    @Test func `Cursors`() throws {
        let samples = [
            try Cursor.encode(7, list: "content"), try Cursor.encode("pt-BR", list: "content"),
            try Cursor.encode(SearchHit.Key(match: .words, rank: 0.5, id: 3), list: "content"),
        ]
        try Fuzzing.run(samples, pieces: ["=", "-", "_", "e30", "bnVsbA"]) { bytes, _ in
            let text = String(decoding: bytes, as: UTF8.self)
            if let key = Cursor.decode(Int.self, text, list: "content") {
                let again = try Cursor.encode(key, list: "content")
                #expect(Cursor.decode(Int.self, again, list: "content") == key)
            }
            _ = Cursor.decode(String.self, text, list: "content")
            if let key = Cursor.decode(SearchHit.Key.self, text, list: "content") { #expect(key.rank.isFinite) }
        }
    }

    @Test func `Language tags`() throws {
        let samples = [
            "pt-BR", "zh-Hant-TW", "sl-rozaj-biske-1994", "en-a-bb-x-cc", "i-klingon", "zh-yue", "sgn-BE-FR",
        ]
        try Fuzzing.run(samples, pieces: ["-", "x", "u", "419", "Latn", "iw", "\u{130}", "ſ"]) { bytes, _ in
            guard let tag = LanguageTag(String(decoding: bytes, as: UTF8.self)) else { return }
            #expect(LanguageTag(tag.description) == tag)
            #expect(tag.description.utf8.allSatisfy { $0 < 0x80 })
            #expect(tag.lookupChain.first == tag && tag.lookupChain.contains(tag.base))
            for other in tag.lookupChain { #expect(LanguageTag(other.description) == other) }
        }
    }

    @Test func `Accept-Language`() throws {
        let samples = ["da, en-GB;q=0.8, en;q=0.7", "*;q=0.5, zh-TW", "fr;q=0", "en;q=1.000,,;"]
        try Fuzzing.run(samples, pieces: [",", ";", "q=", "*", "0.", "1", "nan", "inf", "-1", "\t", " "]) { bytes, _ in
            let field = AcceptLanguage(String(decoding: bytes, as: UTF8.self))
            #expect(field.tags.count + field.refused.count <= AcceptLanguage.maximumEntries)
            let languages = ReaderLanguages(field)
            #expect(Set(languages.preferred).count == languages.preferred.count)
            #expect(Set(languages.preferred).isDisjoint(with: languages.refused))
        }
    }

    @Test func `HTML`() throws {
        let samples = [
            #"<p class="x">a &amp; b<a href="java&#115;cript:x" title='"'>y</a><!-- c --></p>"#,
            "<table><tr><td>1<td>2</table><script>if (a < b) {}</script><img src=x onerror=y>",
            "<svg><style><img src='</style><p onclick=z>'></svg><textarea></p>",
        ]
        try Fuzzing.run(samples, pieces: HTMLProperties.pieces) { bytes, _ in
            HTMLProperties.check(String(decoding: bytes, as: UTF8.self))
        }
    }
}
