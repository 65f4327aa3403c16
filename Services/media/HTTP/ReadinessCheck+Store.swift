import ServiceKit
import WireProtocol

extension ReadinessCheck {
    /// Whether the store takes bytes.
    static func store(_ objects: any ObjectStore) -> ReadinessCheck {
        ReadinessCheck("store") {
            do {
                try await objects.checkWritable()
                return .init(status: .ok)
            } catch {
                return .init(status: .down, detail: "The file store takes no bytes; see STORAGE_URL and the log")
            }
        }
    }
}
