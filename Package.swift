// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "typebar",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries, and shims for what Swift cannot import.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CICU", linkerSettings: [.linkedLibrary("icuuc")]),
        .target(name: "CLinux"),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "CPCRE", linkerSettings: [.linkedLibrary("pcre2-8")]),

        .target(name: "EventStream"),
        .target(name: "JSON"),
        .target(name: "Conversation", dependencies: ["JSON"]),
        .target(name: "Typewriter", dependencies: ["CICU"]),
        .target(name: "WireFormats", dependencies: ["EventStream", "JSON", "Conversation"]),
        .target(
            name: "MockModel",
            dependencies: [
                "CPCRE", "Conversation", "JSON", "Typewriter", "WireFormats",
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(name: "Upstream", dependencies: ["CCurl", "CLinux", "Conversation", "EventStream", "WireFormats"]),
        .target(name: "Journal", dependencies: ["Conversation"]),
        .target(name: "Metrics", dependencies: ["JSON"]),
        .target(
            name: "TLS",
            dependencies: [
                "COpenSSL",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .target(
            name: "HTTPServer",
            dependencies: [
                "CLinux", "TLS",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "CLinux", "Conversation", "EventStream", "HTTPServer", "JSON", "Journal", "Metrics", "MockModel",
                "TLS", "Typewriter", "Upstream", "WireFormats",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [
                "index.html", "app.js", "plot.js", "style.css", "admin.html", "admin.js", "admin-kit.js",
                "admin-scenarios.js", "admin-cadence.js", "admin.css", "live.html", "live.js", "live.css",
            ].map { .embedInCode("Page/\($0)") }
        ),
        .target(
            name: "LoadTest",
            dependencies: [
                "CLinux", "Conversation", "EventStream", "JSON", "TLS", "Typewriter", "Upstream", "WireFormats",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "typebar",
            dependencies: [
                "Gateway", "LoadTest", "TLS", "Upstream",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "EventStreamTests", dependencies: ["EventStream", "TestSupport"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"]),
        .testTarget(name: "ConversationTests", dependencies: ["Conversation", "TestSupport"]),
        .testTarget(name: "TypewriterTests", dependencies: ["Typewriter", "TestSupport"], exclude: ["Traces"]),
        .testTarget(
            name: "WireFormatsTests",
            dependencies: ["WireFormats", "EventStream", "JSON", "Conversation", "TestSupport"],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "MockModelTests",
            dependencies: ["MockModel", "Conversation", "JSON", "TestSupport", "Typewriter", "WireFormats"],
            exclude: ["Golden"]
        ),
        .testTarget(name: "JournalTests", dependencies: ["Journal", "Conversation", "TestSupport"]),
        .testTarget(name: "MetricsTests", dependencies: ["JSON", "Metrics", "TestSupport"], exclude: ["Golden"]),
        .testTarget(name: "UpstreamTests", dependencies: ["Upstream", "Conversation", "WireFormats", "TestSupport"]),
        .testTarget(
            name: "TLSTests",
            dependencies: [
                "COpenSSL", "TLS", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: [
                "HTTPServer", "TLS", "TestSupport",
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "LoadTestTests",
            dependencies: [
                "Conversation", "EventStream", "JSON", "LoadTest", "TestSupport", "Typewriter", "Upstream",
                "WireFormats",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
            ],
            exclude: ["Report/Golden"]
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Conversation", "EventStream", "Gateway", "HTTPServer", "JSON", "Metrics", "MockModel", "TestSupport",
                "TLS", "Typewriter", "Upstream", "WireFormats",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// One loop, so that no target can be laxer than the rest.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        // A view of text that cannot outlive the text. Changes no ABI, and has no stable spelling yet.
        .enableExperimentalFeature("Lifetimes"),
    ]
}
