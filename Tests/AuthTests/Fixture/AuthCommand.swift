import Foundation
import PostgresTesting
import ServiceKitTesting
import Testing

@testable import Auth

/// The real program, on the schema of a fixture.
final class AuthCommand: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    private let process: Process
    private let folder: URL
    private let ended: AsyncStream<Void>

    init(_ arguments: [String], environment: [String: String], input: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "auth")
        process.arguments = arguments
        process.environment = environment
        try Data(input.utf8).write(to: folder.appending(path: "input"))
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "input"))
        for name in ["output", "errors"] {
            _ = FileManager.default.createFile(atPath: folder.appending(path: name).path, contents: nil)
        }
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "output"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "errors"))
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    /// What it has printed so far.
    var output: String {
        get throws { try String(contentsOf: folder.appending(path: "output"), encoding: .utf8) }
    }

    /// What it has printed on standard error so far.
    var errors: String {
        get throws { try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8) }
    }

    func outcome() async throws -> Outcome {
        for await _ in ended {}
        let outcome = Outcome(status: process.terminationStatus, output: try output, errors: try errors)
        try FileManager.default.removeItem(at: folder)
        return outcome
    }

    func stop() async throws -> Outcome {
        process.terminate()
        return try await outcome()
    }
}

extension AuthFixture {
    func start(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> AuthCommand {
        let usual = [
            "DATABASE_URL": try #require(TestDatabase.url), "DATABASE_SCHEMA": settings.database.schema,
            "INTERNAL_SECRET": TestTokens.internalSecret, "BCRYPT_COST": "4", "LOG_LEVEL": "error",
            "MAIL_URL": "file:\(mailFolder)",
        ]
        return try AuthCommand(arguments, environment: usual.merging(environment) { $1 }, input: input)
    }

    func command(_ arguments: [String], input: String = "") async throws -> AuthCommand.Outcome {
        try await start(arguments, input: input).outcome()
    }

    func command(_ arguments: String..., input: String = "") async throws -> AuthCommand.Outcome {
        try await command(arguments, input: input)
    }
}
