import NIOCore

extension ClientConnection {
    /// Has the answer tell a browser whether the page that asks may read it.
    ///
    /// - Returns: whether this is no more than the question whether a call would be allowed, and it would.
    func noteOrigin(of head: RequestHead, in bytes: UnsafeRawBufferPointer) -> Bool {
        let rules = loop.configuration.crossOrigin
        // Whatever the answer, another origin would get another one.
        exchange.ownFields.writeStaticString("vary: origin\r\n")
        guard let range = head.origin,
            let allowed = rules.allowed(String(decoding: bytes.slice(range), as: UTF8.self))
        else { return false }
        exchange.ownFields.writeString("access-control-allow-origin: \(allowed)\r\n")
        guard head.method == .options, head.requestedMethod != nil else {
            exchange.ownFields.writeString("access-control-expose-headers: \(CrossOrigin.exposedFields)\r\n")
            return false
        }
        return true
    }

    /// Every method and field is allowed at every path: what a caller may do is decided by its token.
    func grantCrossOrigin() {
        let age = loop.configuration.crossOrigin.maximumAge
        answer(
            OwnAnswer(
                status: 204,
                fields: "access-control-allow-methods: \(Method.allowed)\r\n"
                    + "access-control-allow-headers: \(CrossOrigin.allowedFields)\r\n"
                    + "access-control-max-age: \(age)\r\n",
                body: ByteBuffer()))
    }
}
