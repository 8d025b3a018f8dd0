#include "platform/net/lambda/object_events.hpp"

#include "platform/base/text.hpp"
#include "platform/record/json.hpp"
#include "platform/record/json_string.hpp"

namespace spaces::net {

namespace {

using record::json_kind;
using record::json_value;

/// Of what is ignored: enough to know it by.
constexpr std::size_t named_bytes_max = 80;

std::string_view text_of(const json_value& object, std::string_view name) {
  const json_value* const found = object.find(name);
  return found && found->kind == json_kind::string ? std::string_view(found->text) : std::string_view();
}

/// {"bucket": {"name": …}, "object": {"key": …}}; empty where a name lacks.
std::optional<object_event> object_in(const json_value* s3, bool escaped) {
  const json_value* const bucket = s3 ? s3->find("bucket") : nullptr;
  const json_value* const object = s3 ? s3->find("object") : nullptr;
  if (!bucket || !object) return std::nullopt;
  const std::string_view name = text_of(*bucket, "name");
  const auto key =
      escaped ? percent_decode(text_of(*object, "key"), true) : std::optional(std::string(text_of(*object, "key")));
  if (name.empty() || !key || key->empty()) return std::nullopt;
  return object_event{std::string(name), *key, {}};
}

void ignore(object_events& into, std::string_view what) { into.ignored.emplace_back(what.substr(0, named_bytes_max)); }

/// An event of S3's own, or EventBridge's about S3; false for any other.
bool add(object_events& into, const json_value& event, std::string_view message_id) {
  const auto keep = [&](std::optional<object_event> one, std::string_view what) {
    if (!one) return ignore(into, what);
    one->message_id = message_id;
    into.objects.push_back(*std::move(one));
  };
  if (text_of(event, "source") == "aws.s3") {
    const std::string_view what = text_of(event, "detail-type");
    keep(what == "Object Created" ? object_in(event.find("detail"), false) : std::nullopt, what);
    return true;
  }
  if (text_of(event, "Event") == "s3:TestEvent") {
    ignore(into, "s3:TestEvent");
    return true;
  }
  const json_value* const records = event.find("Records");
  if (!records || records->kind != json_kind::array || records->elements.empty()) return false;
  for (const json_value& each : records->elements)
    if (text_of(each, "eventSource") != "aws:s3") return false;
  for (const json_value& each : records->elements) {
    const std::string_view what = text_of(each, "eventName");
    keep(what.starts_with("ObjectCreated:") ? object_in(each.find("s3"), true) : std::nullopt, what);
  }
  return true;
}

/// Messages of SQS, each with an event as its text; false where these are none.
bool add_messages(object_events& into, const json_value& event) {
  const json_value* const records = event.find("Records");
  if (!records || records->kind != json_kind::array || records->elements.empty()) return false;
  for (const json_value& each : records->elements)
    if (text_of(each, "eventSource") != "aws:sqs") return false;
  into.in_messages = true;
  for (const json_value& each : records->elements) {
    const std::string_view body = text_of(each, "body");
    const auto inner = record::parse_json(body);
    // What is none of ours is no better the next time: it is passed over, and not sent again.
    if (!inner || !add(into, *inner, text_of(each, "messageId"))) ignore(into, body);
  }
  return true;
}

}  // namespace

std::optional<object_events> read_object_events(std::string_view event) {
  const auto read = record::parse_json(event);
  if (!read || read->kind != json_kind::object) return std::nullopt;
  object_events found;
  if (add_messages(found, *read) || add(found, *read, {})) return found;
  return std::nullopt;
}

std::string batch_answer(const std::vector<std::string>& failed_messages) {
  std::string answer = R"({"batchItemFailures":[)";
  bool first = true;
  for (const std::string& id : failed_messages) {
    answer += first ? R"({"itemIdentifier":)" : R"(,{"itemIdentifier":)";
    first = false;
    record::append_json_string(answer, id);
    answer += '}';
  }
  return answer + "]}";
}

}  // namespace spaces::net
