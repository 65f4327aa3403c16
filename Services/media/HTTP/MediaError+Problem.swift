import HTTPTypes
import ServiceKit

extension MediaError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .notFound: .notFound()
        case .notOwned: .forbidden("Only the file's owner or an admin may do this.")
        case .changedMeanwhile: .preconditionFailed()
        case .tooLarge(let limit):
            HTTPProblem(
                .contentTooLarge, "A file may have at most \(limit) bytes.", headers: [.connection: "close"])
        case .typeNotAllowed(let type):
            HTTPProblem(
                .unsupportedMediaType,
                "The file's bytes are of type \(type), which is not taken here. Its name and the type that was sent don't count.",
                headers: [.connection: "close"])
        case .keyUsedOtherwise: .invalid("Idempotency-Key", "was used for another file or other fields; take a new key")
        case .cutOff: .badRequest("The body ended before it was whole. Send it again.")
        case .uploadOver: .conflict("This upload was completed or has expired. Start a new one.")
        case .beingCompleted:
            HTTPProblem(
                .conflict, "The upload is just being completed. Ask again shortly.", headers: [.retryAfter: "1"])
        case .partsMissing(let numbers):
            .conflict(
                "Parts are missing or of the wrong length: \(numbers.prefix(20).map(String.init).joined(separator: ", "))"
                    + (numbers.count > 20 ? " and \(numbers.count - 20) more." : "."))
        case .checksumDiffers: .invalid("sha256", "is not that of the bytes that came; start a new upload")
        case .badSignature: .forbidden("The signed URL has expired or was changed. Ask for a new one.")
        }
    }
}

extension MultipartFault: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .noBoundary: .badRequest("Content-Type must name the boundary: multipart/form-data; boundary=…")
        case .cutOff: .badRequest("The body ended before its closing delimiter. Send it again.")
        case .brokenDelimiter: .badRequest("A delimiter in the body is not followed by a line break.")
        case .headersTooLarge:
            .badRequest("The headers of a part have more than \(MultipartParser.headerLimit) bytes.")
        case .brokenHeader: .badRequest("A part has a header line that can't be read.")
        case .unnamedPart: .badRequest("A part lacks Content-Disposition: form-data; name=\"…\".")
        }
    }
}

extension ObjectStoreError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .notFound, .unavailable: .unavailable("The file store can't answer just now. Try again shortly.")
        case .full: .unavailable("The file store is full.", retryAfter: 60)
        }
    }
}

extension CatalogueOutcomeUnknown: ProblemConvertible {
    var problem: HTTPProblem {
        .unavailable("Whether the upload was taken isn't known. Look for it in the list, or send it again.")
    }
}
