import WireProtocol

/// The uploads in parts that are under way, or were completed not long ago.
protocol PartedUploads: Sendable {
    func begin(_ upload: PartedUpload) async throws
    /// `nil` when there is no such upload.
    func upload(_ id: Identifier) async throws -> PartedUpload?
    /// Takes the right to complete an upload for some minutes. `false` when somebody else has it, or the upload is
    /// over.
    func claimCompletion(of upload: PartedUpload) async throws -> Bool
    func releaseCompletion(of upload: PartedUpload) async throws
    /// Makes the file known, and the upload completed, at once.
    func complete(_ upload: PartedUpload, as new: NewMedia) async throws -> MediaItem
    func remove(_ upload: PartedUpload) async throws
}
