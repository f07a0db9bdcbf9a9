// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

extension ArrivalSchedule {
    /// Arrivals as they were once seen, an arrival a line: seconds as a number, or a JSON object with `timestamp` in
    /// milliseconds, as Mooncake's traces have it. Empty lines and those that begin with `#` say nothing.
    ///
    /// The first is at 0, whatever its time.
    /// - Parameter file: Its name, for messages.
    public static func trace(_ bytes: [UInt8], file: String) throws(PlanProblem) -> ArrivalSchedule {
        var seen: [Double] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let text = PlanText.trimmed(String(decoding: line, as: UTF8.self)[...])
            guard let first = text.first, first != "#" else { continue }
            guard let time = first == "{" ? timestamp(Array(text.utf8)) : PlanText.decimal(text),
                abs(time) < 1e12
            else {
                throw PlanProblem(
                    "\(file):\(number): '\(text.prefix(60))' is no arrival",
                    example: "1.25 (seconds) or {\"timestamp\": 1250} (milliseconds)"
                )
            }
            if let last = seen.last, time < last {
                throw PlanProblem("\(file):\(number): the time is before that of the line above: sort the file by time")
            }
            guard seen.count < most else { throw tooMany(Double(seen.count + 1)) }
            seen.append(time)
        }
        guard let start = seen.first, let end = seen.last else {
            throw PlanProblem("\(file) has no arrival", example: "a line for each, with its seconds: 1.25")
        }
        guard end - start <= Double(DurationText.longest) / 1e9 else {
            throw PlanProblem("\(file) spans more than a year: are its times milliseconds? Numbers alone are seconds")
        }
        return ArrivalSchedule(
            times: seen.map { Nanoseconds((($0 - start) * 1e9).rounded()) },
            summary: "trace \(file), \(seen.count) arrivals"
        )
    }

    /// In seconds.
    private static func timestamp(_ json: [UInt8]) -> Double? {
        guard let value = try? JSONReader.read(json) else { return nil }
        return value["timestamp"]?.double.map { $0 / 1000 }
    }
}
