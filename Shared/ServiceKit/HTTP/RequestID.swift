import Synchronization

/// The id under which one request is found in every log: `X-Request-Id`.
enum RequestID {
    /// `text` when it is fit for a log line: 1 to 128 letters, digits and `-_.:`.
    static func accept(_ text: String?) -> String? {
        guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { return nil }
        return text
    }

    /// 128 bits in hexadecimal: random for the process, then counted, since random bits of its own would cost each
    /// request calls into the kernel.
    static func make() -> String {
        process + hex(first &+ UInt64(bitPattern: Int64(count.wrappingAdd(1, ordering: .relaxed).newValue)))
    }

    private static let process = hex(.random(in: .min ... .max))
    private static let first = UInt64.random(in: .min ... .max)
    private static let count = Atomic(0)

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// `traceparent` of W3C Trace Context §3.2: `00-<32 hex>-<16 hex>-<2 hex>`.
struct TraceParent {
    let traceID: String

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16,
            parts[1].utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            parts[1].contains(where: { $0 != "0" })
        else { return nil }
        traceID = parts[1].lowercased()
    }
}
