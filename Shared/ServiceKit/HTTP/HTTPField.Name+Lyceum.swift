public import HTTPTypes
import WireProtocol

extension HTTPField.Name {
    public static let xRequestID = Self(HeaderName.requestID)!
    public static let traceParent = Self(HeaderName.traceParent)!
    public static let idempotencyKey = Self(HeaderName.idempotencyKey)!
    static let forwardedFor = Self(HeaderName.forwardedFor)!
}
