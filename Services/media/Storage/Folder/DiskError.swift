import _NIOFileSystem

/// What the file system refused, as a store says it.
enum DiskError {
    static func mapped<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch {
            throw mapped(error)
        }
    }

    /// Errors of others, such as of who consumes what is read, stay what they are.
    static func mapped(_ error: any Error) -> any Error {
        guard let error = error as? FileSystemError else { return error }
        if let cause = error.cause as? FileSystemError.SystemCallError,
            cause.errno == .noSpace || cause.errno == .diskQuotaExceeded
        {
            return ObjectStoreError.full
        }
        return ObjectStoreError.unavailable(error.description)
    }
}
