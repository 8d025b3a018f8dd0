#include "platform/table/dynamodb/answers.hpp"

#include <algorithm>

namespace spaces::table::dynamodb {

using record::json_kind;
using record::json_reader;

capacity read_capacity(json_reader& in) {
  capacity total;
  if (in.next() == json_kind::array) {
    in.array([&] { total.half_units += read_capacity(in).half_units; });
    return total;
  }
  in.object([&](std::string_view name) {
    if (name != "CapacityUnits") return in.skip();
    const auto units = parse_decimal(in.number());
    // In tenths, for what is no half after all.
    const auto tenths = units ? scaled(make_decimal(units->digits, units->places), 1) : std::nullopt;
    if (!tenths || *tenths < 0) return in.fail();
    total.half_units = static_cast<std::uint64_t>((*tenths + 4) / 5);
  });
  return total;
}

capacity capacity_of(std::string_view answer) {
  json_reader in(answer);
  capacity total;
  in.object([&](std::string_view name) {
    if (name == "ConsumedCapacity")
      total = read_capacity(in);
    else
      in.skip();
  });
  return in.failed() ? capacity{} : total;
}

std::optional<record::item> item_of(std::string_view answer) {
  json_reader in(answer);
  std::optional<record::item> found;
  in.object([&](std::string_view name) {
    if (name == "Item")
      found = read_item(in).item;
    else
      in.skip();
  });
  return in.failed() ? std::nullopt : found;
}

std::vector<cancellation_reason> cancellation_reasons(std::string_view answer) {
  json_reader in(answer);
  std::vector<cancellation_reason> reasons;
  std::string room;
  const auto read_text = [&](std::string& into) {
    if (in.next() == json_kind::null) return in.skip();
    into = in.string(room);
  };
  in.object([&](std::string_view name) {
    if (name != "CancellationReasons") return in.skip();
    in.array([&] {
      cancellation_reason& one = reasons.emplace_back();
      in.object([&](std::string_view member) {
        if (member == "Code") return read_text(one.code);
        if (member == "Message") return read_text(one.text);
        if (member != "Item" || in.next() == json_kind::null) return in.skip();
        one.found = read_item(in).item;
      });
    });
  });
  if (in.failed()) reasons.clear();
  return reasons;
}

namespace {

std::uint64_t half_units_of_write(const std::optional<record::item>& found) {
  constexpr std::size_t unit_bytes = 1024;
  const std::size_t bytes = found ? counted_bytes(key_view("", ""), found->view()) : 0;
  return std::max<std::uint64_t>((bytes + unit_bytes - 1) / unit_bytes, 1) * 2;
}

}  // namespace

capacity charge_of_failure(std::string_view answer) {
  const std::vector<cancellation_reason> reasons = cancellation_reasons(answer);
  if (reasons.empty()) return {half_units_of_write(item_of(answer))};
  capacity total;
  for (const cancellation_reason& one : reasons) total.half_units += 2 * half_units_of_write(one.found);
  return total;
}

}  // namespace spaces::table::dynamodb
