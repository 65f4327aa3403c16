/// Which answers are worth compressing, and for whom.
enum Compressibility {
    /// Smaller bodies fit in a packet anyway.
    static let leastBytes = 1024
    /// Behind the entity tag of what the gateway compressed (RFC 9110 §8.8.3.3): other bytes, another strong tag.
    static let tagSuffix: StaticString = "-gzip\""

    /// Whether `Accept-Encoding` takes gzip (RFC 9110 §12.5.3).
    static func accepts(_ value: UnsafeRawBufferPointer) -> Bool {
        var accepts = false
        value.forEachListMember { member in
            var end = 0
            while end < member.count, member[end] != 0x3B, !member[end].isBlank { end += 1 }
            let coding = member.slice(0..<end)
            guard coding.equalsIgnoringCase("gzip") || coding.equals("*") else { return }
            accepts = !member.slice(end..<member.count).isZeroQuality
        }
        return accepts
    }

    /// Text, in whatever notation; event streams are left alone, since each event must go out at once.
    static func isText(_ contentType: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while end < contentType.count, contentType[end] != 0x3B, !contentType[end].isBlank { end += 1 }
        let type = contentType.slice(0..<end)
        guard type.count > 5 else { return false }
        if type.equalsIgnoringCase("text/event-stream") { return false }
        if type.slice(0..<5).equalsIgnoringCase("text/") { return true }
        for known in ["application/json", "application/javascript", "application/xml", "application/x-ndjson"]
            as [StaticString] where type.equalsIgnoringCase(known)
        {
            return true
        }
        return type.slice((type.count - 5)..<type.count).equalsIgnoringCase("+json")
            || type.slice((type.count - 4)..<type.count).equalsIgnoringCase("+xml")
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these parameters say `q=0`, `q=0.0` and so on.
    fileprivate var isZeroQuality: Bool {
        let text = filter { !$0.isBlank }
        guard text.count >= 4, text[0] == 0x3B, text[1] | 0x20 == 0x71, text[2] == 0x3D, text[3] == 0x30 else {
            return false
        }
        return text[4...].allSatisfy { $0 == 0x2E || $0 == 0x30 }
    }
}
