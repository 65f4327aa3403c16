@main
struct MediaService {
    static func main() {}
}
