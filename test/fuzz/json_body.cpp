/// A body is read into a draft of a property, or every problem is told. What is taken can be stored, and
/// says the same from its item, its card and its own JSON.
#include "marketplace/properties/property.hpp"
#include "platform/http/problem.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace spaces;
using properties::property;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::string json_of(const property& p, record::access mask) {
  std::string out;
  record::append_object(out, property::fields(), &p, mask);
  return out;
}

void check_stored(const property& p) {
  const record::item stored = properties::to_item(p);
  require(table::validate({table::put{properties::key_of(p.id), stored, {}}}).has_value(),
          "what is taken can be stored");
  std::string straight;
  record::append_object(straight, property::fields(), stored.view(), record::on_show);
  require(straight == json_of(p, record::on_show), "the item says what the entity says");
  const table::key key = properties::key_of(p.id);
  std::string card, whole;
  record::append_card_object(
      card, property::fields(),
      properties::whole_card({{}, table::key_view(key), stored.find(table::name::card).text}, whole));
  require(card == json_of(p, record::on_card), "the card says what the entity says");
  const auto back = properties::to_property(stored.view());
  require(back && json_of(*back, record::on_show) == straight, "the item reads back");
}

/// Sends what came out back in: nothing of it may be refused, or change.
void check_return(const property& p) {
  const std::string sent = json_of(p, record::on_update);
  const auto again = record::read_draft<property>(sent, record::on_update);
  require(again.has_value(), "what we answer we take");
  require(json_of(again->apply(p), record::on_show) == json_of(p, record::on_show), "it comes back as it was sent");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const record::access allowed : {record::on_create, record::on_update}) {
    const auto read = record::read_draft<property>(body, allowed);
    if (!read) {
      require(read.error().kind == error_kind::malformed || !read.error().problems.empty(), "a refusal says why");
      const auto answer = http::to_response(read.error(), uuid{});
      require(record::parse_json(answer.body).has_value(), "a refusal is JSON");
      continue;
    }
    const property made = read->apply({});
    check_stored(made);
    if (allowed == record::on_create) check_return(made);
  }
  return 0;
}
