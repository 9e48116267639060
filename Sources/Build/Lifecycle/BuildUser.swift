import Docker
import Glibc

/// Whom the programs of a build run as.
struct BuildUser: Equatable {
    let user: Int
    let group: Int

    /// What Docker calls it.
    var text: String { "\(user):\(group)" }

    private init(user: Int, group: Int) {
        self.user = user
        self.group = group
    }

    /// The user that an image names for it, else 1001; never root (Platform API, "Build Image").
    init(declaredBy image: ImageDescription) {
        user = image.environment["CNB_USER_ID"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 1001
        group = image.environment["CNB_GROUP_ID"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 1001
    }

    /// Whom a container of `image` runs as: a server that is not root can give files to nobody else, and so it is its
    /// own user.
    init(_ image: ImageDescription) {
        if geteuid() == 0 {
            self.init(declaredBy: image)
        } else {
            self.init(user: Int(geteuid()), group: Int(getegid()))
        }
    }
}
