import WireProtocol

extension ContentFields {
    /// With a body of HTML as it may be kept.
    func sanitised() -> ContentFields {
        guard format == .html else { return self }
        var fields = self
        fields.body = HTMLSanitiser.sanitised(body)
        return fields
    }

    /// What is wrong with a body as it is kept: HTML grows when it is made safe.
    static func fault(inKept body: String) -> FieldError? {
        guard body.utf8.count > maximumBodyBytes else { return nil }
        return FieldError(
            field: "body", message: "must have at most \(maximumBodyBytes) bytes, HTML when it is made safe")
    }

    private static let maximumBodyBytes = 1 << 20

    /// The body as HTML that can be put into a page as it is.
    ///
    /// - Throws: ``ContentError/markdownIsNotRendered``.
    func rendered() throws -> String {
        switch format {
        case .html: HTMLSanitiser.sanitised(body)
        case .plain: "<pre>" + HTMLSanitiser.escaped(body) + "</pre>"
        case .markdown: throw ContentError.markdownIsNotRendered
        }
    }
}
