import Logging

/// Writes one flat JSON object, without the cost of an encoder.
struct JSONLine {
    private var text = "{"

    mutating func append(_ key: String, _ value: String) {
        beginMember(key)
        appendQuoted(value)
    }

    mutating func append(_ key: String, _ value: Logger.MetadataValue) {
        beginMember(key)
        appendValue(value)
    }

    consuming func finished() -> String {
        text + "}\n"
    }

    private mutating func beginMember(_ key: String) {
        if text.utf8.count > 1 { text += "," }
        appendQuoted(key)
        text += ":"
    }

    private mutating func appendValue(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let string): appendQuoted(string)
        case .stringConvertible(let value as any BinaryInteger): text += value.description
        case .stringConvertible(let value as Double) where value.isFinite: text += value.description
        case .stringConvertible(let value): appendQuoted(value.description)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                appendValue(value)
            }
            text += "]"
        case .dictionary(let members):
            text += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                appendQuoted(member.key)
                text += ":"
                appendValue(member.value)
            }
            text += "}"
        }
    }

    private mutating func appendQuoted(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
