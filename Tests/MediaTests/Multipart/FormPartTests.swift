import Testing

@testable import Media

@Suite("A form part's name")
struct FormPartTests {
    @Test(
        "is read as clients write it",
        arguments: [
            (#"form-data; name="file"; filename="a.png""#, "a.png"),
            (#"form-data; name=file; filename=a.png"#, "a.png"),
            (#"FORM-DATA ; NAME = "file" ; FileName="a b.png""#, "a b.png"),
            (#"form-data; name="file"; filename="say \"hi\"; name=\"x\".png""#, #"say "hi"; name="x".png"#),
            (#"form-data; name="file"; filename="C:\images\new.png""#, #"C:\images\new.png"#),
            (#"form-data; name="file"; filename="a\\b.png""#, #"a\b.png"#),
            (#"form-data; name="file"; filename="na.txt"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt"#, "naïve €.txt"),
            (#"form-data; name="file"; filename*=iso-8859-1'en'%A3.txt"#, "£.txt"),
            (#"form-data; name="file"; filename="kept.txt"; filename*=UTF-8''%FF%FE"#, "kept.txt"),
            (#"form-data; name="file"; filename="kept.txt"; filename*=UTF-8''%G0"#, "kept.txt"),
            (#"form-data; name="file"; filename="первый.txt"; filename="second.txt""#, "первый.txt"),
            (#"form-data; name="file"; filename="never closed"#, "never closed"),
            (#"form-data; name="file"; filename="""#, ""),
        ])
    func filename(_ disposition: String, _ expected: String) throws {
        let part = try FormPart(headers: "Content-Type: text/html\r\nContent-Disposition: \(disposition)")
        #expect(part.name == "file" && part.filename == expected)
    }

    @Test(
        "never becomes a path, nor hides what it is",
        arguments: [
            ("../../etc/passwd", "passwd"), (#"C:\images\new.png"#, "new.png"), ("/", "unnamed"), ("", "unnamed"),
            ("..", "unnamed"), ("a/..", "unnamed"), ("a\0b\r\nc\u{7F}.txt", "abc.txt"),
            ("  spaced .txt ", "spaced .txt"),
            ("gpj.\u{202E}exe", "gpj.exe"), ("a\u{2028}b", "ab"), ("dir/", "dir"), ("🦊 лиса.png", "🦊 лиса.png"),
        ])
    func cleaning(_ sent: String, _ kept: String) {
        #expect(FileName.clean(sent) == kept)
    }

    @Test("is shortened before its extension")
    func shortening() {
        let name = FileName.clean(String(repeating: "ä", count: 300) + ".png")
        #expect(name.utf8.count <= FileName.maximumLength && name.hasSuffix("ä.png") && name.utf8.count > 250)
        #expect(FileName.clean("a." + String(repeating: "b", count: 300)).utf8.count == FileName.maximumLength)
    }
}
