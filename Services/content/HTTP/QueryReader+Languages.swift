import Hummingbird
import ServiceKit
import WireProtocol

extension QueryReader {
    /// What the reader takes: the language of `?language=`, else those of `Accept-Language`.
    mutating func readerLanguages(of request: Request) -> ReaderLanguages {
        if let tag = language("language") { return ReaderLanguages(preferred: tag.lookupChain) }
        return ReaderLanguages(AcceptLanguage(request.headers[.acceptLanguage] ?? ""))
    }
}
