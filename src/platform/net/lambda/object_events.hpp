/// Files that came into a bucket of S3, as Lambda tells of them: S3 by itself, through EventBridge, or either in
/// messages of SQS, of which those that failed are named in the answer (ReportBatchItemFailures).
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
/// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct object_event {
  std::string bucket;
  std::string key;         ///< as the object is named, without the escapes of an event
  std::string message_id;  ///< of SQS's message that it came in
};

struct object_events {
  std::vector<object_event> objects;
  bool in_messages = false;          ///< of SQS: each is answered for by itself
  std::vector<std::string> ignored;  ///< what was none, in a few words each, for the log
};

/// Empty for an event of another kind. Records that are none of an object that came (a test event, a removal) are
/// ignored.
std::optional<object_events> read_object_events(std::string_view event);

/// The answer to SQS: the messages to be sent again.
std::string batch_answer(const std::vector<std::string>& failed_messages);

}  // namespace spaces::net
