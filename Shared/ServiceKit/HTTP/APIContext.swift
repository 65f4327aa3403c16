import FoundationEssentials
public import Hummingbird
import Logging
import NIOCore

/// What a handler knows of its request beside the request itself.
public struct APIContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// As the gateway sent it, or made here; also in the answer and in every log line.
    public internal(set) var requestID = ""
    /// Whose token it is; `nil` when none was sent, and on routes for services.
    public internal(set) var caller: Caller?
    /// Where the client is, as far as can be told: an IP address, or `unknown` for a call within the process.
    public internal(set) var clientAddress = "unknown"
    /// The address that connected: the gateway's, when there is one in front.
    let peerAddress: String?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peerAddress = source.channel.remoteAddress?.ipAddress
    }

    /// The caller, on routes whose access asks for one.
    ///
    /// - Throws: 401.
    public func requireCaller() throws -> Caller {
        guard let caller else { throw HTTPProblem.unauthorized() }
        return caller
    }

    /// The path parameter `{name}`, percent-decoded, as a `Value`; what can't be one names nothing.
    ///
    /// - Throws: 404.
    public func parameter<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type = Value.self)
        throws -> Value
    {
        // Nearly all are numbers and UUIDs, which have nothing to decode.
        guard let raw = parameters.get(name),
            let text = raw.utf8.contains(UInt8(ascii: "%")) ? raw.removingPercentEncoding : raw,
            let value = Value(text)
        else { throw HTTPProblem.notFound() }
        return value
    }
}
