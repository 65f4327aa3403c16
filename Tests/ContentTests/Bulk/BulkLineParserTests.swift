import FoundationEssentials
import Testing
import WireProtocol

@testable import Content

struct BulkLineParserTests {
    private static let good =
        #"{"knowledge_id": 1, "chapter_id": "a", "language": "en", "content_type": "lesson", "title": "T", "body": "B"}"#

    private func parse(_ line: String) -> BulkLineParser.Result? {
        var parser = BulkLineParser()
        return parser.parse(Array(line.utf8)[...], number: 7)
    }

    private func faults(_ line: String) -> [String] {
        guard case .failure(let failure)? = parse(line) else { return [] }
        return failure.errors.map { "\($0.field) \($0.message)" }
    }

    @Test func `A good line is read whole`() throws {
        let text =
            #" {"title":"\u00e9\uD83D\uDE00\"\\\/","body":"\b\f\n\r\tשלום","language":"PT-br","extra":[1,{"a":null}],"knowledge_id":12,"chapter_id":"c","content_type":"quiz","format":"html","metadata":{"a": [1e3]},"status":"published"} "#
        guard case .line(let line)? = parse(text) else {
            Issue.record("refused: \(faults(text))")
            return
        }
        #expect(line.number == 7)
        #expect(line.place.knowledgeID == 12)
        #expect(line.place.language.description == "pt-BR")
        #expect(line.title == "é😀\"\\/")
        #expect(line.body == "\u{8}\u{C}\n\r\tשלום")
        #expect(line.format == .html)
        #expect(line.metadata?.text == #"{"a": [1e3]}"#)
        #expect(line.status == .published)
    }

    @Test func `White space is no line`() {
        #expect(parse("") == nil)
        #expect(parse(" \t\r") == nil)
    }

    @Test(arguments: [
        ("x", "line is not a JSON object"), ("{", "line is not a JSON object"), ("[]", "line is not a JSON object"),
        (#"{"title": "a" "body"}"#, "line is not a JSON object"), (#"{"title": "a",}"#, "line is not a JSON object"),
        (#"{"a": 01}"#, "line is not a JSON object"), (#"{"a": .5}"#, "line is not a JSON object"),
        (#"{"a": +1}"#, "line is not a JSON object"), (#"{"a": 1.}"#, "line is not a JSON object"),
        (#"{"a": nul}"#, "line is not a JSON object"), (#"{"a": "\x"}"#, "line is not a JSON object"),
        (#"{"a": "\u12"}"#, "line is not a JSON object"), ("{\"a\": \"\t\"}", "line is not a JSON object"),
        (#"{"a": 1} {}"#, "line is not a JSON object"), (#"{"a": "\ud800"}"#, "line contains half of a surrogate pair"),
        (#"{"a": "\udc00"}"#, "line contains half of a surrogate pair"),
        (#"{"a": "\ud800\u0041"}"#, "line contains half of a surrogate pair"),
        (#"{"a": "\u0000"}"#, "line must not contain the character U+0000"),
        ("{\"a\": \"\0\"}", "line must not contain the character U+0000"),
        (#"{"a": 1e999}"#, "line contains a number that is too large, or too small"),
        (#"{"a": 1e-99999}"#, "line contains a number that is too large, or too small"),
        (#"{"a": 0e-99999}"#, "line contains a number that is too large, or too small"),
        (#"{"a": 0e9223372036854775808}"#, "line contains a number that is too large, or too small"),
        (#"{"a": 0e-9223372036854775808}"#, "line contains a number that is too large, or too small"),
        (String(repeating: #"{"a":"#, count: 65), "line is nested deeper than 64 levels"),
        (#"{"a":"# + String(repeating: "[", count: 100_000), "line is nested deeper than 64 levels"),
    ])
    func `What is not JSON of ours is told of the line`(line: String, fault: String) {
        #expect(faults(line) == [fault])
    }

    @Test func `Invalid UTF-8 is told of the line`() {
        var parser = BulkLineParser()
        let bytes = Array(#"{"title": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        guard case .failure(let failure)? = parser.parse(bytes[...], number: 1) else {
            Issue.record("taken")
            return
        }
        #expect(failure.errors.map(\.message) == ["is not UTF-8"])
    }

    @Test func `Everything that is wrong with the fields is told at once`() {
        #expect(
            faults(#"{"knowledge_id": "1", "chapter_id": null, "language": "!", "title": 3, "format": "doc"}"#) == [
                "knowledge_id must be a whole number", "chapter_id must not be null", "title must be a string",
                "format must be one of markdown, html, plain",
                "language must be a BCP 47 language tag, such as en or pt-BR",
                "content_type is missing", "body is missing",
            ])
        #expect(
            faults(Self.good.replacing("\"a\"", with: "\"\(String(repeating: "x", count: 51))\"")) == [
                "chapter_id must have 1 to 50 characters"
            ])
    }

    @Test func `It takes and refuses what Foundation's parser does, however a line is mangled`() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0123aeEfnrtbl.+-/ 9é"#.utf8) + [0xFF, 0x1F]
        let line = Array(
            #"{"knowledge_id":1,"chapter_id":"a","language":"en","content_type":"l","title":"\u00e9","body":"é","metadata":{"a":[1.5e3,true,null]}}"#
                .utf8)
        for _ in 0..<5_000 {
            var bytes = line
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = alphabet.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
                }
            }
            var parser = BulkLineParser()
            guard case .line(let parsed)? = parser.parse(bytes[...], number: 1) else { continue }
            let reference = try JSONDecoder().decode(NewContent.self, from: Data(bytes))
            #expect(Array(reference.title.utf8) == Array(parsed.title.utf8))
            #expect(Array(reference.body.utf8) == Array(parsed.body.utf8))
            #expect(reference.chapterID == parsed.place.chapterID)
            #expect((reference.metadata == nil) == (parsed.metadata == nil))
        }
    }
}
