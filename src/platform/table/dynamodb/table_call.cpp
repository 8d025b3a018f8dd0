#include "platform/table/dynamodb/table_call.hpp"

#include <charconv>

namespace spaces::table::dynamodb {

namespace {

error_kind kind_of(aws::failure_kind what) {
  switch (what) {
    case aws::failure_kind::throttled:
    case aws::failure_kind::unavailable: return error_kind::unavailable;
    case aws::failure_kind::refused: return error_kind::forbidden;
    case aws::failure_kind::too_large: return error_kind::too_large;
    case aws::failure_kind::missing: return error_kind::not_found;
    case aws::failure_kind::condition_failed:
    case aws::failure_kind::internal: break;
  }
  return error_kind::malformed;
}

error sentence_of(std::string_view operation, const aws::failure& failed) {
  error told;
  told.kind = kind_of(failed.kind);
  told.public_text = "DynamoDB did not do " + std::string(operation) + ": ";
  told.public_text += failed.text.empty() ? "without a reason" : failed.text;
  return told;
}

}  // namespace

std::string naming(std::string_view table) {
  std::string out = R"({"TableName":)";
  record::append_json_string(out, table);
  return out + '}';
}

result<operator_answer> call(aws::service& service, std::string_view operation, const std::string& body) {
  const auto answer = service.send({operation, body});
  operator_answer told;
  if (answer) {
    auto read = record::parse_json(*answer);
    if (!read) return malformed("DynamoDB answered " + std::string(operation) + " with what cannot be read");
    told.answer = *std::move(read);
    return told;
  }
  const aws::failure& failed = answer.error();
  told.missing = failed.code == "ResourceNotFoundException" || failed.code == "TableNotFoundException";
  told.unknown = failed.code == "UnknownOperationException";
  told.in_use = failed.code == "ResourceInUseException";
  told.later = failed.code == "ContinuousBackupsUnavailableException";
  if (told.missing || told.unknown || told.in_use || told.later) return told;
  return sentence_of(operation, failed);
}

const record::json_value* value_at(const record::json_value& from, std::initializer_list<std::string_view> path) {
  const record::json_value* at = &from;
  for (const std::string_view member : path) {
    at = at->find(member);
    if (!at) return nullptr;
  }
  return at;
}

std::string_view text_at(const record::json_value& from, std::initializer_list<std::string_view> path) {
  const record::json_value* found = value_at(from, path);
  return found ? std::string_view(found->text) : std::string_view();
}

std::uint64_t number_at(const record::json_value& from, std::initializer_list<std::string_view> path) {
  const std::string_view text = text_at(from, path);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace spaces::table::dynamodb
