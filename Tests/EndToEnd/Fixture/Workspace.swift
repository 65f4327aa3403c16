import Foundation

/// Where sources and binaries are.
enum Workspace {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder that this test was built into, with the services beside it.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// A Python that has PyJWT; `make test` sets it.
    static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"]

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
