import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

/// A real mail server that keeps what it gets; see `smtp_sink.py`.
struct SMTPSink: Sendable {
    /// A Python with aiosmtpd, which `make test` installs.
    static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"]
    static let isAvailable = python != nil

    let folder: URL
    let port: Int

    var certificate: String { folder.appending(path: "certificate.pem").path }

    func url(_ options: String = "", host: String = "localhost", scheme: String = "smtp", account: String? = nil)
        -> String
    {
        "\(scheme)://\(account.map { $0 + "@" } ?? "")\(host):\(port)\(options)"
    }

    /// The mail that came as number `number`.
    func mail(_ number: Int = 1) async throws -> JSONValue {
        let file = folder.appending(path: "\(number).json")
        try await eventually { FileManager.default.fileExists(atPath: file.path) }
        return try WireJSON.decode(JSONValue.self, from: Data(contentsOf: file))
    }

    func mailCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.count
    }

    /// `PLAIN True` for each attempt to log in: how, and whether encrypted.
    func logins() throws -> [String] {
        let file = folder.appending(path: "logins")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

/// Runs `body` beside a mail server of its own.
func withSMTPSink(_ arguments: String..., body: @Sendable (SMTPSink) async throws -> Void) async throws {
    try await withSMTPSink(arguments, body: body)
}

func withSMTPSink(_ arguments: [String], body: @Sendable (SMTPSink) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = URL(filePath: #filePath).appending(path: "../../../../deploy/native/smtp_sink.py").standardized
    let process = Process(try #require(SMTPSink.python), [script.path, folder.path] + arguments)
    let input = Pipe()
    process.standardInput = input
    let ended = try process.start()
    do {
        let file = folder.appending(path: "port")
        try await eventually { FileManager.default.fileExists(atPath: file.path) }
        let port = try #require(Int(try String(contentsOf: file, encoding: .utf8)))
        try await body(SMTPSink(folder: folder, port: port))
        try await end(ended, input, folder)
    } catch {
        try await end(ended, input, folder)
        throw error
    }
}

private func end(_ ended: ProcessEnd, _ input: Pipe, _ folder: URL) async throws {
    try input.fileHandleForWriting.close()
    _ = await ended.status()
    try FileManager.default.removeItem(at: folder)
}

extension JSONValue {
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
