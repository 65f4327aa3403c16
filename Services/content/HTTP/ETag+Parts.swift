import FoundationEssentials
import ServiceKit
import WireProtocol

extension ETag {
    /// Of all `parts` that are there.
    init(_ parts: String?...) {
        self.init(parts.compactMap(\.self).joined(separator: "."))
    }

    /// Of what is known by a name: tells what was deleted and made again from what was there before.
    init(version: Int, madeAt time: Date) {
        self.init("\(version)-\(Int(time.timeIntervalSince1970 * 1_000_000))")
    }
}

extension Identifier {
    /// The part of a tag that tells that the author has been taken out of what they wrote, which makes no new version;
    /// `nil` before.
    var erasure: String? { self == .nobody ? "nobody" : nil }
}
