@main
struct GatewayService {
    static func main() {}
}
