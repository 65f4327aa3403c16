extension ContentFields {
    /// With a body of HTML as it may be kept.
    func sanitised() -> ContentFields {
        guard format == .html else { return self }
        var fields = self
        fields.body = HTMLSanitiser.sanitised(body)
        return fields
    }

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
