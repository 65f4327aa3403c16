import FoundationEssentials
import Mustache
import WireProtocol

/// What the mails say: for each kind and language a text and an HTML page, as Mustache templates
/// (`password-reset.en.txt`, `password-reset.en.html`), and `layout.html` around the pages.
///
/// A text begins with the line `Subject: …`. The variables are `name` (may be missing), `email`, `link`, `token`,
/// `frontend`, `hours`, `sender`, `language`, `direction` and, in pages, `subject`.
struct MailTemplates: Sendable {
    private static let layout = "layout"

    /// Those in which every kind of mail can be written.
    let languages: Set<LanguageTag>
    private let library: MustacheLibrary

    /// Nothing can be written with these.
    static let none = MailTemplates()

    private init() {
        languages = []
        library = MustacheLibrary()
    }

    /// The built-in templates, with those of `directory` in the place of those with the same names. Each is tried.
    ///
    /// - Throws: ``MailTemplateFault``.
    init(directory: String? = nil) throws {
        var sources = Self.builtIn
        if let directory { try sources.merge(Self.read(directory)) { $1 } }
        var library = MustacheLibrary()
        for (name, source) in sources {
            do {
                // Values are escaped before they are put in; see `MailWriting`.
                let name = name == "layout.html" ? Self.layout : name
                library.register(try MustacheTemplate(string: "{{% CONTENT_TYPE: TEXT}}" + source), named: name)
            } catch let error as MustacheTemplate.ParserError {
                throw MailTemplateFault.syntax(
                    name, line: error.context.lineNumber, problem: "\(error.error)")
            }
        }
        self.library = library
        languages = try Self.languages(of: sources.keys)
        for language in languages {
            for kind in MailKind.allCases { try check(kind, in: language) }
        }
    }

    /// The first language of `wanted` that there is, or of those that lookup falls back to (RFC 4647 §3.4).
    func language(for wanted: [LanguageTag]) -> LanguageTag? {
        wanted.lazy.flatMap(\.lookupChain).first(where: languages.contains)
    }

    /// - Throws: ``MailTemplateFault``.
    func render(_ kind: MailKind, in language: LanguageTag, _ values: MailValues) throws -> MailContent {
        let name = "\(kind.rawValue).\(language)"
        guard let text = library.render(values.plain, withTemplate: "\(name).txt") else {
            throw MailTemplateFault.missing("\(name).txt")
        }
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard lines.count == 2, lines[0].hasPrefix("Subject:") else { throw MailTemplateFault.noSubject("\(name).txt") }
        let subject = lines[0].dropFirst("Subject:".count).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !subject.isEmpty else { throw MailTemplateFault.noSubject("\(name).txt") }
        guard let html = library.render(values.html(subject: subject), withTemplate: "\(name).html") else {
            throw MailTemplateFault.missing("\(name).html")
        }
        return MailContent(subject: subject, text: String(lines[1].drop(while: \.isNewline)), html: html)
    }

    private static func languages(of names: some Sequence<String>) throws -> Set<LanguageTag> {
        var languages: Set<LanguageTag> = []
        for name in names where name != "layout.html" {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, MailKind(rawValue: parts[0]) != nil, ["txt", "html"].contains(parts[2]),
                let language = LanguageTag(parts[1]), language.description == parts[1]
            else { throw MailTemplateFault.unknown(name) }
            languages.insert(language)
        }
        return languages
    }

    /// Writes the mail to somebody made up: the link must be in both bodies.
    private func check(_ kind: MailKind, in language: LanguageTag) throws {
        let values = MailValues.sample(language)
        let content = try render(kind, in: language, values)
        for (body, link, type) in [(content.text, values.link, "txt"), (content.html, values.link.htmlEscaped, "html")]
        where !body.contains(link) {
            throw MailTemplateFault.noLink("\(kind.rawValue).\(language).\(type)")
        }
    }

    private static func read(_ directory: String) throws -> [String: String] {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { !$0.hasPrefix(".") }
            return try names.reduce(into: [:]) { sources, name in
                sources[name] = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
            }
        } catch {
            throw MailTemplateFault.unreadable(directory)
        }
    }
}

/// A mail's words.
struct MailContent: Sendable {
    let subject: String
    let text: String
    let html: String
}

/// What is wrong with a template, for the operator who wrote it.
enum MailTemplateFault: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case unknown(String)
    case missing(String)
    case syntax(String, line: Int, problem: String)
    case noSubject(String)
    case noLink(String)

    var description: String {
        switch self {
        case .unreadable(let path): "names \(path), whose files can't be read as UTF-8"
        case .unknown(let name):
            "has \(name), which names no mail; names are as password-reset.en.txt, password-reset.en.html or layout.html"
        case .missing(let name): "has a language without \(name); each needs every mail as txt and as html"
        case .syntax(let name, let line, let problem): "has \(name) with a fault in line \(line): \(problem)"
        case .noSubject(let name): "has \(name) without a first line \"Subject: …\""
        case .noLink(let name): "has \(name) without {{link}}"
        }
    }
}
