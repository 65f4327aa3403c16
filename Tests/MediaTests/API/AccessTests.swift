import HTTPTypes
import PostgresTesting
import Testing
import WireProtocol

@testable import Media

@Suite("Who may do what with a file", .enabled(if: TestDatabase.isAvailable))
struct AccessTests {
    enum Who: CaseIterable {
        case nobody, student, teacher, owner, admin
    }

    /// Answers to GET of the file and its content, PATCH, DELETE.
    static let matrix: [(Visibility, Who, read: HTTPResponse.Status, change: HTTPResponse.Status)] = [
        (.private, .nobody, .notFound, .unauthorized),
        (.private, .student, .notFound, .notFound),
        (.private, .teacher, .ok, .forbidden),
        (.private, .owner, .ok, .preconditionRequired),
        (.private, .admin, .ok, .preconditionRequired),
        (.authenticated, .nobody, .notFound, .unauthorized),
        (.authenticated, .student, .ok, .forbidden),
        (.authenticated, .teacher, .ok, .forbidden),
        (.authenticated, .owner, .ok, .preconditionRequired),
        (.authenticated, .admin, .ok, .preconditionRequired),
        (.public, .nobody, .ok, .unauthorized),
        (.public, .student, .ok, .forbidden),
        (.public, .teacher, .ok, .forbidden),
        (.public, .owner, .ok, .preconditionRequired),
        (.public, .admin, .ok, .preconditionRequired),
    ]

    @Test("is the same table for every call")
    func table() async throws {
        try await withMedia { media in
            for (visibility, who, read, change) in Self.matrix {
                let item = try await media.item("text", visibility)
                let token = try await token(who, media)
                #expect(try await media.call(.get, item.path, token: token).status == read, "\(visibility) \(who)")
                let content = item.path + "/content"
                #expect(try await media.call(.get, content, token: token).status == read, "\(visibility) \(who)")
                #expect(try await media.call(.head, content, token: token).status == read, "\(visibility) \(who)")
                let patched = try await media.call(.patch, item.path, token: token, json: "{}")
                #expect(patched.status == change, "\(visibility) \(who)")
                let deleted = try await media.call(.delete, item.path, token: token)
                let allowed = change == .preconditionRequired ? HTTPResponse.Status.noContent : change
                #expect(deleted.status == allowed, "\(visibility) \(who)")
            }
            #expect(Self.matrix.count == Who.allCases.count * Visibility.allCases.count)
        }
    }

    @Test("needs a good token where one is sent at all")
    func badTokens() async throws {
        try await withMedia { media in
            let item = try await media.item("text", .public)
            for token in [
                "nonsense", try await media.tokens.unsignedToken(.admin),
                try await media.tokens.token(.admin, lifetime: -1),
                try await media.tokens.token(.admin, audience: "other"),
            ] {
                for path in [item.path, item.path + "/content", "/media"] {
                    #expect(try await media.call(.get, path, token: token).status == .unauthorized)
                }
            }
        }
    }

    private func token(_ who: Who, _ media: MediaFixture) async throws -> String? {
        switch who {
        case .nobody: nil
        case .student: try await media.token(.student, user: Identifier())
        case .teacher: try await media.token(.teacher, user: Identifier())
        case .owner: try await media.token(.teacher)
        case .admin: try await media.token(.admin, user: Identifier())
        }
    }
}
