@main
struct ContentService {
    static func main() {}
}
