import Foundation
import Testing

@testable import Platform

@Suite struct KeyRingTests {
    private let place = SecretPlace.variable(app: UUID(), name: "TOKEN")

    private func ring() throws -> KeyRing { try #require(KeyRing([KeyRing.Key()])) }

    @Test(arguments: [0, 1, 16, 65_536])
    func `what is sealed comes back, and looks different each time`(count: Int) throws {
        let ring = try ring()
        let secret = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let (one, other) = (try ring.seal(secret, for: place), try ring.seal(secret, for: place))
        #expect(one != other)
        #expect(try ring.open(one, for: place) == secret)
        #expect(try ring.open(other, for: place) == secret)
    }

    @Test func `a secret opens in its own place only`() throws {
        let ring = try ring()
        let app = UUID()
        let sealed = try ring.seal(Array("s3cret".utf8), for: .variable(app: app, name: "ONE"))
        for place in [
            SecretPlace.variable(app: app, name: "TWO"), .variable(app: UUID(), name: "ONE"), .snapshot(app: app),
        ] {
            #expect(throws: SecretError.damaged(place)) { try ring.open(sealed, for: place) }
        }
    }

    @Test func `no byte of a sealed secret can be changed, and none be missing`() throws {
        let ring = try ring()
        let sealed = try ring.seal(Array("s3cret".utf8), for: place)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SecretError.self) { try ring.open(changed, for: place) }
            #expect(throws: SecretError.self) { try ring.open(Array(sealed.prefix(index)), for: place) }
        }
    }

    @Test func `a new key seals, and the others still open`() throws {
        let old = try ring()
        let sealed = try old.seal(Array("s3cret".utf8), for: place)
        let new = old.withNewKey()
        #expect(try new.open(sealed, for: place) == Array("s3cret".utf8))
        #expect(try KeyRing.keyID(of: new.seal([1], for: place)) == new.keys[0].id)
        #expect(throws: SecretError.lostKey(new.keys[0].id.hexadecimal, of: place)) {
            try old.open(new.seal([1], for: place), for: place)
        }
    }

    @Test func `the key before the newest stays, older ones while they are used`() throws {
        let ring = try ring().withNewKey().withNewKey().withNewKey()
        let ids = ring.keys.map(\.id)
        #expect(ring.keeping([]).keys.map(\.id) == [ids[0], ids[1]])
        #expect(ring.keeping([ids[3], ids[0]]).keys.map(\.id) == [ids[0], ids[1], ids[3]])
    }
}
