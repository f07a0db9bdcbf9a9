// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import MockModel
internal import WireFormats

/// Writes what `/admin` tells.
enum AdminJSON {
    /// - Parameter isWhole: With headers and body; a list leaves them out.
    static func append(_ record: RequestRecord, isWhole: Bool, to json: inout JSONText) {
        json.object { json in
            json.member("id", Int(record.id))
            json.member("received", RFC3339.text(unixNanoseconds: record.received, fractionDigits: 3))
            json.member("method", record.method)
            json.member("target", record.target)
            member("session", record.session.isEmpty ? nil : record.session, &json)
            member("format", record.format, &json)
            member("model", record.model, &json)
            member("scenario", record.scenario, &json)
            member("fault", record.faults, &json)
            // As text: a browser's numbers end at 2⁵³.
            member("seed", record.seed.map(String.init), &json)
            if let status = record.status { json.member("status", status) } else { json.nullMember("status") }
            json.member("outcome", record.outcome.rawValue)
            member("duration_ms", record.duration, &json)
            json.objectMember("aftermath") { json in
                member("retried_after_ms", record.aftermath.retriedAfter, &json)
                if let isHonoured = record.aftermath.honouredRetryAfter {
                    json.member("honoured_retry_after", isHonoured)
                } else {
                    json.nullMember("honoured_retry_after")
                }
                json.member("accepted_truncated", record.aftermath.acceptedTruncated)
            }
            guard isWhole else { return }
            json.arrayMember("headers") { json in
                for header in record.headers {
                    json.array { json in
                        json.string(header.name)
                        json.string(header.value)
                    }
                }
            }
            json.member("body", String(decoding: record.body, as: UTF8.self))
        }
    }

    static func counts(_ counts: RequestLog.Counts) -> [UInt8] {
        JSONText.object { json in
            json.member("total", counts.total)
            json.objectMember("outcomes") { json in
                for (name, count) in counts.outcomes.sorted(by: { $0.key < $1.key }) { json.member(name, count) }
            }
            json.objectMember("scenarios") { json in
                for (name, count) in counts.scenarios.sorted(by: { $0.key < $1.key }) { json.member(name, count) }
            }
        }
    }

    static func scenarios(_ list: [ScenarioSummary]) -> [UInt8] {
        JSONText.object { json in
            json.arrayMember("scenarios") { json in
                for scenario in list {
                    json.object { json in
                        json.member("name", scenario.name)
                        json.member("place", scenario.place)
                        json.member("uses", scenario.uses)
                        if let times = scenario.times { json.member("times", times) } else { json.nullMember("times") }
                        member("weight", scenario.weight, &json)
                        json.member("when", scenario.when)
                    }
                }
            }
        }
    }

    static func verdicts(_ verdicts: [ScenarioVerdict]) -> [UInt8] {
        JSONText.object { json in
            member("match", verdicts.first(where: \.isMatch)?.name, &json)
            json.arrayMember("scenarios") { json in
                for verdict in verdicts {
                    json.object { json in
                        json.member("name", verdict.name)
                        json.member("place", verdict.place)
                        member("failure", verdict.failure, &json)
                    }
                }
            }
        }
    }

    private static func member(_ name: String, _ value: String?, _ json: inout JSONText) {
        if let value { json.member(name, value) } else { json.nullMember(name) }
    }

    private static func member(_ name: String, _ value: Double?, _ json: inout JSONText) {
        json.name(name)
        if let value { json.number((value * 1000).rounded() / 1000) } else { json.null() }
    }
}
