import Testing

@testable import Auth

@Suite("Calls to Kratos")
struct KratosClientTests {
    @Test("are bounded: one too many is refused at once, while the others wait")
    func bounded() async throws {
        try await withSilentServer { client in
            let kratos = client(2, .seconds(600))
            await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { _ = try await kratos.call(.GET, .open, "/") } }
                let first = await group.nextResult()
                #expect(throws: AuthError.busy) { try first?.get() }
                group.cancelAll()
            }
        }
    }

    @Test("end in time when nothing answers")
    func timeout() async throws {
        try await withSilentServer { client in
            await #expect(throws: AuthError.identityServerDown) {
                _ = try await client(2, .milliseconds(50)).call(.GET, .open, "/")
            }
        }
    }

    /// Runs `body` with what makes clients of a server that takes connections and never says a word.
    private func withSilentServer(
        _ body: (_ client: @escaping @Sendable (_ limit: Int, _ timeout: Duration) -> KratosClient) async throws -> Void
    ) async throws {
        try await AuthTests.withSilentServer { port in
            let address = try #require(KratosAddress("kratos+http://127.0.0.1:\(port)?admin=http://127.0.0.1:\(port)"))
            try await body { KratosClient(address, limit: $0, timeout: $1, logger: quietLogger) }
        }
    }
}
