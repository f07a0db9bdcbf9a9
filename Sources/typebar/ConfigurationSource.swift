// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Gateway

/// Where a configuration comes from: files and the environment.
enum ConfigurationSource {
    /// Reads and checks a configuration file.
    static func read(file: String) throws(ConfigurationProblem) -> GatewayConfiguration {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw ConfigurationProblem(source: file, message: "cannot be read. Is the path right?")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationProblem(source: file, message: "is not valid UTF-8")
        }
        return try GatewayConfiguration(yaml: text, source: file, environment: environment)
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    /// `path` from the root.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    static var environment: [String: String] {
        ProcessInfo.processInfo.environment
    }
}
