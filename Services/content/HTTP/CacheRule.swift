/// Who may keep an answer. All must ask again before they use it, so that no one reads what has been changed since.
enum CacheRule: String, CustomStringConvertible {
    case everybody = "public, max-age=0, must-revalidate"
    case authors = "private, max-age=0, must-revalidate"

    var description: String { rawValue }
}
