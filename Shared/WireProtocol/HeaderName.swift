/// Names of the header fields that Lyceum's processes give a meaning of their own. Lower case, as HTTP/2 writes them.
public enum HeaderName {
    /// Taken from the client or made by the gateway; echoed, logged and passed on.
    public static let requestID = "x-request-id"
    /// W3C Trace Context §3.2.
    public static let traceParent = "traceparent"
    /// The client's address as the gateway saw it. Only the gateway may set it.
    public static let forwardedFor = "x-forwarded-for"
    public static let forwardedProto = "x-forwarded-proto"
    public static let forwardedHost = "x-forwarded-host"
    /// The same key, caller and body get the first answer again for 24 h.
    public static let idempotencyKey = "idempotency-key"

    /// Fields by which a client could pose as somebody; the gateway drops them. No service reads them: who calls is
    /// told by the token alone.
    public static let identity: [String] = [
        "forwarded", "x-forwarded-user", "x-forwarded-email", "x-lyceum-user", "x-lyceum-role", "x-lyceum-session",
        "x-real-ip", "x-remote-user", "x-user-id", "x-user-role",
    ]
}
