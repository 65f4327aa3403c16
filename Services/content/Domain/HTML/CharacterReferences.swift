/// Character references in HTML (HTML standard §13.2.5.72 and following).
enum CharacterReferences {
    /// The length of the reference that `bytes` begins with, `&` and `;` included; `nil` when they begin with none that
    /// ends in a semicolon.
    static func length(at bytes: ArraySlice<UInt8>) -> Int? {
        let limit = bytes.prefix(34)
        guard limit.first == UInt8(ascii: "&"), let end = limit.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = limit[(limit.startIndex + 1)..<end]
        let isReference =
            if name.first == UInt8(ascii: "#") {
                scalar(name) != nil
            } else {
                name.count > 1 && name.allSatisfy(isAlphanumeric)
            }
        return isReference ? end - bytes.startIndex + 1 : nil
    }

    /// With the references that have numbers, and those names that matter in a URL, undone; others stay.
    static func undone(in bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            if byte == UInt8(ascii: "&"), let length = length(at: rest),
                let scalar = scalar(rest.dropFirst().prefix(length - 2))
            {
                text += String(scalar).utf8
                rest = rest.dropFirst(length)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let names: [String: Unicode.Scalar] = [
        "amp": "&", "apos": "'", "colon": ":", "gt": ">", "lt": "<", "nbsp": "\u{A0}", "num": "#", "quest": "?",
        "quot": "\"", "sol": "/", "NewLine": "\n", "Tab": "\t",
    ]

    /// - Parameter name: what stands between `&` and `;`.
    private static func scalar(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard name.first == UInt8(ascii: "#") else { return names[String(decoding: name, as: UTF8.self)] }
        let digits = String(decoding: name.dropFirst(), as: UTF8.self)
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let number = isHexadecimal ? digits.dropFirst() : digits[...]
        guard let first = number.first, first != "+", first != "-" else { return nil }
        return UInt32(number, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init).flatMap {
            $0.value == 0 ? nil : $0
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
