import FoundationEssentials
import Testing
import WireProtocol

/// Checks that `value` is written as exactly `json` and read back from it, so that a change of the wire shows in review.
func expectGolden<Value: Codable & Equatable>(
    _ value: Value, _ json: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let written = String(decoding: try WireJSON.encode(value), as: UTF8.self)
    #expect(written == json, sourceLocation: sourceLocation)
    #expect(try WireJSON.decode(Value.self, from: Data(json.utf8)) == value, sourceLocation: sourceLocation)
}

let someID = Identifier("00000000-0000-4000-8000-00000000000a")!
let someTime = Timestamp.parse("2026-03-01T08:30:00.250Z")!
