/// A request to the Docker Engine API.
struct Request: Sendable {
    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// For how long a request that does little may take.
    static let usualSeconds = 30

    let method: Method
    /// Below the version, such as `/containers/json`.
    let path: String
    let query: [(name: String, value: String)]
    /// nil for none.
    let body: [UInt8]?
    var bodyType = "application/json"
    /// From sending it to the last byte of the answer.
    let seconds: Int
    /// A file whose bytes are sent instead of `body`; nil for none.
    var upload: FileUpload?

    /// - Parameter path: its segments; each is escaped, so that a name never becomes another path.
    init(
        _ method: Method, _ path: [String], query: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        seconds: Int = usualSeconds
    ) {
        self.method = method
        self.path = path.map { "/" + Self.escape($0, keep: "") }.joined()
        self.query = query
        self.body = body
        self.seconds = seconds
    }

    /// A request about an image. References hold slashes, which Docker wants as they are.
    init(
        _ method: Method, image: String, _ verb: String? = nil, query: [(name: String, value: String)] = [],
        seconds: Int = usualSeconds
    ) {
        self.method = method
        self.path = "/images/" + Self.escape(image, keep: "/:@") + (verb.map { "/" + $0 } ?? "")
        self.query = query
        self.body = nil
        self.seconds = seconds
    }

    /// Path and query, as they are sent.
    var target: String {
        if query.isEmpty { return path }
        return path + "?" + query.map { "\($0.name)=\(Self.escape($0.value, keep: ""))" }.joined(separator: "&")
    }

    /// `text` with everything escaped that is neither unreserved (RFC 3986 §2.3) nor in `keep`.
    static func escape(_ text: String, keep: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8).union(keep.utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
