import Testing

@testable import Media

@Suite("Documents of S3")
struct S3DocumentTests {
    @Test("are read with their elements and text")
    func reading() throws {
        let document = try S3Document(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a listing -->
            <List xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Empty/><Prefix></Prefix>
              <Contents><Key>a&amp;b&#x41;&#66;</Key><ETag>&quot;x&quot;</ETag></Contents>
              <Contents><Key>c</Key></Contents></List>
            """)
        #expect(document.name == "List" && document["Empty"] == "" && document["Prefix"] == "")
        #expect(document.all("Contents").map { $0["Key"] } == ["a&bAB", "c"])
        #expect(document.all("Contents")[0]["ETag"] == "\"x\"" && document["Missing"] == nil)
    }

    @Test(
        "that are none are refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "<a><b></a>", "</a>", "<a>&unknown;</a>", "<a>&#xD800;</a>", "<a>&amp</a>",
            "<>", "<?xml", String(repeating: "<a>", count: 1_000),
        ])
    func faults(_ text: String) {
        #expect(throws: S3DocumentFault.self) { try S3Document(text) }
    }
}
