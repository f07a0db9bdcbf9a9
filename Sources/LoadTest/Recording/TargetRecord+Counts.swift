// SPDX-License-Identifier: Apache-2.0

extension TargetRecord {
    /// What adds up, and its names in JSON.
    static var counts: [(name: String, member: WritableKeyPath<TargetRecord, Int>)] {
        [
            ("planned", \.planned), ("begun", \.begun), ("events", \.events), ("contents", \.contents),
            ("tokens", \.tokens), ("streams_with_tokens", \.streamsWithTokens), ("bytes", \.bytes),
            ("connections", \.connections), ("reused_connections", \.reusedConnections), ("reads", \.reads),
            ("shared_reads", \.sharedReads), ("stalled_streams", \.stalledStreams),
            ("streams_with_content", \.streamsWithContent), ("peak_streams", \.peakStreams),
            ("met_objectives", \.metObjectives), ("by_template", \.reading.byTemplate),
            ("by_parser", \.reading.byParser), ("proven", \.reading.proven),
            ("disagreements", \.reading.disagreements),
        ]
    }

    /// What adds up too, and is told only where it is above 0: most reports have nothing of it.
    static var rareCounts: [(name: String, member: WritableKeyPath<TargetRecord, Int>)] {
        [("endless_bodies", \.endlessBodies)]
    }
}
