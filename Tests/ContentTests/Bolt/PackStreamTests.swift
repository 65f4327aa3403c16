import Foundation
import NIOCore
import Testing

@testable import Content

@Suite("PackStream")
struct PackStreamTests {
    /// The same as in `record.py`, by the same names.
    static let values: [String: BoltValue] = {
        var values: [String: BoltValue] = [
            "null": .null, "true": true, "false": false,
            "float 0.0": .float(0), "float 1.1": .float(1.1), "float -1.1": .float(-1.1), "float 1e+300": .float(1e300),
            "float inf": .float(.infinity), "float -inf": .float(-.infinity),
            "text in many scripts": "½ Équal 學習 تعلّم 🎓",
            "lists in maps in lists": [["a": [["b": [.null, [true, ["c": [:]]]]]]]],
            "date": .date(BoltDate(days: 20_781)), "date before 1970": .date(BoltDate(days: -56_270)),
            "time": .time(BoltTime(nanoseconds: 49_800_123_456_789, offset: 7_200)),
            "local time": .localTime(BoltLocalTime(nanoseconds: 49_800_000_000_001)),
            "moment in UTC": .dateTime(BoltDateTime(seconds: 1_795_528_200, nanoseconds: 123_456_000, offset: 0)),
            "moment elsewhere": .dateTime(BoltDateTime(seconds: 1_795_548_000, nanoseconds: 0, offset: -19_800)),
            "moment before 1970": .dateTime(BoltDateTime(seconds: -1, nanoseconds: 999_999_000, offset: 0)),
            "moment in a zone": .zonedDateTime(
                BoltZonedDateTime(seconds: 1_782_900_000, nanoseconds: 0, zone: "Europe/Berlin")),
            "local moment": .localDateTime(BoltLocalDateTime(seconds: 1_795_528_200, nanoseconds: 5_000)),
            "duration": .duration(BoltDuration(months: 14, days: -3, seconds: 70, nanoseconds: 9)),
            "point in the plane": .point2D(BoltPoint2D(srid: 7_203, x: 1.5, y: -2.5)),
            "point in space": .point3D(BoltPoint3D(srid: 9_157, x: 1.5, y: -2.5, z: 3)),
            "point on the globe": .point2D(BoltPoint2D(srid: 4_326, x: 13.4, y: 52.5)),
            "node": .node(node(7)),
            "relationship": .relationship(
                BoltRelationship(
                    id: 3, startID: 7, endID: 8, type: "REQUIRES", properties: ["since": 2026], elementID: "5:x:3",
                    startElementID: "4:x:7", endElementID: "4:x:8")),
            "unbound relationship": .unboundRelationship(unbound),
            "path": .path(BoltPath(nodes: [node(7), node(8)], relationships: [unbound], indices: [1, 1, -1, 0])),
        ]
        let edges: [Int64] = [
            0, 1, -1, -16, -17, 127, 128, -128, -129, 255, 256, 32_767, 32_768, -32_768, -32_769, 2_147_483_647,
            2_147_483_648, -2_147_483_648, -2_147_483_649, .max, .min,
        ]
        for edge in edges { values["integer \(edge)"] = .integer(edge) }
        for size in [0, 1, 15, 16, 255, 256, 65_535, 65_536] {
            values["string of \(size)"] = .string(String(repeating: "x", count: size))
            values["bytes of \(size)"] = .bytes(Array(repeating: 7, count: size))
            values["list of \(size)"] = .list(Array(repeating: 1, count: size))
        }
        for size in [0, 1, 15, 16, 255, 256, 65_536] {
            values["map of \(size)"] = .map(BoltMap(uniqueKeysWithValues: (0..<size).map { ("k\($0)", 1) }))
        }
        return values
    }()

    static func node(_ number: Int64) -> BoltNode {
        BoltNode(id: number, labels: ["Concept"], properties: ["slug": "a"], elementID: "4:x:\(number)")
    }

    static var unbound: BoltUnboundRelationship {
        BoltUnboundRelationship(id: 3, type: "REQUIRES", properties: [:], elementID: "5:x:3")
    }

