import NIOCore

/// One file on its way into the store. Either ``finish()`` or ``abandon()`` must be the last call.
struct Deposit {
    let key: ObjectKey
    private var writer: any ObjectWriter
    private var intake: Intake

    init(key: ObjectKey, writer: any ObjectWriter, intake: Intake) {
        self.key = key
        self.writer = writer
        self.intake = intake
    }

    /// Bytes taken so far.
    var size: Int { intake.size }

    /// - Throws: ``MediaError/tooLarge(limit:)``, ``MediaError/typeNotAllowed(_:)``, ``ObjectStoreError``.
    mutating func write(_ bytes: ByteBuffer) async throws {
        try intake.append(bytes)
        try await writer.write(bytes)
    }

    /// The bytes are in the store when this returns.
    mutating func finish() async throws -> StoredFile {
        let file = try intake.finish(at: key)
        try await writer.finish()
        return file
    }

    mutating func abandon() async {
        await writer.abandon()
    }
}
