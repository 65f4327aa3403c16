import Foundation

/// A program that is run to its end from the repository's root.
struct Command {
    struct Outcome {
        let status: Int32
        /// Standard output and standard error, as they came.
        let output: String
    }

    struct Failed: Error, CustomStringConvertible {
        let command: String
        let outcome: Outcome

        var description: String { "\(command) ended with \(outcome.status):\n\(outcome.output)" }
    }

    private let arguments: [String]
    private let environment: [String: String]

    init(_ program: String, _ arguments: String..., environment: [String: String] = [:]) {
        self.init(program, arguments, environment: environment)
    }

    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) {
        self.arguments = [program] + arguments
        self.environment = environment
    }

    /// What it printed, without the last line's end.
    ///
    /// - Throws: ``Failed`` when it ended with anything but 0.
    func output() async throws -> String {
        let outcome = try await run()
        guard outcome.status == 0 else {
            throw Failed(command: arguments.joined(separator: " "), outcome: outcome)
        }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    func run() async throws -> Outcome {
        // A file, not a pipe: a daemon that it leaves behind would keep a pipe open.
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        defer { _ = try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = Workspace.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        try handle.close()
        return Outcome(status: process.terminationStatus, output: try String(contentsOf: file, encoding: .utf8))
    }
}
