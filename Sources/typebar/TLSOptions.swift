// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway

/// The flags of `typebar serve` and `typebar record` for TLS and HTTP/2.
struct TLSOptions: ParsableArguments {
    @Option(help: "A certificate in PEM, with those that signed it: the port then speaks TLS. Needs --tls-key.")
    var tlsCertificate: String?

    @Option(help: "The certificate's private key in PEM.")
    var tlsKey: String?

    @Flag(help: "Speaks TLS with a new certificate of its own, for development. scripts/dev-cert makes a trusted one.")
    var tlsSelfSigned = false

    @Flag(
        name: .customLong("http2-prior-knowledge"),
        help: "Takes HTTP/2 without TLS, from clients that begin with it (h2c)."
    )
    var http2PriorKnowledge = false

    /// Flags beat the environment, which beats the file. A certificate takes the place of all those of the file.
    func apply(
        to configuration: inout GatewayConfiguration,
        _ environment: [String: String]
    ) throws(ConfigurationProblem) {
        if http2PriorKnowledge { configuration.takePriorKnowledge() }
        guard !tlsSelfSigned else { return try signByItself(&configuration) }
        let certificate = tlsCertificate ?? environment["TYPEBAR_TLS_CERTIFICATE"]
        let key = tlsKey ?? environment["TYPEBAR_TLS_KEY"]
        switch (certificate, key) {
        case (nil, nil): return
        case (_?, nil): throw problem("tls-certificate", "needs the certificate's key, with --tls-key")
        case (nil, _?): throw problem("tls-key", "needs the key's certificate, with --tls-certificate")
        case (let certificate?, let key?):
            configuration.showCertificate(certificate, key: key)
        }
    }

    private func signByItself(_ configuration: inout GatewayConfiguration) throws(ConfigurationProblem) {
        guard tlsCertificate == nil, tlsKey == nil else {
            throw problem("tls-self-signed", "is for servers without --tls-certificate and --tls-key")
        }
        configuration.signByItself()
    }

    private func problem(_ flag: String, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(source: "--\(flag)", message: message)
    }
}
