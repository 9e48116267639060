import Platform
import Testing

@Suite struct PasswordHashTests {
    @Test(arguments: [
        (
            "Hello world!", "saltstring",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        ),
        (
            "a long pass phrase, with more than sixty-four bytes of text in it: äöü, 0123456789", "abcdefghijklmnopq",
            "$6$abcdefghijklmnop$ZO15ld3/DNS89N9vrkv3VMHCJAOEi0GRh0a3lWMo6MDvkKw0X.HKMAVimpdxuXEV7h4SdSAoDbB5VFPZ6Z3Ne/"
        ),
    ])
    func `a password has the hash that others make of it`(password: String, salt: String, hash: String) {
        #expect(PasswordHash.sha512Crypt(password, salt: salt) == hash)
    }

    @Test func `equal passwords have different hashes`() {
        #expect(PasswordHash.sha512Crypt("password") != PasswordHash.sha512Crypt("password"))
    }
}
