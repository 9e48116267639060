/// How large people may make the processes of their apps; an admin may go beyond with 'limits set'.
package enum ProcessSizes {
    package static let memoryBytes = (16 << 20)...(8 << 30)
    package static let cpus = 0.05...8.0
}
