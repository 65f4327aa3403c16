import NIOConcurrencyHelpers

/// Remembers the ids of multipart uploads, which the store would have to be asked for otherwise.
final class S3UploadIDs: Sendable {
    /// What is forgotten is asked for again.
    private static let capacity = 10_000

    private let ids = NIOLockedValueBox<[ObjectKey: String]>([:])

    func id(of key: ObjectKey) -> String? { ids.withLockedValue { $0[key] } }

    func keep(_ id: String, of key: ObjectKey) {
        ids.withLockedValue { ids in
            if ids.count >= Self.capacity { ids.removeAll() }
            ids[key] = id
        }
    }

    func forget(_ key: ObjectKey) {
        ids.withLockedValue { $0[key] = nil }
    }
}
