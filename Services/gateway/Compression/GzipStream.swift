import CZlib
import NIOCore

/// Compresses one body after the other (RFC 1952). Takes some 64 KB, so that many answers may be compressed at once.
final class GzipStream {
    enum Flush {
        /// What has come may wait for more.
        case no
        /// The reader is to have all that has come.
        case sync
        case end
    }

    private var stream = z_stream()

    /// `nil` when there is no memory for it.
    init?() {
        // 16 asks for gzip's frame around a window of 8 KB.
        guard lyceum_deflateInit2(&stream, 4, 13 + 16, 6) == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(&stream)
    }

    /// Ready for another body.
    func reset() {
        deflateReset(&stream)
    }

    func compress(_ input: ByteBuffer, flush: Flush, into output: inout ByteBuffer) {
        let mode =
            switch flush {
            case .no: Z_NO_FLUSH
            case .sync: Z_SYNC_FLUSH
            case .end: Z_FINISH
            }
        input.withUnsafeReadableBytes { bytes in
            let start = bytes.bindMemory(to: UInt8.self).baseAddress
            // zlib only reads there.
            stream.next_in = UnsafeMutablePointer(mutating: start)
            stream.avail_in = UInt32(bytes.count)
            repeat {
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { space in
                    stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
                    stream.avail_out = UInt32(space.count)
                    deflate(&stream, mode)
                    return space.count - Int(stream.avail_out)
                }
            } while stream.avail_out == 0
        }
    }
}
