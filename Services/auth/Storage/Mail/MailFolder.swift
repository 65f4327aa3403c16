import FoundationEssentials

/// Writes each mail to a file of its own, for development and tests: `…/0b3f….eml`, which mail readers open.
struct MailFolder: MailTransport {
    let path: String

    func deliver(_ message: MailMessage) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let file = "\(path)/\(message.id).eml"
        try MailEncoding.encode(message).write(to: URL(filePath: file), options: .atomic)
    }
}
