@main
struct PostgresBenchmark {
    static func main() {}
}
