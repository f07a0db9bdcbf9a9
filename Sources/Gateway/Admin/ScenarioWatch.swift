// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import MockModel
internal import Synchronization

/// Looks at the scenario files again and again, and takes them in when they have changed. A broken file changes nothing:
/// the scenarios stay as they were, and the log says why.
final class ScenarioWatch: Sendable {
    private static let interval = Duration.milliseconds(500)

    private let loader: Mutex<ScenarioLoader>
    private let services: GatewayServices
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ loader: ScenarioLoader, services: GatewayServices) {
        self.loader = Mutex(loader)
        self.services = services
    }

    func start() {
        let watch = Task { [weak self] in
            while (try? await Task.sleep(for: Self.interval)) != nil {
                guard let self else { return }
                look()
            }
        }
        task.withLock { $0 = watch }
    }

    func stop() {
        task.withLock { $0?.cancel() }
    }

    private func look() {
        do throws(ScenarioProblem) {
            guard let library = try loader.withLock({ loader throws(ScenarioProblem) in try loader.reloadIfChanged() })
            else { return }
            services.scenarios.replace(library)
            services.logger.notice(
                "Scenarios taken in",
                metadata: ["count": "\(services.scenarios.list().count)"]
            )
        } catch {
            services.logger.error(
                "Scenarios are broken, the old ones stay",
                metadata: ["problem": "\(error.description)"]
            )
        }
    }
}
