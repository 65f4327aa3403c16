/// Messages that two parsers could read differently, or that break the grammar: what request smuggling, response
/// splitting and path confusion are made of. None may reach a service.
enum MalformedCorpus {
    static let all = heads + bodies

    /// Requests that are refused by their head, whoever sends them.
    static let heads = startLines + targets + fieldLines + lineEnds + lengths + codings + hosts + sizes

    private static func get(_ fields: String, target: String = "/content") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    private static func post(_ fields: String, _ body: String) -> String {
        "POST /content HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
    }

    private static let startLines = [
        "GET /content\r\nHost: a\r\n\r\n", "GET  /content HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content  HTTP/1.1\r\nHost: a\r\n\r\n", " GET /content HTTP/1.1\r\nHost: a\r\n\r\n",
        "\tGET /content HTTP/1.1\r\nHost: a\r\n\r\n", "GET\t/content HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content\tHTTP/1.1\r\nHost: a\r\n\r\n", "GET /content HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /content HTTP/1.1x\r\nHost: a\r\n\r\n", "GET /content HTTP/1.10\r\nHost: a\r\n\r\n",
        "GET /content HTTP/01.1\r\nHost: a\r\n\r\n", "GET /content HTTP/1\r\nHost: a\r\n\r\n",
        "GET /content HTTP/1.\r\nHost: a\r\n\r\n", "GET /content HTTP/.1\r\nHost: a\r\n\r\n",
        "GET /content http/1.1\r\nHost: a\r\n\r\n", "GET /content HTTPS/1.1\r\nHost: a\r\n\r\n",
        "GET /content HTTP /1.1\r\nHost: a\r\n\r\n", "GET /content HTTP/1.1,HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /content HTTP/0.9\r\nHost: a\r\n\r\n", "GET /content HTTP/1.2\r\nHost: a\r\n\r\n",
        "GET /content HTTP/2.0\r\nHost: a\r\n\r\n", "GET /content HTTP/-1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "get /content HTTP/1.1\r\nHost: a\r\n\r\n",
        "GETT /content HTTP/1.1\r\nHost: a\r\n\r\n", "G(T /content HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET,POST /content HTTP/1.1\r\nHost: a\r\n\r\n", "/content HTTP/1.1\r\nHost: a\r\n\r\n",
        "TRACE /content HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\u{0} /content HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
    ]

    private static let targets =
        [
            "content", "*", "a:80", "//content", "/content//x", "/content/..", "/content/../x", "/content/.",
            "/content/./x", "/content/..;/x", "/content/.;a=b/x", "/content/%2e%2e/x", "/content/%2E/x", "/content/%2f",
            "/content%2fx", "/content%5c..%5cx", "/content\\..\\x", "/content/%00", "/content/%0d%0aHost:b",
            "/content/%7f", "/content/%", "/content/%2", "/content/%gg", "/content/%u002e", "/content#x",
            "/content?a#b", "/content?a\u{1}b", "/content\u{7F}", "/content/\u{E9}", "/content?\u{E9}", "/con\"tent",
            "/con<tent>", "/con^tent", "/con`tent", "/con{tent}", "http://b/content", "http:///content",
            "https://a/content", "http://a", "http://a@b/content", "http:/content", "ftp://a/content", "http://a?x",
        ].map { get("", target: $0) }

    private static let fieldLines =
        [
            "X : 1", "X\t: 1", "X 1: 1", " X: 1", "\tX: 1", ": 1", "X", "X;: 1", "X,Y: 1", "X\"Y: 1", "(X): 1",
            "[X]: 1",
            "{X}: 1", "X@Y: 1", "X/Y: 1", "X\\Y: 1", "X=1", "X?: 1", "X<: 1", "\u{E9}: 1", "X\u{0}: 1", "X\u{B}: 1",
            "X: a\u{0}b", "X: a\u{1}b", "X: a\u{B}b", "X: a\u{7F}b", "X: a\u{1B}b", "X: a\u{8}b", "Content-Length : 5",
            "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Content Length: 5",
            "Connection: content-length", "Connection: close, host", "Connection: authorization",
            "Connection: connection", "Authorization: a\r\nAuthorization: b", "Expect: 200-ok",
            "Expect: 100-continue, x",
        ].map { get($0 + "\r\n") }

