/// How a body is to be read.
enum ContentFormat: String, Choice {
    case markdown, html, plain
}
