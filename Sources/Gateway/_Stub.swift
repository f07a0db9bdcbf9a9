import WireFormats
import Conversation
import JSON
enum UIMessageProblem: ProblemShape { static let requestIDField: String? = nil; static func body(of p: RequestProblem, requestID: String) -> [UInt8] { [] }; static func fields(of l: RateLimit) -> [(name: String, value: String)] { [] } }
typealias UIMessageStreamParser = OllamaStreamParser
struct UIMessageStreamRequest: WireRequest { var chat: ChatRequest; var streamType = ""; var fields: [(name: String, value: String)] = []; func renderer(for i: AnswerIdentity) -> any AnswerRenderer { fatalError() }; func body(of a: WholeAnswer, for i: AnswerIdentity) -> [UInt8] { [] }
 init(body: [UInt8]) throws(RequestProblem) { throw RequestProblem(code: "", message: "") }
 static func isUIMessageBody(_ b: [UInt8]) -> Bool { false }
 var chatID: String? { nil } }
