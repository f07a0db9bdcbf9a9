// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// The last frame of a stream that an upstream ends with an error.
public enum StreamError {
    /// Whether clients of `format` know the frame for an error. Some servers tell errors in the words of another format:
    /// these are understood here, and have to be told anew.
    public static func isOwn(_ frame: [UInt8], of format: WireFormat) -> Bool {
        guard let (payload, isBare) = StreamFrame.payload(of: frame), let object = try? JSONReader.read(payload) else {
            return false
        }
        let type = object["type"]?.text
        switch format {
        case .openAIChat: return !isBare && object["error"]?.members != nil
        case .openAIResponses: return !isBare && (type == "error" || type == "response.failed")
        case .anthropicMessages: return !isBare && type == "error" && object["error"]?.members != nil
        // gemini.md, Streaming transcripts: an error stands as a bare object.
        case .gemini: return isBare && object["error"]?["status"]?.text != nil
        case .ollamaChat: return isBare && object["error"]?.text != nil
        default: return false
        }
    }
}
