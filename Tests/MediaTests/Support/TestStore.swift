import FoundationEssentials
import Logging
import Testing
import _NIOFileSystem

@testable import Media

/// The kinds of store that the tests run against: a folder, and a bucket where there is a server for it.
enum TestStore: CaseIterable, CustomTestStringConvertible {
    case folder, bucket

    /// `s3+http://…` of the server that the tests may use.
    static let bucketURL = ProcessInfo.processInfo.environment["TEST_STORAGE_URL"]

    static var all: [TestStore] { bucketURL == nil ? [.folder] : allCases }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    var testDescription: String { "\(self)" }

    func withStore(_ body: (any ObjectStore) async throws -> Void) async throws {
        switch self {
        case .folder:
            let folder = FileManager.default.temporaryDirectory.path + "/store-tests-" + UUID().uuidString
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(FolderStore(root: FilePath(folder), logger: Self.logger))
        case .bucket:
            try await withBucket(name: "test-\(UUID().uuidString.lowercased())", body)
        }
    }
}

/// A store on a bucket of its own, which is made for it.
///
/// - Parameter secretKey: of the test server's user.
func withBucket(
    name: String, secretKey: String = "lyceum-secret", isPublic: Bool = false,
    _ body: (S3Store) async throws -> Void
) async throws {
    let server = try #require(TestStore.bucketURL)
    let bucket = try #require(S3Bucket(url: "\(server)/\(name)"))
    try await StoreClient.run { connections in
        let maker = S3Client(
            bucket: bucket, credentials: .init(accessKey: "lyceum", secretKey: "lyceum-secret"), http: connections.http)
        try await maker.send(.init(method: "PUT"))
        let client = S3Client(
            bucket: bucket, credentials: .init(accessKey: "lyceum", secretKey: secretKey), http: connections.http)
        try await body(S3Store(client: client, publicAddress: isPublic ? bucket : nil, logger: TestStore.logger))
    }
}
