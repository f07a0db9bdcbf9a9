// SPDX-License-Identifier: Apache-2.0

import CLibFuzzer

/// `Fuzz TARGET [LIBFUZZER'S ARGUMENTS]`, or `Fuzz --list`. `scripts/fuzz` builds and calls it.
@main
struct Fuzz {
    private static let target = FuzzTarget.all.first { $0.name == CommandLine.arguments.dropFirst().first }

    static func main() {
        guard target != nil else {
            for target in FuzzTarget.all { print(target.name) }
            return
        }
        // libFuzzer has no use for the target's name.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        arguments?[1] = arguments?[0]
        arguments = arguments?.advanced(by: 1)
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            Fuzz.target?.run(bytes)
            var dice = Chance.dice(for: bytes)
            if let stretched = Stretch.stretched(bytes, &dice) { Fuzz.target?.run(stretched) }
            return 0
        }
    }
}