    private static let lineEnds = [
        "GET /content HTTP/1.1\nHost: a\n\n", "GET /content HTTP/1.1\r\nHost: a\n\r\n",
        "GET /content HTTP/1.1\nHost: a\r\n\r\n", "GET /content HTTP/1.1\r\nHost: a\r\n\n",
        "GET /content HTTP/1.1\rHost: a\r\r", "GET /content HTTP/1.1\r\r\nHost: a\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\r\n\r\n", "GET /content HTTP/1.1\r\nX: a\rY: b\r\nHost: a\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n",
        "GET /content HTTP/1.1\r\n Host: a\r\n\r\n", "GET /content HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
        "GET /content HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n 0\r\n\r\n",
        "\n\nGET /content HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /content HTTP/1.1\n\rHost: a\n\r\n\r",
    ]

    private static let lengths =
        [
            "", "+5", "-5", "-0", "5,5", "5, 5", "5 5", "5;", "0x5", "5.0", "5e0", "five", "\"5\"", "5\u{A0}", "\u{B2}",
            "99999999999999999999", "9223372036854775808", "18446744073709551621", "5\u{B}",
        ].map { get("Content-Length: \($0)\r\n") }
        + [
            get("Content-Length: 5\r\nContent-Length: 5\r\n"), get("Content-Length: 0\r\nContent-Length: 45\r\n"),
            get("Content-Length: 45\r\ncontent-length: 0\r\n"),
            post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
            post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ]

    private static let codings =
        [
            "", "gzip", "identity", "deflate", "compress", "xchunked", "chunkedx", "chunk", "chunked;q=1", "chunked,",
            ",chunked", "chunked, chunked", "chunked chunked", "gzip, chunked", "chunked, gzip", "identity, chunked",
            "chunked, identity", "\"chunked\"", "'chunked'", "chunked\u{0}", "\u{B}chunked", "chunked\u{A0}",
            "ch\u{FC}nked", "trailers", "x",
        ].map { post("Transfer-Encoding: \($0)\r\n", "0\r\n\r\n") }
        + [
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
            post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            "POST /content HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /content HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        ]

    private static let hosts =
        ["", "a b", "a,b", "a/b", "a@b", "a?b", "a#b", "a\\b", "a\u{0}", "\u{E9}", "a\"b", "<a>", "a|b", "a^b"].map {
            "GET /content HTTP/1.1\r\nHost: \($0)\r\n\r\n"
        } + [
            "GET /content HTTP/1.1\r\n\r\n", "GET /content HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET /content HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
            "GET /content HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET http://b/content HTTP/1.1\r\n\r\n",
        ]

    private static let sizes = [
        get("X: \(String(repeating: "x", count: 20_000))\r\n"),
        get("\(String(repeating: "x", count: 20_000)): 1\r\n"),
        get("", target: "/content/" + String(repeating: "x", count: 20_000)),
        get("", target: "/content?" + String(repeating: "x", count: 20_000)),
        get(String(repeating: "X: 1\r\n", count: 200)), get(String(repeating: "X: 1\r\n", count: 4000)),
        String(repeating: "\r\n", count: 10_000) + get(""), String(repeating: "x", count: 20_000),
    ]

    /// Chunked bodies that break off in the middle of a message that is otherwise good.
    static let bodies = [
        "g\r\n", "x\r\n\r\n", "-1\r\n", "+1\r\na\r\n", "0x1\r\na\r\n", "1 \r\na\r\n0\r\n\r\n", " 1\r\na\r\n0\r\n\r\n",
        "1\t\r\na\r\n0\r\n\r\n", "\r\n", "1\na\n0\n\n", "1\r\na\n0\r\n\r\n", "1\r\naa\r\n0\r\n\r\n", "1\r\na0\r\n\r\n",
        "2\r\na\r\n0\r\n\r\n", "1\ra\r\n0\r\n\r\n", "1;\u{0}\r\na\r\n0\r\n\r\n", "1;a\u{1}b\r\na\r\n0\r\n\r\n",
        "1;a\nb\r\na\r\n0\r\n\r\n", "1,1\r\na\r\n0\r\n\r\n", "1\"\r\na\r\n0\r\n\r\n", "ffffffffffffffff\r\na",
        "10000000000000000\r\na", "8000000000000000\r\na", "0000000000000000001\r\na\r\n0\r\n\r\n",
        "1;" + String(repeating: "x", count: 300) + "\r\na\r\n0\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\n: 1\r\n\r\n",
        "0\r\nX : 1\r\n\r\n", "0\r\n X: 1\r\n\r\n", "0\r\nX: 1\n\r\n", "0\r\n\n", "0\n\r\n", "0\r\r\n\r\n",
        "0\r\nX: " + String(repeating: "x", count: 9000) + "\r\n\r\n",
    ]
}
