#include "platform/table/item_digest.hpp"

#include "platform/base/digest.hpp"

#include <algorithm>

namespace spaces::table {

namespace {

using record::value_kind;

void append_sized(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void append_value(std::string& out, const record::value& value) {
  switch (value.kind) {
    case value_kind::none: break;
    case value_kind::boolean: append_sized(out, value.flag ? "true" : "false"); break;
    case value_kind::number: append_sized(out, to_text(value.number)); break;
    case value_kind::text:
    case value_kind::bytes: append_sized(out, value.text); break;
    case value_kind::texts: {
      std::string all;
      value.texts.each([&](std::string_view text) { append_sized(all, text); });
      append_sized(out, all);
      break;
    }
  }
}

}  // namespace

std::string canonical(key_view key, record::item_view item) {
  std::vector<record::attribute> attributes;
  for (const record::attribute& one : item)
    if (one.name != name::write_id) attributes.push_back(one);
  std::ranges::sort(attributes, {}, &record::attribute::name);
  std::string out;
  append_sized(out, key.pk);
  append_sized(out, key.sk);
  for (const record::attribute& one : attributes) {
    append_sized(out, one.name);
    out += static_cast<char>('0' + static_cast<int>(one.value.kind));
    append_value(out, one.value);
  }
  return out;
}

void item_digest::add(std::string_view canonical_item) {
  const sha256_digest one = sha256(canonical_item);
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    std::uint64_t number = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) number = number << 8 | one[8 * i + byte];
    sums_[i] += number;
  }
  ++items_;
}

std::string item_digest::to_hex() const {
  std::string out;
  for (const std::uint64_t sum : sums_) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(sum >> (56 - 8 * i));
    out += spaces::to_hex(bytes);
  }
  return out;
}

}  // namespace spaces::table
