// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import WireFormats

/// Reads the scenario files of a folder, and again when they have changed.
struct ScenarioLoader: Sendable {
    private let path: String
    private let paces: PaceDecoder
    private var fingerprint: [ScenarioFolder.Entry]?

    init(path: String, paces: PaceDecoder) {
        self.path = path
        self.paces = paces
    }

    /// Reads all files.
    mutating func load() throws(ScenarioProblem) -> ScenarioLibrary {
        let folder = ScenarioFolder(path)
        fingerprint = try folder.fingerprint()
        return try ScenarioLibrary(folder.sources(), checks: Self.checks(paces))
    }

    /// Reads all files if one of them has changed since they were read; nil where none has.
    mutating func reloadIfChanged() throws(ScenarioProblem) -> ScenarioLibrary? {
        let current = try ScenarioFolder(path).fingerprint()
        guard current != fingerprint else { return nil }
        // A broken file is told of once, not each time somebody looks.
        fingerprint = current
        return try load()
    }

    /// How the faults and paces of scenarios are read.
    static func checks(_ paces: PaceDecoder) -> ScenarioChecks {
        ScenarioChecks(
            fault: { text in
                do throws(RequestProblem) {
                    return .success(try FaultPlan(text).faults)
                } catch {
                    return .failure(ScenarioChecks.Complaint(error.message))
                }
            },
            pace: { values in
                do throws(RequestProblem) {
                    let parameters = ParameterSet(values: values)
                    try parameters.check(known: MockParameters.names)
                    _ = try paces.pace(from: parameters, isMock: true)
                    _ = try paces.seed(from: parameters)
                    _ = try FaultPlan(parameters["fault"] ?? "")
                    return nil
                } catch {
                    return error.message
                }
            }
        )
    }
}
