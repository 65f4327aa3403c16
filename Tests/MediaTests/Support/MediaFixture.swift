import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import PostgresTesting
import ServiceKit
import ServiceKitTesting
import WireProtocol
import _NIOFileSystem

@testable import Media

/// The media service on a database schema and a folder of its own.
struct MediaFixture {
    let client: any TestClientProtocol
    let tokens: TestTokens
    let database: PostgresClient
    let library: MediaLibrary
    let store: FolderStore
    let signedURLs: SignedURLs
    let owner = Identifier()

    static let rules = Intake.Rules(maximumSize: 1 << 20, allowedTypes: Set(ContentTypes.usual))

    /// Everything that is in the folder, by its path within it.
    func storedFiles() throws -> [String] {
        let root = store.layout.root.string
        guard FileManager.default.fileExists(atPath: root) else { return [] }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
        return paths.filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) && !isFolder
        }
    }

    /// A token of the fixture's ``owner`` when no user is named.
    func token(_ role: Role = .teacher, user: Identifier? = nil) async throws -> String {
        try await tokens.token(role, user: user ?? owner)
    }
}

/// - Parameters:
///   - framework: `.router` calls the handlers directly, `.live` goes over a socket.
///   - catalogue, objects: put something in between, to fail.
func withMedia(
    _ framework: TestingSetup = .router, rules: Intake.Rules = MediaFixture.rules,
    maintenance: MaintenanceRules = MaintenanceRules(grace: .zero),
    catalogue: (any MediaCatalogue) -> any MediaCatalogue = { $0 },
    objects: (any ObjectStore) -> any ObjectStore = { $0 },
    _ body: @Sendable @escaping (MediaFixture) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/media-tests-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await withTestDatabase(migrations: MediaService.migrations) { database in
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let tokens = try await TestTokens()
        let store = FolderStore(root: FilePath(folder), logger: logger)
        let library = MediaLibrary(
            catalogue: catalogue(PostgresCatalogue(database: database)), objects: objects(store), rules: rules,
            logger: logger)
        var reader = SettingsReader(environment: [:])
        let process = ProcessSettings(from: &reader, port: 0)
        let signedURLs = SignedURLs(signer: URLSigner(secret: TestTokens.internalSecret), publicURL: nil)
        let application = ServiceApplication(
            service: "media", process: process, contract: PackageResources.openapi_yaml,
            routes: MediaService.routes(library, database, maintenance, signedURLs), tokens: tokens.verifier,
            serviceTokens: await ServiceTokens(service: "media", secret: TestTokens.internalSecret),
            idempotency: IdempotencyStore(database), readiness: [.postgres(database), .store(library.objects)])
        try await application.build(services: [], logger: logger).test(framework) { client in
            try await body(
                MediaFixture(
                    client: client, tokens: tokens, database: database, library: library, store: store,
                    signedURLs: signedURLs))
        }
    }
}
