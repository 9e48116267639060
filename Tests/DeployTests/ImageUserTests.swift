import Testing

@testable import Deploy

@Suite struct ImageUserTests {
    private let users = "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001:Node:/home/node:/bin/sh\n"
    private let groups = "root:x:0:\nstaff:x:50:node\n"

    @Test(arguments: [
        ("node", 1000, 1001), ("1000", 1000, 1001), ("node:staff", 1000, 50), ("node:7", 1000, 7), ("5:6", 5, 6),
        ("4711", 4711, 0),
    ])
    func `a user has the numbers that the image gives it`(_ name: String, _ id: Int, _ group: Int) {
        #expect(ImageUser.parse(name, users: users, groups: groups) == ImageUser(id: id, group: group))
    }

    @Test(arguments: ["nobody", "node:nobody", ""])
    func `one that the image does not know has none`(_ name: String) {
        #expect(ImageUser.parse(name, users: users, groups: groups) == nil)
    }
}
