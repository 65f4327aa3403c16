/// The request target in one plain form. A path that another parser might read as another path is refused rather than
/// normalised: dot segments, empty segments, encoded slashes and backslashes, encoded dots, controls.
enum Target {
    /// Sets `target` and `path` of `head` to origin form.
    static func check(
        _ bytes: UnsafeRawBufferPointer, grammar: HTTPGrammar, head: inout RequestHead
    ) throws(MessageFault) {
        if bytes[head.target.lowerBound] != 0x2F { try stripAuthority(bytes, head: &head) }
        let target = bytes.slice(head.target)
        var end = 0
        while end < target.count, target[end] != 0x3F { end += 1 }
        guard isPlainPath(target.slice(0..<end), grammar: grammar) else { throw .target }
        // A query is the service's to read; here it only must not break the line or hide a fragment.
        for byte in target[end...] where byte <= 0x20 || byte >= 0x7F || byte == 0x23 {
            throw .target
        }
        head.path = head.target.lowerBound..<(head.target.lowerBound + end)
    }

    /// Absolute form (RFC 9112 §3.2.2): its authority must be what Host says.
    private static func stripAuthority(
        _ bytes: UnsafeRawBufferPointer, head: inout RequestHead
    ) throws(MessageFault) {
        let target = bytes.slice(head.target)
        guard target.count > 7, target.slice(0..<7).equalsIgnoringCase("http://") else { throw .target }
        var end = 7
        while end < target.count, target[end] != 0x2F { end += 1 }
        guard end < target.count else { throw .target }
        guard let host = head.host, bytes.slice(host).elementsEqual(target[7..<end]) else { throw .host }
        head.target = (head.target.lowerBound + end)..<head.target.upperBound
    }

    private static func isPlainPath(_ path: UnsafeRawBufferPointer, grammar: HTTPGrammar) -> Bool {
        guard path.first == 0x2F else { return false }
        var index = 0
        while index < path.count {
            let byte = path[index]
            guard grammar.path.contains(byte) else { return false }
            if byte == 0x2F {
                guard isPlainSegmentStart(path, at: index + 1) else { return false }
            } else if byte == 0x25 {
                guard index + 2 < path.count, let high = path[index + 1].hexValue, let low = path[index + 2].hexValue
                else { return false }
                switch UInt8(high << 4 | low) {
                case 0x00...0x1F, 0x7F, 0x2E, 0x2F, 0x5C: return false
                default: index += 2
                }
            }
            index += 1
        }
        return true
    }

    /// Whether the segment that begins there is neither empty, unless it is the last, nor `.` nor `..`, with or without
    /// a parameter behind them.
    private static func isPlainSegmentStart(_ path: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start < path.count else { return true }
        guard path[start] != 0x2F else { return false }
        var end = start
        while end < path.count, path[end] == 0x2E { end += 1 }
        let dots = end - start
        guard dots == 1 || dots == 2 else { return true }
        return end < path.count && path[end] != 0x2F && path[end] != 0x3B
    }
}
