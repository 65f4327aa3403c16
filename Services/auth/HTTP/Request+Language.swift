import Hummingbird
import ServiceKit
import WireProtocol

extension Request {
    /// The language that the client asks for before all others.
    var wantedLanguage: LanguageTag? {
        headers[.acceptLanguage].flatMap { AcceptLanguage($0).tags.first }
    }
}
