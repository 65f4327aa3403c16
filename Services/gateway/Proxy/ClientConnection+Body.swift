import NIOCore

extension ClientConnection {
    /// - Returns: whether to go on with what has arrived.
    func forwardBody(to upstream: UpstreamConnection) -> Bool {
        guard !exchange.body.hasEnded else { return false }
        while true {
            let step: BodyDecoder.Step
            do {
                step = try exchange.body.next(&inbound)
            } catch {
                refuseMidway(.malformed(error))
                return true
            }
            switch step {
            case .content(let piece):
                exchange.bodyBytes += piece.readableBytes
                extendUpload(by: piece.readableBytes, to: upstream.service)
                guard exchange.bodyBytes <= exchange.bodyLimit else {
                    refuseMidway(.bodyTooLarge(limit: exchange.bodyLimit))
                    return true
                }
                write(piece, to: upstream)
            case .needsMore:
                upstream.flush()
                noteProgress()
                // The client is gone before its request was whole.
                if isInputClosed { close() }
                return false
            case .end:
                if exchange.isBodyChunked {
                    var end = loop.emptyBuffer
                    end.writeLastChunk(exchange.body.trailers, loop.trailerSection)
                    upstream.write(end)
                }
                upstream.flush()
                upstream.hasWholeRequest()
                noteProgress()
                return false
            }
        }
    }

    private func write(_ piece: ByteBuffer, to upstream: UpstreamConnection) {
        guard exchange.isBodyChunked else { return upstream.write(piece) }
        var size = loop.emptyBuffer
        size.writeChunkSize(piece.readableBytes)
        upstream.write(size)
        upstream.write(piece)
        var end = loop.emptyBuffer
        end.writeStaticString("\r\n")
        upstream.write(end)
    }

    func upstreamBecameWritable() {
        // It was not the client that was slow.
        exchange.uploadDeadline = .now() + loop.configuration.clients.bodyTime
        noteProgress()
        resumeReads()
    }

    /// - Returns: whether to go on with what has arrived.
    func skipBody() -> Bool {
        while true {
            do {
                switch try exchange.body.next(&inbound) {
                case .content: continue
                case .needsMore:
                    if isInputClosed { close() }
                    return false
                case .end:
                    next()
                    return true
                }
            } catch {
                linger()
                return false
            }
        }
    }
}
