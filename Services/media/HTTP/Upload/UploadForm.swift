import NIOCore
import ServiceKit

/// Reads one upload as it comes: the file goes to the store piece by piece, the fields are kept until the end, since
/// they may come before the file or after it.
struct UploadForm {
    /// Bytes that one field may have.
    static let fieldLimit = 1_024
    /// Bytes that a body may have beside its file.
    static let overhead = 1 << 20

    private enum Part {
        case file
        case field(String, ByteBuffer)
        case ignored
    }

    private let library: MediaLibrary
    private var parser: MultipartParser
    private var part = Part.ignored
    private var fields = DetailFields()
    private var seen: Set<String> = []
    private var filename = ""
    private var deposit: Deposit?

    init(boundary: MultipartBoundary, library: MediaLibrary) {
        parser = MultipartParser(boundary: boundary)
        self.library = library
    }

    /// The file, safely stored, and what was said of it. When this throws, nothing of it stays in the store.
    ///
    /// - Throws: ``MultipartFault``, ``MediaError``, ``ObjectStoreError``, 422.
    mutating func read(_ body: IncomingBytes) async throws -> (StoredFile, MediaDetails) {
        do {
            var remaining = library.rules.maximumSize + Self.overhead
            for try await bytes in body {
                remaining -= bytes.readableBytes
                guard remaining >= 0 else { throw MediaError.tooLarge(limit: library.rules.maximumSize) }
                parser.append(bytes)
                while let event = try parser.next() { try await take(event) }
            }
            try parser.finish()
            fields.validation.check(deposit != nil, "file", "is missing: send exactly one file")
            let details = try fields.details(filename: filename)
            guard let file = try await deposit?.finish() else { throw MultipartFault.cutOff }
            return (file, details)
        } catch {
            await deposit?.abandon()
            throw error
        }
    }

    private mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .began(let formPart): try await begin(formPart)
        case .content(let bytes): try await add(bytes)
        case .ended: end()
        }
    }

    private mutating func begin(_ formPart: FormPart) async throws {
        switch formPart.name {
        case "file" where formPart.filename == "":
            // What a browser sends when no file was chosen.
            part = .ignored
        case "file":
            guard deposit == nil else { throw HTTPProblem.invalid("file", "must be sent only once") }
            filename = formPart.filename ?? ""
            deposit = try await library.deposit()
            part = .file
        case "visibility", "knowledge_id", "chapter_id":
            guard seen.insert(formPart.name).inserted else {
                throw HTTPProblem.invalid(formPart.name, "must be sent only once")
            }
            part = .field(formPart.name, ByteBuffer())
        default:
            part = .ignored
        }
    }

    private mutating func add(_ bytes: ByteBuffer) async throws {
        switch part {
        case .file:
            try await deposit?.write(bytes)
        case .field(let name, var text):
            text.writeImmutableBuffer(bytes)
            guard text.readableBytes <= Self.fieldLimit else {
                throw HTTPProblem.invalid(name, "must have at most \(Self.fieldLimit) bytes")
            }
            part = .field(name, text)
        case .ignored:
            break
        }
    }

    private mutating func end() {
        if case .field(let name, let bytes) = part {
            let text = String(buffer: bytes)
            switch name {
            case "visibility": fields.visibility = text
            case "knowledge_id": fields.setKnowledgeID(text)
            default: fields.chapterID = text.isEmpty ? nil : text
            }
        }
        part = .ignored
    }
}
