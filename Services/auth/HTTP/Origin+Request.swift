import Hummingbird
import ServiceKit

extension Origin {
    init(_ request: Request, _ context: APIContext) {
        let agent = request.headers[.userAgent].map { text in
            String(
                text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
                    .prefix(Self.maximumUserAgentLength))
        }
        self.init(
            address: context.clientAddress, userAgent: agent, requestID: context.requestID,
            device: DeviceCookie.value(in: request.headers))
    }
}
