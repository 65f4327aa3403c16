import Glibc
import NIOCore

/// Cuts a stream of bytes into lines, in memory bounded by the longest line that is allowed.
struct LineSplitter {
    enum Line: Equatable {
        /// Without its line feed.
        case text(ArraySlice<UInt8>)
        /// More than ``maximumLength`` bytes; they are gone.
        case tooLong
    }

    let maximumLength: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to where no line feed is.
    private var searched = 0
    private var isSkipping = false

    init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    mutating func append(_ buffer: ByteBuffer) {
        bytes.removeSubrange(..<start)
        searched -= start
        start = 0
        bytes += buffer.readableBytesView
    }

    /// The next line that is whole; `nil` when more bytes are needed.
    mutating func next() -> Line? {
        while let end = indexOfLineFeed() {
            let line = bytes[start..<end]
            start = end + 1
            searched = start
            if isSkipping {
                isSkipping = false
                continue
            }
            return line.count > maximumLength ? .tooLong : .text(line)
        }
        searched = bytes.count
        guard bytes.count - start > maximumLength else { return nil }
        start = bytes.count
        defer { isSkipping = true }
        return isSkipping ? nil : .tooLong
    }

    /// With the C library's search, since this looks at every byte of a load.
    private func indexOfLineFeed() -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, searched < bytes.count,
                let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// What is left when the stream ends without a line feed.
    mutating func last() -> Line? {
        guard !isSkipping, start < bytes.count else { return nil }
        defer { start = bytes.count }
        return .text(bytes[start...])
    }
}
