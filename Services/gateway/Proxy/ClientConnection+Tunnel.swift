import NIOCore

/// A connection that has become another protocol's (RFC 9110 §7.8): bytes pass both ways as they come, until one side
/// ends, or neither has sent any for the service's `streamTime`. While the process goes down: for `drainTime`, and by
/// `tunnelsEnd` in any case, since nobody can tell when the other protocol would be done. Clients of WebSockets come back.
extension ClientConnection {
    /// What the client asks to change to, if the rule for its call lets it. Never together with a body.
    func permittedUpgrade(_ head: RequestHead, of bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let upgrade = head.upgrade, head.namesUpgrade, head.isHTTP11, head.framing == .none else { return nil }
        let permitted = loop.configuration.access.upgrades(head.method, bytes.slice(head.path))
        let name = String(decoding: bytes.slice(upgrade), as: UTF8.self).lowercased()
        return permitted.contains(name) ? upgrade : nil
    }

    /// The service has agreed.
    func beginTunnel(
        _ head: ResponseHead, fields: [HeaderField], of bytes: UnsafeRawBufferPointer, over upstream: UpstreamConnection
    ) {
        exchange.status = head.status
        exchange.isPersistent = false
        writeHead(head, fields: fields, of: bytes)
        flush()
        // How long the tunnel lasts says nothing of how the service fared.
        finishRecord(isComplete: true)
        phase = .tunnel(upstream)
        noteProgress()
    }

    /// - Returns: whether to go on with what has arrived; never, since all of it has been taken.
    func forwardTunnel(to upstream: UpstreamConnection) -> Bool {
        if inbound.readableBytes > 0 {
            upstream.write(inbound)
            upstream.flush()
            inbound = loop.emptyBuffer
            noteProgress()
        }
        if isInputClosed { upstream.closeOutput() }
        return false
    }

    func tunnelContent(_ piece: ByteBuffer, from upstream: UpstreamConnection) {
        context?.writeAndFlush(wrapOutboundOut(piece), promise: nil)
        noteProgress()
        if context?.channel.isWritable == false { upstream.holdReads() }
    }

    /// Its time is over.
    func endTunnel(over upstream: UpstreamConnection) {
        settle()
        upstream.close()
        loop.release(upstream, reusable: false)
        tunnelEnded()
    }

    /// It has ended at the service's side.
    func tunnelEnded() {
        linger()
        advance()
    }
}
