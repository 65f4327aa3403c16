import FoundationEssentials
import ServiceKit

/// Makes an internet message (RFC 5322) with a text and an HTML page of equal content (RFC 2046 §5.1.4). All of it is
/// ASCII in lines of at most 78 bytes where folding allows, so that it needs neither 8BITMIME nor SMTPUTF8.
enum MailEncoding {
    static func encode(_ message: MailMessage) -> Data {
        let boundary = "=_\(message.id)"
        let domain = message.sender.address.domain
        var lines = [
            // As HTTP has it, but that GMT is an obsolete name of the zone (RFC 5322 §4.3).
            "Date: \(HTTPDate.text(of: message.date).replacing("GMT", with: "+0000"))",
            "From: \(message.sender.header)",
            "To: \(message.recipient)",
            "Message-ID: <\(message.id)@\(domain)>",
            "Subject: \(HeaderText.encode(message.subject, after: "Subject: ".utf8.count))",
            // RFC 3834 §5.2, and what Exchange understands: nobody is to be told of anybody's holidays.
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Content-Language: \(message.language)",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
            "",
        ]
        for (type, content) in [("plain", message.text), ("html", message.html)] {
            lines += [
                "--\(boundary)",
                "Content-Type: text/\(type); charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                QuotedPrintable.encode(content),
            ]
        }
        lines += ["--\(boundary)--", ""]
        return Data(lines.joined(separator: "\r\n").utf8)
    }
}

extension Mailbox {
    /// For a header. The name is an encoded word unless it is a plain one; either way it can hold nothing but itself.
    fileprivate var header: String {
        guard let name else { return address.description }
        return "\(HeaderText.encodePhrase(name, after: "From: ".utf8.count))\r\n <\(address)>"
    }
}
