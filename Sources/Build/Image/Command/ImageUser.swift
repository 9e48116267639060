/// A user of an image, by numbers, which mean the same in every image.
struct ImageUser: Sendable, Equatable {
    static let root = ImageUser(uid: "0", gid: "0")
    /// As whom apps run unless their image says otherwise.
    static let usual = ImageUser(uid: "1000", gid: "1000")

    let uid: String
    let gid: String

    private init(uid: String, gid: String) {
        self.uid = uid
        self.gid = gid
    }

    /// The user that an image with `USER declared` is built and run as: that one if it is a number other than root's.
    /// Names are not looked up in the image: 1000 is taken.
    init(declared: String) {
        let parts = declared.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
        guard let uid = parts.first ?? nil, uid != 0 else {
            self = .usual
            return
        }
        let gid = parts.count > 1 ? parts[1] : nil
        self.init(uid: "\(uid)", gid: "\(gid ?? uid)")
    }

    var text: String { "\(uid):\(gid)" }
}
