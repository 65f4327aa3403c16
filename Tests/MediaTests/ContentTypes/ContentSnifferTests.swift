import Testing

@testable import Media

@Suite("A file's type, found from its bytes")
struct ContentSnifferTests {
    static let samples: [(String, [UInt8])] = [
        ("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]),
        ("image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0]),
        ("image/gif", bytes("GIF89a....")),
        ("image/webp", bytes("RIFF....WEBPVP8 ")),
        ("audio/wav", bytes("RIFF....WAVEfmt ")),
        ("application/pdf", bytes("%PDF-1.7\n%") + [0xE2, 0xE3]),
        ("audio/mpeg", bytes("ID3") + [4, 0, 0]),
        ("audio/mpeg", [0xFF, 0xFB, 0x90, 0x64, 0, 0]),
        ("audio/flac", bytes("fLaC") + [0]),
        ("audio/ogg", bytes("OggS") + [0, 2] + bytes("..........................OpusHead")),
        ("video/ogg", bytes("OggS") + [0, 2] + bytes("......................") + [0x80] + bytes("theora")),
        ("video/mp4", [0, 0, 0, 24] + bytes("ftypisom") + [0, 0, 2, 0] + bytes("isomavc1")),
        ("audio/mp4", [0, 0, 0, 24] + bytes("ftypM4A ") + [0, 0, 0, 0] + bytes("M4A mp42")),
        ("image/avif", [0, 0, 0, 28] + bytes("ftypavif") + [0, 0, 0, 0] + bytes("avifmif1miaf")),
        ("image/avif", [0, 0, 0, 24] + bytes("ftypmif1") + [0, 0, 0, 0] + bytes("mif1avif")),
        ("video/quicktime", [0, 0, 0, 20] + bytes("ftypqt  ") + [0, 0, 0, 0] + bytes("qt  ")),
        ("video/webm", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + bytes("webm")),
        ("video/matroska", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x88] + bytes("matroska")),
        ("application/zip", zip("readme.md") + zip("a/b")),
        ("application/epub+zip", zip("mimetypeapplication/epub+zip")),
        (
            office("wordprocessingml.document"),
            zip("[Content_Types].xml") + zip("_rels/.rels") + zip("word/document.xml")
        ),
        (office("spreadsheetml.sheet"), zip("[Content_Types].xml") + zip("xl/workbook.xml")),
        (office("presentationml.presentation"), zip("[Content_Types].xml") + zip("ppt/presentation.xml")),
        ("image/svg+xml", bytes("<svg xmlns='http://www.w3.org/2000/svg'/>")),
        ("image/svg+xml", bytes("\u{FEFF}<?xml version='1.0'?>\n<!-- drawn -->\n<svg:svg/>")),
        ("image/svg+xml", bytes("<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' ''><svg/>")),
        ("application/xml", bytes("<?xml version='1.0'?><feed/>")),
        ("text/html", bytes(" \n<!doctype HTML><p>")),
        ("text/html", bytes("<!-- a comment --><script>alert(1)</script>")),
        ("text/html", bytes("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>")),
        ("text/html", bytes("<IMG SRC=x onerror=alert(1)>")),
        ("text/vtt", bytes("WEBVTT\n\n00:00.000 --> 00:01.000\nHi")),
        ("text/vtt", bytes("WEBVTT")),
        ("text/plain", bytes("WEBVTTX")),
        ("text/plain", bytes("Grüße, 世界 🦊\r\n\tindented\u{C}")),
        ("text/plain", bytes("a < b, <html> comes later")),
        ("text/plain", bytes("<3 is text")),
        ("text/plain", []),
        ("application/octet-stream", bytes("text with a NUL \0 in it")),
        ("application/octet-stream", bytes("cut off: ") + [0xE2, 0x82]),
        ("application/octet-stream", bytes("overlong: ") + [0xC0, 0xAF]),
        ("application/octet-stream", bytes("surrogate: ") + [0xED, 0xA0, 0x80]),
        ("application/octet-stream", bytes("latin-1: ") + [0xE9, 0x20]),
        ("application/octet-stream", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]),
    ]

    @Test("is what the bytes say, in whatever pieces they come", arguments: samples)
    func sniffing(_ type: String, _ bytes: [UInt8]) {
        for pieceLength in [1, 3, max(1, bytes.count)] {
            var sniffer = ContentSniffer()
            for start in stride(from: 0, to: bytes.count, by: pieceLength) {
                let piece = Array(bytes[start..<min(start + pieceLength, bytes.count)])
                piece.withUnsafeBytes { sniffer.append($0) }
            }
            #expect(sniffer.finish() == type)
        }
    }

    @Test("is known to be no text as soon as the bytes show it, however late")
    func lateBinary() {
        var sniffer = ContentSniffer()
        let text = Array(repeating: UInt8(ascii: "x"), count: 100_000)
        text.withUnsafeBytes { sniffer.append($0) }
        #expect(sniffer.contentType == "text/plain")
        [UInt8](arrayLiteral: 0).withUnsafeBytes { sniffer.append($0) }
        #expect(sniffer.contentType == "application/octet-stream")
    }

    @Test("is known for certain after the head, for formats with a magic number")
    func earlyVerdict() {
        var sniffer = ContentSniffer()
        let head = Self.samples[0].1 + Array(repeating: 0, count: ContentSniffer.headLength)
        head.withUnsafeBytes { sniffer.append($0) }
        #expect(sniffer.contentType == "image/png")
    }

    @Test(
        "of what could run scripts is never shown inline", arguments: ["text/html", "image/svg+xml", "application/xml"])
    func active(_ type: String) {
        #expect(ContentTypes.isActive(type) && !ContentTypes.isShownInline(type))
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func zip(_ name: String) -> [UInt8] {
        [0x50, 0x4B, 0x03, 0x04] + Array(repeating: 0, count: 26) + bytes(name) + Array(repeating: 1, count: 40)
    }

    private static func office(_ kind: String) -> String { "application/vnd.openxmlformats-officedocument." + kind }
}
