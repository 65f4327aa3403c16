import Testing

@testable import Auth

@Suite("Where Kratos is")
struct KratosAddressTests {
    @Test("is told by one address with another in it")
    func reads() throws {
        let text = "kratos+https://id.example.org/k/?admin=http://10.0.0.7:4434/&schema=pupil"
        let address = try #require(KratosAddress(text))
        #expect(address.open == "https://id.example.org/k")
        #expect(address.admin == "http://10.0.0.7:4434")
        #expect(address.schema == "pupil")
        #expect(KratosAddress("kratos+http://k:4433?admin=http://k:4434")?.schema == "lyceum")
    }

    @Test(
        "is not told by anything else",
        arguments: [
            "", "kratos", "http://k:4433?admin=http://k:4434", "kratos+http://k:4433", "kratos+ftp://k?admin=http://k",
            "kratos+http://k?admin=k", "kratos+http://?admin=http://k", "kratos+http://k?admin=http://k&shema=x",
            "kratos+http://k?admin=",
        ])
    func refuses(text: String) {
        #expect(KratosAddress(text) == nil)
    }
}
