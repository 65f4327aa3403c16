import Foundation

enum TemporaryFile {
    /// The path of a new file with this text.
    static func write(_ text: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("lyceum-\(UUID().uuidString)")
        try Data(text.utf8).write(to: url)
        return url.path
    }
}
