import FoundationEssentials
import HTTPTypes
import ServiceKit
import Testing

@testable import Media

@Suite("Conditions on a file")
struct ContentConditionsTests {
    private static let modified = Date(timeIntervalSince1970: 784_111_777.4)
    private static let same = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test(
        "decide by the tag, then by the time",
        arguments: [
            ([.ifNoneMatch: "\"a\""], .notModified), ([.ifNoneMatch: "W/\"a\""], .notModified),
            ([.ifNoneMatch: "\"x\", \"a\""], .notModified), ([.ifNoneMatch: "*"], .notModified),
            ([.ifNoneMatch: "\"x\""], .send(.whole)),
            ([.ifNoneMatch: "\"x\"", .ifModifiedSince: same], .send(.whole)),
            ([.ifModifiedSince: same], .notModified), ([.ifModifiedSince: earlier], .send(.whole)),
            ([.ifModifiedSince: "yesterday"], .send(.whole)),
            ([.ifMatch: "\"a\""], .send(.whole)), ([.ifMatch: "*"], .send(.whole)), ([.ifMatch: "W/\"a\""], .failed),
            ([.ifMatch: "\"x\""], .failed), ([.ifUnmodifiedSince: earlier], .failed),
            ([.ifUnmodifiedSince: same], .send(.whole)), ([.ifMatch: "\"x\"", .ifNoneMatch: "\"a\""], .failed),
        ] as [(HTTPFields, ContentConditions.Outcome)])
    func preconditions(_ headers: HTTPFields, _ outcome: ContentConditions.Outcome) {
        #expect(Self.outcome(headers) == outcome)
    }

    @Test(
        "let a range count only for the very file that the caller has",
        arguments: [
            ([.ifRange: "\"a\""], .part(0..<5)), ([.ifRange: "\"old\""], .whole), ([.ifRange: "W/\"a\""], .whole),
            ([.ifRange: same], .part(0..<5)), ([.ifRange: earlier], .whole), ([.ifRange: "nonsense"], .whole),
            ([:], .part(0..<5)),
        ] as [(HTTPFields, ByteRange)])
    func ifRange(_ headers: HTTPFields, _ range: ByteRange) {
        var headers = headers
        headers[.range] = "bytes=0-4"
        #expect(Self.outcome(headers) == .send(range))
        #expect(Self.outcome(headers, method: .head) == .send(.whole))
    }

    @Test("write and read times as RFC 9110 has them")
    func dates() {
        #expect(HTTPDate.text(of: Self.modified) == Self.same)
        #expect(HTTPDate.parse(Self.same) == Date(timeIntervalSince1970: 784_111_777))
        for text in ["", "Sun, 06 Nov 1994 08:49:37", "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"]
        {
            #expect(HTTPDate.parse(text) == nil)
        }
    }

    @Test(
        "name the file in a way that no name can break",
        arguments: [
            ("plain.txt", #"attachment; filename="plain.txt""#),
            (#"a"b\c.txt"#, #"attachment; filename="a\"b\\c.txt""#),
            ("naïve €.txt", #"attachment; filename="na_ve _.txt"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt"#),
        ])
    func disposition(_ filename: String, _ field: String) {
        #expect(ContentDisposition(kind: .attachment, filename: filename).description == field)
    }

    private static func outcome(_ headers: HTTPFields, method: HTTPRequest.Method = .get) -> ContentConditions.Outcome {
        ContentConditions(headers, method: method).outcome(etag: "\"a\"", lastModified: modified, size: 10)
    }
}
