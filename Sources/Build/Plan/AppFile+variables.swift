import Foundation
import Platform

extension AppFile {
    /// Reads `formation`: how many processes of each type there are.
    mutating func readFormation(_ value: Any) throws(BuildError) {
        let example = "{\"web\": {\"quantity\": 2}}"
        guard let types = value as? [String: [String: Any]] else {
            throw error("'formation' takes blocks by process, as in '\(example)'")
        }
        for (type, block) in types.sorted(by: { $0.key < $1.key }) {
            let place = "formation.\(Setting.shown(type))"
            for key in block.keys.filter({ $0 != "quantity" }).sorted() {
                remarks.append("\(file): '\(place).\(Setting.shown(key))' is not used")
            }
            guard let quantity = block["quantity"] else { continue }
            guard let number = JSONScalar.number(quantity).flatMap(Int.init(exactly:)), (0...100).contains(number)
            else {
                throw error("'\(place).quantity' takes a number from 0 to 100, as in '\(example)'")
            }
            quantities[type] = number
        }
    }

    /// Reads `env`: config variables by name, each with its value or a block.
    mutating func readVariables(_ value: Any) throws(BuildError) {
        guard let entries = value as? [String: Any] else {
            throw error("'env' takes names with values, as in '{\"DEBUG\": \"1\"}'")
        }
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            do throws(Refusal) {
                _ = try ConfigName(name)
            } catch {
                remarks.append("\(file): 'env.\(Setting.shown(name))' is not used: \(error.text)")
                continue
            }
            variables.append(try variable(name, entry))
        }
    }

    /// One that has no value and is not said to be optional is required, as with Heroku.
    private mutating func variable(_ name: String, _ entry: Any) throws(BuildError) -> VariableDeclaration {
        guard let block = entry as? [String: Any] else {
            return VariableDeclaration(name: name, value: try text(entry, "env.\(name)"))
        }
        for key in block.keys.filter({ !["description", "required", "value", "generator"].contains($0) }).sorted() {
            remarks.append("\(file): 'env.\(name).\(Setting.shown(key))' is not used")
        }
        var variable = VariableDeclaration(name: name)
        variable.description = (block["description"] as? String).map(VariablesBlock.line)
        variable.value = try block["value"].map { value throws(BuildError) in try text(value, "env.\(name).value") }
        if let generator = block["generator"] {
            guard generator as? String == "secret" else {
                throw error("'env.\(name).generator' takes 'secret'")
            }
            variable.isGenerated = variable.value == nil
        }
        let isRequired = block["required"] ?? true
        guard let isRequired = JSONScalar.flag(isRequired) else {
            throw error("'env.\(name).required' takes true or false")
        }
        variable.isRequired = isRequired && variable.value == nil && !variable.isGenerated
        return variable
    }

    private func text(_ value: Any, _ place: String) throws(BuildError) -> String {
        let text: String? =
            switch JSONScalar(value) {
            case .text(let text): text
            case .number(let number): number.stringValue
            case .flag, nil: nil
            }
        guard let text, VariablesBlock.isValue(text) else { throw error("'\(place)' takes a text") }
        return text
    }
}
