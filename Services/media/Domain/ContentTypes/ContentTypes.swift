/// What is known of media types beyond how to find them.
enum ContentTypes {
    /// Those that are taken unless the settings say otherwise: what lessons are made of.
    static let usual = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac",
        "video/mp4", "video/webm", "video/ogg", "video/quicktime",
        "application/pdf", "application/epub+zip", "application/zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "text/plain", "text/html", "text/vtt",
    ]

    /// Whether a browser may show it in place. HTML and SVG never: they could run scripts under our origin.
    static func isShownInline(_ type: String) -> Bool {
        if isActive(type) { return false }
        return type.hasPrefix("image/") || type.hasPrefix("audio/") || type.hasPrefix("video/")
            || ["application/pdf", "text/plain", "text/vtt"].contains(type)
    }

    /// Whether it can hold scripts that a browser would run.
    static func isActive(_ type: String) -> Bool {
        ["text/html", "image/svg+xml", "application/xml"].contains(type)
    }
}
