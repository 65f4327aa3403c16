@main
struct AnalyticsService {
    static func main() {}
}
