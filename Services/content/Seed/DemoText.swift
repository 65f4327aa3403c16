import WireProtocol

/// A text of the demonstration data.
struct DemoText: Sendable, Equatable {
    let chapter: String
    let contentType: String
    let status: ContentStatus
    let language: LanguageTag
    let title: String
    /// Markdown.
    let body: String

    /// The texts of one language's file under `Texts/`. Each begins with a line such as
    /// `<!-- saving-water: exercise, draft -->`, published unless it says otherwise, and its title as a heading.
    ///
    /// - Throws: ``DemoTextMalformed``.
    static func texts(in file: [UInt8], language: LanguageTag) throws -> [DemoText] {
        try String(decoding: file, as: UTF8.self).split(separator: "<!-- ").map { text in
            try DemoText(text, language: language)
        }
    }

    private init(_ text: Substring, language: LanguageTag) throws {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasSuffix(" -->"), lines[1].hasPrefix("# ") else {
            throw DemoTextMalformed(language: language, text: String(text.prefix(80)))
        }
        let name = lines[0].dropLast(4).split(separator: ": ")
        let kind = name.last?.split(separator: ", ") ?? []
        guard name.count == 2, let contentType = kind.first,
            let status = kind.count == 1 ? .published : ContentStatus(rawValue: String(kind[1]))
        else { throw DemoTextMalformed(language: language, text: String(lines[0])) }
        chapter = String(name[0])
        self.contentType = String(contentType)
        self.status = status
        self.language = language
        title = String(lines[1].dropFirst(2))
        var body = lines[2].drop { $0 == "\n" }
        while body.last == "\n" { body.removeLast() }
        self.body = body + "\n"
    }
}

struct DemoTextMalformed: Error {
    let language: LanguageTag
    let text: String
}
