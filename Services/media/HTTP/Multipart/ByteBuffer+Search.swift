import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension ByteBuffer {
    /// Where the first occurrence of `needle` starts, counted from the reader index; `nil` when there is none.
    func offset(of needle: [UInt8]) -> Int? {
        guard let first = needle.first else { return 0 }
        return withUnsafeReadableBytes { haystack -> Int? in
            guard let start = haystack.baseAddress else { return nil }
            var offset = 0
            while offset + needle.count <= haystack.count,
                let found = memchr(start + offset, Int32(first), haystack.count - needle.count + 1 - offset)
            {
                offset = UnsafeRawPointer(found) - start
                if memcmp(found, needle, needle.count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
    }
}
