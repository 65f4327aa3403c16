import FoundationEssentials
import Testing

@testable import Postgres

struct ValueTextTests {
    @Test(arguments: [
        (0.0, "1970-01-01 00:00:00+00"),
        (-0.000001, "1969-12-31 23:59:59.999999+00"),
        (1_709_251_199.5, "2024-02-29 23:59:59.500000+00"),
        (951_782_400, "2000-02-29 00:00:00+00"),
        (253_402_300_799, "9999-12-31 23:59:59+00"),
        (253_402_300_800, "10000-01-01 00:00:00+00"),
        (-62_135_596_800, "0001-01-01 00:00:00+00"),
        (-62_135_596_801, "0001-12-31 23:59:59+00 BC"),
        (9_224_318_015_999, "9224318015999.0"),
        (.infinity, "inf"),
        (.nan, "nan"),
    ])
    func `a date is text in UTC`(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).postgresParameter == .text(text))
    }

    @Test func `array elements are quoted whatever they hold`() {
        let array = ["", "NULL", "a b", "{,}", #"say "hi""#, #"back\slash"#, "ß\n☃"]
        let text = #"{"","NULL","a b","{,}","say \"hi\"","back\\slash","ß"# + "\n" + #"☃"}"#
        #expect(array.postgresParameter == .text(text))
    }

    @Test func `an array may hold nothing, NULL and bytes`() {
        #expect([String]().postgresParameter == .text("{}"))
        #expect([1, nil, 3].postgresParameter == .text(#"{"1",NULL,"3"}"#))
        #expect([Data([0, 255])].postgresParameter == .text(#"{"\\x00ff"}"#))
    }

    @Test func `bytes are one value, not an array`() {
        #expect(([1, 2] as [UInt8]).postgresParameter == .binary([1, 2]))
    }

    @Test func `an enumeration is its raw value`() {
        #expect(Level.hard.postgresParameter == .text("hard"))
    }

    @Test func `COPY rows escape what the format uses`() {
        var writer = CopyTextWriter()
        writer.append(["tab\there", "line\nend\r", #"back\slash"#, String?.none, 7, true, Data([0xAB])])
        let line =
            #"tab\there"# + "\t" + #"line\nend\r"# + "\t" + #"back\\slash"# + "\t" + #"\N"# + "\t7\tt\t" + #"\\xab"#
            + "\n"
        #expect(String(decoding: writer.take(), as: UTF8.self) == line)
        #expect(writer.take().isEmpty)
    }

    @Test func `text with U+0000 is refused before it is sent`() {
        #expect(throws: PostgresError.invalidParameter("$2 contains U+0000")) { try EncodedParameters(["a", "b\0c"]) }
    }

    @Test func `more parameters than the protocol has are refused`() {
        let many = [any PostgresEncodable](repeating: 1, count: 65_536)
        #expect(throws: PostgresError.self) { try EncodedParameters(many) }
    }

    @Test func `identifiers are quoted`() {
        #expect(SQL.identifier(#"a"b"#).text == #""a""b""#)
    }

    @Test func `a resource's name gives version and name`() {
        let migration = Migration(resource: "0012_full_text.sql", Array("SELECT 1".utf8))
        #expect(migration.version == 12)
        #expect(migration.name == "full_text")
        #expect(migration.checksum == "e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5")
    }
}

enum Level: String, PostgresEncodable, PostgresDecodable {
    case easy, hard
}
