#include "platform/record/item.hpp"

#include "platform/record/varint.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace spaces::record {

namespace {

using detail::decode;
using detail::raw_attribute;
using detail::take_raw;
using detail::take_sized;

constexpr std::size_t name_bytes_max = 255;

bool well_formed_texts(std::string_view encoded) {
  std::string_view text;
  while (!encoded.empty()) {
    if (!take_sized(encoded, text)) return false;
  }
  return true;
}

/// Where an attribute lies: `size` 0 when it is not there.
struct extent {
  std::size_t offset = 0;
  std::size_t size = 0;
};

extent locate(std::string_view bytes, std::string_view name) {
  std::string_view rest = bytes;
  raw_attribute raw;
  while (true) {
    const std::size_t offset = bytes.size() - rest.size();
    if (!take_raw(rest, raw)) return {};
    if (raw.name == name) return {offset, bytes.size() - rest.size() - offset};
  }
}

}  // namespace

// ---- texts

void texts_view::append(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out.append(text);
}

std::vector<std::string> texts_view::to_vector() const {
  std::vector<std::string> out;
  if (!well_formed_texts(encoded_)) return out;
  each([&](std::string_view text) { out.emplace_back(text); });
  return out;
}

// ---- value

bool operator==(const value& a, const value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case value_kind::none: return true;
    case value_kind::boolean: return a.flag == b.flag;
    case value_kind::number: return a.number == b.number;
    case value_kind::text:
    case value_kind::bytes: return a.text == b.text;
    case value_kind::texts: return a.texts.encoded() == b.texts.encoded();
  }
  return false;
}

// ---- item_view

value item_view::find(std::string_view name) const {
  std::string_view rest = bytes_;
  raw_attribute raw;
  while (take_raw(rest, raw)) {
    if (raw.name != name) continue;
    value found;
    return decode(raw, found) ? found : value{};
  }
  return {};
}

bool item_view::well_formed() const {
  std::vector<std::string_view> names;
  auto at = begin();
  for (; at != end(); ++at) {
    names.push_back(at->name);
    if (at->value.kind == value_kind::texts && !well_formed_texts(at->value.texts.encoded())) return false;
  }
  if (!at.rest_.empty()) return false;
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

// ---- item

void item::append(std::string_view name, const value& v) {
  if (v.kind == value_kind::none) return;
  if (name.empty() || name.size() > name_bytes_max) throw std::length_error("attribute names have 1 to 255 bytes");
  assert(find(name).kind == value_kind::none);
  bytes_.push_back(static_cast<char>(static_cast<std::uint8_t>(name.size())));
  bytes_.append(name);
  bytes_.push_back(static_cast<char>(v.kind));
  switch (v.kind) {
    case value_kind::boolean:
      bytes_.push_back(1);
      bytes_.push_back(v.flag ? 1 : 0);
      break;
    case value_kind::number: {
      const std::size_t size_at = bytes_.size();
      bytes_.push_back(0);
      append_varint(bytes_, zigzag(v.number.digits));
      bytes_.push_back(static_cast<char>(v.number.places));
      bytes_[size_at] = static_cast<char>(bytes_.size() - size_at - 1);  // 2 to 11
      break;
    }
    case value_kind::text:
    case value_kind::bytes: texts_view::append(bytes_, v.text); break;
    case value_kind::texts: texts_view::append(bytes_, v.texts.encoded()); break;
    case value_kind::none: break;
  }
}

void item::set(std::string_view name, const value& v) {
  const extent old = locate(bytes_, name);
  if (old.size == 0) return append(name, v);
  item fresh;  // built first: `v` may be a view into this very item
  fresh.append(name, v);
  bytes_.replace(old.offset, old.size, fresh.bytes_);
}

bool same_attributes(const item& a, const item& b) {
  std::size_t count = 0;
  for (const attribute& each : a.view()) {
    if (!(b.find(each.name) == each.value)) return false;
    ++count;
  }
  std::size_t others = 0;
  for ([[maybe_unused]] const attribute& each : b.view()) ++others;
  return count == others;
}

}  // namespace spaces::record
