/// Formats whose first bytes name only a container; what it holds stands further on in the head.
enum ContainerFormat {
    static func type(of head: [UInt8]) -> String? {
        if MagicNumber("ftyp", at: 4).matches(head) { return isoMedia(head) }
        if MagicNumber([0x1A, 0x45, 0xDF, 0xA3]).matches(head) { return matroska(head) }
        if MagicNumber("OggS").matches(head) { return ogg(head) }
        if MagicNumber([0x50, 0x4B, 0x03, 0x04]).matches(head) { return zip(head) }
        if isMPEGAudioFrame(head) { return "audio/mpeg" }
        return nil
    }

    /// By the brands of the file type box (ISO/IEC 14496-12 §4.3): its major brand, then the compatible ones.
    private static func isoMedia(_ head: [UInt8]) -> String {
        let length = min(head.count, head.prefix(4).reduce(0) { $0 << 8 | Int($1) })
        let brands = stride(from: 8, to: max(8, length - 3), by: 4).filter { $0 != 12 }
            .map { String(decoding: head[$0..<$0 + 4], as: UTF8.self) }
        if brands.contains("avif") || brands.contains("avis") { return "image/avif" }
        switch brands.first {
        case "M4A ", "M4B ", "M4P ": return "audio/mp4"
        case "qt  ": return "video/quicktime"
        case "heic", "heix", "mif1", "msf1": return "image/heif"
        default: return "video/mp4"
        }
    }

    /// By the document type in the EBML header (RFC 9559 §4).
    private static func matroska(_ head: [UInt8]) -> String {
        head.prefix(64).contains(sequence: "webm") ? "video/webm" : "video/matroska"
    }

    private static func ogg(_ head: [UInt8]) -> String {
        head.contains(sequence: "theora") ? "video/ogg" : "audio/ogg"
    }

    /// By the names of the archive's first members (APPNOTE §4.3.7, ECMA-376 part 2, EPUB OCF §4.2).
    private static func zip(_ head: [UInt8]) -> String {
        let office = "application/vnd.openxmlformats-officedocument."
        for name in memberNames(head) {
            if name.hasPrefix("mimetypeapplication/epub+zip") { return "application/epub+zip" }
            if name.hasPrefix("word/") { return office + "wordprocessingml.document" }
            if name.hasPrefix("xl/") { return office + "spreadsheetml.sheet" }
            if name.hasPrefix("ppt/") { return office + "presentationml.presentation" }
        }
        return "application/zip"
    }

    /// What follows each local file header in the head: the member's name and, stored uncompressed, its content.
    private static func memberNames(_ head: [UInt8]) -> [String] {
        head.indices.dropLast(30)
            .filter { head[$0] == 0x50 && head[$0...].starts(with: [0x50, 0x4B, 0x03, 0x04]) }
            .map { String(decoding: head[($0 + 30)...].prefix(40), as: UTF8.self) }
    }

    /// A frame header of MPEG-1 or -2, layer III, of a bit rate and a sampling rate that exist (ISO/IEC 11172-3).
    private static func isMPEGAudioFrame(_ head: [UInt8]) -> Bool {
        guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[1] & 0x18 != 0x08 else { return false }
        let bitRate = head[2] >> 4
        return bitRate != 0 && bitRate != 15 && head[2] & 0x0C != 0x0C
    }
}

extension Collection where Element == UInt8 {
    fileprivate func contains(sequence text: String) -> Bool {
        indices.contains { self[$0...].starts(with: text.utf8) }
    }
}
