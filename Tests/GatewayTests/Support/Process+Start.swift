import Foundation

extension Process {
    private static let starting = NSLock()

    convenience init(_ program: String, _ arguments: [String]) {
        self.init()
        executableURL = URL(filePath: program)
        self.arguments = arguments
        standardInput = FileHandle.nullDevice
    }

    /// One program at a time. Foundation knows by a socket that a program holds that the program runs; another that starts just
    /// then would hold that socket, too, and keep Foundation, and all who wait for an end, waiting for its own.
    func start() throws {
        try Self.starting.withLock { try run() }
    }

    /// Starts it and waits for its end, without holding one of the few threads on which all tests run.
    func status(isolation: isolated (any Actor)? = #isolation) async throws -> Int32 {
        let ended = AsyncStream.makeStream(of: Int32.self)
        terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try start()
        return await ended.stream.first { _ in true } ?? -1
    }
}
