import Testing

@testable import Media

@Suite("Byte ranges of a file of 1000 bytes")
struct ByteRangeTests {
    @Test(
        "that can be served",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=0-999", 0..<1_000), ("bytes=500-", 500..<1_000), ("bytes=-1", 999..<1_000),
            ("bytes=-5000", 0..<1_000), ("bytes=999-5000", 999..<1_000), ("Bytes= 1-2 ", 1..<3),
            ("bytes=0-99999999999999999999999", 0..<1_000),
        ])
    func satisfiable(_ field: String, _ range: Range<Int>) {
        #expect(ByteRange(field, size: 1_000) == .part(range))
    }

    @Test(
        "beyond the end are not satisfiable",
        arguments: ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999-"])
    func unsatisfiable(_ field: String) {
        #expect(ByteRange(field, size: 1_000) == .unsatisfiable)
    }

    @Test(
        "that are broken, several, or of another unit are ignored",
        arguments: [
            "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=2-1", "bytes=1", "bytes=1-2,4-5", "lines=1-2",
            "bytes=+1-2", "bytes=1--2", "bytes=-1-2", "bytes=0x1-2", "bytes=１-2",
        ])
    func ignored(_ field: String) {
        #expect(ByteRange(field, size: 1_000) == .whole)
    }

    @Test("of an empty file are never satisfiable", arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
    func emptyFile(_ field: String) {
        #expect(ByteRange(field, size: 0) == .unsatisfiable)
    }
}
