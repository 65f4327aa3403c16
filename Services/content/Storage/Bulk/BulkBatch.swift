import Postgres

/// Lines of a bulk load that go into the database together, as rows of COPY's text format. Each place occurs once: a
/// later line takes the place of an earlier one.
struct BulkBatch: Sendable {
    static let maximumLines = 10_000
    static let maximumBytes = 8 << 20

    private struct Row {
        var range: Range<Int>
        /// Where the line's number begins, which comes last.
        var number: Int
    }

    private var bytes: [UInt8] = []
    private var rows: [Row] = []
    private var rowOfPlace: [ArraySlice<UInt8>: Int] = [:]
    /// Lines that a later line of the same place has overtaken, by whether the later one says the same.
    private(set) var overtaken = (same: 0, other: 0)

    var count: Int { rowOfPlace.count }
    var isEmpty: Bool { rows.isEmpty }
    var isFull: Bool { rows.count >= Self.maximumLines || bytes.count >= Self.maximumBytes }

    mutating func append(_ line: BulkLine) {
        var writer = CopyTextWriter()
        writer.append([
            line.place.knowledgeID, line.place.chapterID, line.place.language.description, line.place.contentType,
        ])
        let place = writer.take().dropLast()
        writer.append([
            line.title, line.body, line.format?.rawValue, line.metadata?.text, line.status?.rawValue, line.publishAt,
            line.clearsSchedule,
        ])
        let start = bytes.count
        bytes += place
        bytes.append(UInt8(ascii: "\t"))
        bytes += writer.take().dropLast()
        bytes.append(UInt8(ascii: "\t"))
        let number = bytes.count
        bytes += String(line.number).utf8
        bytes.append(UInt8(ascii: "\n"))
        let row = Row(range: start..<bytes.count, number: number)
        if let earlier = rowOfPlace.updateValue(rows.count, forKey: place) { overtake(rows[earlier], by: row) }
        rows.append(row)
    }

    /// The rows that stand, for COPY.
    func copyText() -> [UInt8] {
        guard count < rows.count else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for row in rowOfPlace.values.sorted() { text += bytes[rows[row].range] }
        return text
    }

    private mutating func overtake(_ earlier: Row, by later: Row) {
        let isSame = bytes[earlier.range.lowerBound..<earlier.number] == bytes[later.range.lowerBound..<later.number]
        if isSame { overtaken.same += 1 } else { overtaken.other += 1 }
    }
}
