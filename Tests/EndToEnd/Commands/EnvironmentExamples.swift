import Foundation
import Testing

/// The examples explain exactly the variables that the services read.
@Suite struct EnvironmentExamples {
    /// What the scripts read, and no service.
    static let ofScripts: Set = [
        "BUILD", "LYCEUM_DATA", "LYCEUM_PORT_BASE", "TEST_DATABASE_URL", "TEST_GRAPH_DATABASES", "TEST_GRAPH_URL",
        "TEST_PLATFORM_URL", "TEST_PYTHON",
    ]

    @Test(
        "Every variable of every service is in .env.example and .env.prod.example, and nothing else is",
        arguments: [".env.example", ".env.prod.example"])
    func complete(file: String) async throws {
        var read: Set<String> = []
        for service in Platform.Service.allCases {
            let outcome = try await Command(service.program, "config").run()
            let names = try Self.names(in: outcome.output)
            try #require(!names.isEmpty, "\(outcome)")
            read.formUnion(names)
        }
        let explained = try Self.names(in: Workspace.text(of: file))
        #expect(read.subtracting(explained).sorted() == [], "not explained in \(file)")
        #expect(explained.subtracting(read).subtracting(Self.ofScripts).sorted() == [], "read by no service")
    }

    @Test("The settings of tests are settings")
    func test() async throws {
        let known = try Self.names(in: Workspace.text(of: ".env.example")).union(Self.ofScripts)
        #expect(try Self.names(in: Workspace.text(of: ".env.test")).subtracting(known).sorted() == [])
    }

    /// Names in `NAME=…` and `#NAME=…` at the beginning of lines.
    private static func names(in text: String) throws -> Set<String> {
        Set(text.matches(of: /(?m)^#?([A-Z][A-Z0-9_]+)=/).map { String($0.1) })
    }
}
