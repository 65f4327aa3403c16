public import Foundation

extension Process {
    private static let starting = NSLock()

    /// - Parameter program: its path.
    public convenience init(_ program: String, _ arguments: [String]) {
        self.init()
        executableURL = URL(filePath: program)
        self.arguments = arguments
        standardInput = FileHandle.nullDevice
    }

    /// Starts it; who waits for its end holds none of the few threads on which all tests run, as `waitUntilExit` would.
    ///
    /// One program at a time. Foundation knows by a socket that a program holds that the program runs; another that
    /// starts just then would hold that socket, too, and keep Foundation, and all who wait for an end, waiting for its own.
    public func start() throws -> ProcessEnd {
        let ended = AsyncStream.makeStream(of: Int32.self)
        terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try Self.starting.withLock { try run() }
        return ProcessEnd(statuses: ended.stream)
    }
}

/// The end of a program that was started.
public struct ProcessEnd: Sendable {
    fileprivate let statuses: AsyncStream<Int32>

    /// Waits for it, once.
    ///
    /// - Returns: the program's exit status, or the signal that killed it.
    public func status() async -> Int32 {
        await statuses.first { _ in true } ?? -1
    }
}
