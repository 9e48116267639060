/// Why one reference cannot be changed, in the words git reports it with (`ref_transaction_error_msg`).
struct ReferenceRefusal: Error, Equatable {
    let reason: String

    static let alreadyExists = ReferenceRefusal(reason: "reference already exists")
    static let doesNotExist = ReferenceRefusal(reason: "reference does not exist")
    static let incorrectOldValue = ReferenceRefusal(reason: "incorrect old value provided")
    static let invalidNewValue = ReferenceRefusal(reason: "invalid new value provided")
    static let nameConflict = ReferenceRefusal(reason: "refname conflict")
    static let badPack = ReferenceRefusal(reason: "bad pack")
    static let multipleUpdates = ReferenceRefusal(reason: "multiple updates for ref not allowed")
    static let failed = ReferenceRefusal(reason: "failed to update ref")
    static let atomicTransactionFailed = ReferenceRefusal(reason: "atomic transaction failed")
    static let atomicPushFailure = ReferenceRefusal(reason: "atomic push failure")

    var result: ReferenceUpdateResult { .failed(reason: reason) }
}
