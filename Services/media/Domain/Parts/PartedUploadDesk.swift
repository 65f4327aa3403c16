import FoundationEssentials
import Logging
import NIOCore
import ServiceKit
import WireProtocol

/// Takes files that come in parts: parts in any order and as often as it takes, then the whole, checked.
struct PartedUploadDesk: Sendable {
    let library: MediaLibrary
    let uploads: any PartedUploads
    let logger: Logger

    private var objects: any ObjectStore { library.objects }

    func begin(_ upload: PartedUpload) async throws {
        guard upload.size <= library.rules.maximumSize else {
            throw MediaError.tooLarge(limit: library.rules.maximumSize)
        }
        try await uploads.begin(upload)
        try await objects.beginParts(of: upload.key)
    }

    /// - Throws: ``MediaError/notFound`` also for an upload of somebody else.
    func upload(_ id: Identifier, for caller: Caller) async throws -> PartedUpload {
        guard let upload = try await uploads.upload(id), upload.ownerID == caller.userID || caller.role == .admin else {
            throw MediaError.notFound
        }
        return upload
    }

    /// The numbers of the parts that have come whole.
    func received(_ upload: PartedUpload) async throws -> Set<Int> {
        let sizes = try await objects.parts(of: upload.key)
        return Set((1...upload.partCount).filter { sizes[$0] == upload.length(ofPart: $0) })
    }

    /// Takes one part, in place of one with the same number that came before.
    ///
    /// - Throws: ``MediaError/notFound``, ``MediaError/uploadOver``, ``MediaError/tooLarge(limit:)``,
    ///   ``MediaError/cutOff`` when it is shorter than it must be.
    func takePart(_ number: Int, of id: Identifier, _ bytes: some AsyncSequence<ByteBuffer, any Error>) async throws {
        guard let upload = try await uploads.upload(id), let length = upload.length(ofPart: number) else {
            throw MediaError.notFound
        }
        guard upload.isOpen() else { throw MediaError.uploadOver }
        var writer = try await objects.partWriter(for: upload.key, number: number)
        do {
            var missing = length
            for try await piece in bytes {
                missing -= piece.readableBytes
                guard missing >= 0 else { throw MediaError.tooLarge(limit: length) }
                try await writer.write(piece)
            }
            guard missing == 0 else { throw MediaError.cutOff }
            try await writer.finish()
        } catch {
            await writer.abandon()
            throw error
        }
    }

    /// Joins the parts into a file and checks it. Asked again, it answers the same.
    ///
    /// - Throws: ``MediaError/partsMissing(_:)`` and ``MediaError/beingCompleted``, after which the upload goes on;
    ///   ``MediaError/checksumDiffers``, ``MediaError/typeNotAllowed(_:)``, after which it is over.
    func complete(_ upload: PartedUpload) async throws -> MediaItem {
        if let id = upload.mediaID {
            guard let item = try await library.catalogue.item(id) else { throw MediaError.uploadOver }
            return item
        }
        guard upload.isOpen() else { throw MediaError.uploadOver }
        guard try await uploads.claimCompletion(of: upload) else { throw MediaError.beingCompleted }
        let start = ContinuousClock.now
        do {
            try await join(upload)
            let file = try await examine(upload)
            let new = NewMedia(
                ownerID: upload.ownerID, file: file, details: upload.details, duration: start.duration(to: .now))
            let item = try await uploads.complete(upload, as: new)
            await discardParts(of: upload)
            return item
        } catch {
            await giveUp(upload, after: error)
            throw error
        }
    }

    /// Ends an upload; what has come of it goes.
    func abort(_ upload: PartedUpload) async throws {
        guard upload.mediaID == nil else { throw MediaError.uploadOver }
        guard try await uploads.claimCompletion(of: upload) else { throw MediaError.beingCompleted }
        try await objects.discardParts(of: upload.key)
        try await objects.remove(upload.key)
        try await uploads.remove(upload)
    }

    /// What an earlier attempt joined is as good: the parts may be gone since.
    private func join(_ upload: PartedUpload) async throws {
        if try await objects.size(of: upload.key) == upload.size { return }
        let received = try await received(upload)
        let missing = (1...upload.partCount).filter { !received.contains($0) }
        guard missing.isEmpty else { throw MediaError.partsMissing(missing) }
        try await objects.joinParts(of: upload.key, count: upload.partCount)
    }

    private func examine(_ upload: PartedUpload) async throws -> StoredFile {
        var intake = Intake(library.rules)
        if upload.size > 0 {
            try await objects.read(upload.key, 0..<upload.size) { try intake.append($0) }
        }
        let file = try intake.finish(at: upload.key)
        guard upload.sha256 == nil || upload.sha256 == file.sha256 else { throw MediaError.checksumDiffers }
        return file
    }

    /// After a refusal of the bytes themselves nothing can come of the upload; after anything else it may be tried
    /// again. What fails here is found by maintenance once the upload has expired.
    private func giveUp(_ upload: PartedUpload, after error: any Error) async {
        await Task {
            do {
                switch error {
                case MediaError.checksumDiffers, MediaError.typeNotAllowed:
                    try await objects.remove(upload.key)
                    try await objects.discardParts(of: upload.key)
                    try await uploads.remove(upload)
                default:
                    try await uploads.releaseCompletion(of: upload)
                }
            } catch {
                logger.warning("an upload in parts stays until it expires", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private func discardParts(of upload: PartedUpload) async {
        await Task {
            do {
                try await objects.discardParts(of: upload.key)
            } catch {
                logger.warning("parts stay until their upload expires", metadata: ["error": "\(error)"])
            }
        }.value
    }
}
