import AsyncHTTPClient
import NIOCore

/// A call that the store refused or didn't answer.
struct S3Failure: Error, CustomStringConvertible {
    /// `PUT parts`, for the log; never a signature.
    let call: String
    /// `nil` when there was no answer.
    let status: Int?
    /// S3's own code, such as `NoSuchKey`, or what kept the answer away.
    let code: String

    var description: String { "\(call): \(status.map { "\($0) " } ?? "")\(code)" }

    /// Whether the same call may well do in a moment.
    var isPassing: Bool {
        guard let status else { return true }
        return status == 429 || (status >= 500 && !isFull) || code == "RequestTimeout"
    }

    var isNotFound: Bool { status == 404 && code != "NoSuchBucket" }

    /// As a store says it.
    var asStoreError: ObjectStoreError { isFull ? .full : .unavailable("S3: \(self)") }

    private var isFull: Bool {
        status == 507 || ["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge"].contains(code)
    }
}
