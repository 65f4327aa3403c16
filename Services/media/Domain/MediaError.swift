/// Why a call on media can't be answered as asked, where the caller can do something about it.
enum MediaError: Error, Hashable {
    /// There is no such file, or the caller may not know of it.
    case notFound
    /// The caller sees the file, but may not change it.
    case notOwned
    /// It was changed since the caller read it.
    case changedMeanwhile
    /// More bytes than `limit`.
    case tooLarge(limit: Int)
    /// The bytes are of a type that isn't taken.
    case typeNotAllowed(String)
    /// The `Idempotency-Key` came before with another file or other fields.
    case keyUsedOtherwise
    /// The body ended before it was whole.
    case cutOff
    /// A chunked upload that has ended: completed, aborted or expired.
    case uploadOver
    /// Another request is completing this upload.
    case beingCompleted
    /// Parts of a chunked upload that are absent or of the wrong length.
    case partsMissing([Int])
    /// What came isn't what was announced.
    case checksumDiffers
    /// A signed URL that has expired or was changed.
    case badSignature
}
