import FoundationEssentials
import ServiceKit

extension ETag {
    /// Of what is known by a name: tells what was deleted and made again from what was there before.
    init(version: Int, madeAt time: Date) {
        self.init("\(version)-\(Int(time.timeIntervalSince1970 * 1_000_000))")
    }
}
