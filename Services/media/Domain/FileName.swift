/// A file's name as it is shown and downloaded. It never becomes a path.
enum FileName {
    /// Bytes in UTF-8.
    static let maximumLength = 255
    static let fallback = "unnamed"

    /// What can be kept of a name that a client sent: the last component of a path in either notation, without control
    /// characters (and those that turn the writing direction, which can hide an extension), within
    /// ``maximumLength``. The extension survives shortening.
    static func clean(_ text: String) -> String {
        let component = text.unicodeScalars.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }.last
        let allowed = component.map { String(String.UnicodeScalarView($0.filter { !isDangerous($0) })) } ?? ""
        let name = allowed.trimmingBlanks
        return name.allSatisfy { $0 == "." } ? fallback : shortened(name)
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: scalar.properties.isBidiControl || scalar == "\u{FFFD}"
        }
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > maximumLength else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let ending = name[dot...].utf8.count <= 20 ? name[dot...] : ""
        var stem = name.dropLast(ending.count)
        while stem.utf8.count + ending.utf8.count > maximumLength { stem.removeLast() }
        return String(stem + ending)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
