extension JSONWriter {
    mutating func diff(_ diff: VersionDiff) {
        raw(#"{"from":"#)
        raw(String(diff.from))
        raw(#","to":"#)
        raw(String(diff.to))
        raw(#","fields":{"#)
        for (index, field) in diff.fields.enumerated() {
            if index > 0 { raw(",") }
            string(field.name)
            raw(#":{"from":"#)
            value(field.from)
            raw(#","to":"#)
            value(field.to)
            raw("}")
        }
        raw(#"},"body":["#)
        for (index, hunk) in diff.body.enumerated() {
            if index > 0 { raw(",") }
            self.hunk(hunk)
        }
        raw("]}")
    }

    private mutating func value(_ value: VersionDiff.Value) {
        switch value {
        case .null: raw("null")
        case .integer(let number): raw(String(number))
        case .text(let text): string(text)
        case .object(let object): raw(object.text)
        }
    }

    private mutating func hunk(_ hunk: VersionDiff.Hunk) {
        raw(#"{"from_line":"#)
        raw(String(hunk.fromLine))
        raw(#","to_line":"#)
        raw(String(hunk.toLine))
        raw(#","lines":["#)
        for (index, line) in hunk.lines.enumerated() {
            raw(index == 0 ? #"{"op":""# : #",{"op":""#)
            raw(line.operation.rawValue)
            raw(#"","text":"#)
            string(line.text)
            raw("}")
        }
        raw("]}")
    }
}