    @Test("each value has the very bytes that Neo4j's own driver gives it")
    func golden() throws {
        let golden = try BoltGolden<[String: String]>.load("packstream.json")
        #expect(Set(golden.keys) == Set(Self.values.keys))
        for (name, value) in Self.values {
            let ours = try BoltRequest.run("RETURN $x", ["x": value], [:]).encoded()
            #expect(ours.short == golden[name], "\(name)")
        }
    }

    @Test("each value comes back from its bytes")
    func roundTrip() throws {
        for (name, value) in Self.values {
            var decoder = PackStreamDecoder(try BoltRequest.run("RETURN $x", ["x": value], [:]).encoded())
            #expect(try decoder.message().fields[1] == .map(["x": value]), "\(name)")
        }
    }

    @Test(
        "longer forms than needed are read, too",
        arguments: [
            ("c801", 1), ("c90001", 1), ("ca00000001", 1), ("cb0000000000000001", 1),
            ("d00161", "a"), ("d1000161", "a"), ("d20000000161", "a"), ("d40101", [1]), ("d5000101", [1]),
            ("d60000000101", [1]), ("d801816101", ["a": 1]), ("d90001816101", ["a": 1]), ("da00000001816101", ["a": 1]),
            ("cc0107", .bytes([7])), ("cd000107", .bytes([7])), ("ce0000000107", .bytes([7])),
        ] as [(String, BoltValue)])
    func longForms(hex: String, value: BoltValue) throws {
        #expect(try decoded(hex) == value)
    }

    @Test(
        "what is no value is refused",
        arguments: [
            ("", PackStreamError.truncated), ("c1", .truncated), ("d005", .truncated), ("816161", .trailingBytes),
            ("81", .truncated), ("81ff", .invalidText), ("a1", .truncated), ("a10101", .keyIsNoText),
            ("a281610181 6102".filter { $0 != " " }, .repeatedKey("a")), ("c4", .unknownMarker(0xC4)),
            ("dc", .unknownMarker(0xDC)), ("df", .unknownMarker(0xDF)), ("b158", .truncated),
            ("b35801", .truncated), ("b3580102c0", .structure(tag: 0x58)), ("b14680", .structure(tag: 0x46)),
            ("b14401".replacing("01", with: "8161"), .structure(tag: 0x44)), ("c0c0", .trailingBytes),
            // Sizes far beyond the message.
            ("d2ffffffff", .truncated), ("ceffffffff", .truncated), ("d6ffffffff", .truncated),
            ("daffffffff", .truncated),
            // A path whose indices lead nowhere.
            ("b350909090", .structure(tag: 0x50)),
        ])
    func refused(hex: String, error: PackStreamError) {
        #expect(throws: error) { try decoded(hex) }
    }

    @Test("nesting is bounded, for lists, maps and structures alike", arguments: ["91", "a18161", "b144"])
    func depth(opening: String) {
        #expect(throws: PackStreamError.tooDeep) { try decoded(String(repeating: opening, count: 100_000)) }
    }

    @Test("so is the number of values, for they take more memory than bytes")
    func count() {
        let claimed = PackStreamDecoder.maximumValues + 1
        let bytes = String(format: "d6%08x", claimed) + String(repeating: "c0", count: claimed)
        #expect(throws: PackStreamError.tooManyValues) { try decoded(bytes) }
    }

    @Test("and values count as soon as they are claimed, for room is made for them", arguments: ["d6", "da"])
    func claims(marker: String) {
        // Each claims what the message may just hold, as the first of what the one before claims.
        let key = marker == "da" ? "8161" : ""
        let nested = (0..<6).map { _ in String(format: "\(marker)%08x", 200_000) + key }.joined()
        let bytes = nested + String(repeating: "c0", count: 450_000)
        #expect(throws: PackStreamError.tooManyValues) { try decoded(bytes) }
    }

    /// The one field of a message.
    private func decoded(_ hex: String) throws -> BoltValue? {
        var decoder = PackStreamDecoder(ByteBuffer(hex: "b170" + hex))
        return try decoder.message().fields.first
    }
}
