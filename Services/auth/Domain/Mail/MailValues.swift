import WireProtocol

/// What templates can say.
struct MailValues: Sendable {
    /// How to address the reader; `nil` when no name is known.
    var name: String?
    var email: String
    /// Where the mail leads.
    var link: String
    /// The secret in the link, for templates that build links of their own; empty in mails without one.
    var token: String
    var frontend: String
    /// How long the link is good.
    var hours: Int
    /// Who writes.
    var sender: String
    var language: LanguageTag

    /// For text.
    var plain: [String: String] {
        var values = [
            "email": email, "link": link, "token": token, "frontend": frontend, "hours": String(hours),
            "sender": sender, "language": language.description, "direction": language.isRightToLeft ? "rtl" : "ltr",
        ]
        values["name"] = name
        return values
    }

    /// For HTML: nothing in it can be markup, whichever braces a template puts around it.
    func html(subject: String) -> [String: String] {
        plain.merging(["subject": subject]) { $1 }.mapValues(\.htmlEscaped)
    }

    static func sample(_ language: LanguageTag) -> MailValues {
        MailValues(
            name: "Mira", email: "mira@example.org", link: "https://example.org/page?a=1&b=2#token=sample",
            token: "sample", frontend: "https://example.org", hours: 1, sender: "Lyceum", language: language)
    }
}

extension LanguageTag {
    static let english = LanguageTag("en")!

    /// Whether it is usually written from right to left.
    fileprivate var isRightToLeft: Bool {
        ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(base.description)
    }
}

extension String {
    /// By scalar: a character that begins with `"` and goes on with an accent is no less a quotation mark to a browser.
    var htmlEscaped: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
