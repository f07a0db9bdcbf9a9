// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

extension Machine {
    /// This one, and how many of its cores this process may use.
    /// - Parameter typebar: The program's version.
    public static func current(typebar: String = "") -> Machine {
        var machine = Machine()
        machine.typebar = typebar
        let release = SystemFile.text(of: "/proc/sys/kernel/osrelease").split(separator: "\n").first
        machine.kernel = release.map { "Linux \($0)" } ?? ""
        machine.processor = processor(SystemFile.text(of: "/proc/cpuinfo"))
        machine.cores = Int(clinux_available_processors())
        return machine
    }

    /// The model's name, or what the kernel knows in place of it: on Arm, nothing but numbers.
    static func processor(_ text: String) -> String {
        for name in ["model name", "Model", "Hardware", "CPU part"] {
            for line in text.split(separator: "\n") where line.hasPrefix(name) {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = PlanText.trimmed(line[line.index(after: colon)...])
                if !value.isEmpty { return String(value) }
            }
        }
        return ""
    }
}
