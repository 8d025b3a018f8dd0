/// An attribute is: name length (one byte, not 0), name, kind (one byte), payload length (varint),
/// payload. Payloads: boolean one byte, 0 or 1; number zigzag varint of the digits and one byte of
/// places; text and bytes as they are; texts each with its varint length before it. A reader steps
/// over what it does not look for by two lengths.
#include "record/item.hpp"

#include "record/varint.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace spaces::record {

namespace {

constexpr std::size_t name_bytes_max = 255;

bool take_sized(std::string_view& rest, std::string_view& taken) {
  std::uint64_t size = 0;
  if (!take_varint(rest, size) || size > rest.size()) return false;
  taken = rest.substr(0, static_cast<std::size_t>(size));
  rest.remove_prefix(static_cast<std::size_t>(size));
  return true;
}

/// One attribute as it lies in the bytes.
struct raw_attribute {
  std::string_view name;
  value_kind kind = value_kind::none;
  std::string_view payload;
};

bool take_raw(std::string_view& rest, raw_attribute& out) {
  if (rest.size() < 3) return false;
  const auto name_size = static_cast<std::size_t>(static_cast<std::uint8_t>(rest.front()));
  if (name_size == 0 || rest.size() < name_size + 3) return false;
  out.name = rest.substr(1, name_size);
  out.kind = static_cast<value_kind>(rest[name_size + 1]);
  std::string_view behind = rest.substr(name_size + 2);
  if (!take_sized(behind, out.payload)) return false;
  rest = behind;
  return true;
}

bool well_formed_texts(std::string_view encoded) {
  std::string_view text;
  while (!encoded.empty()) {
    if (!take_sized(encoded, text)) return false;
  }
  return true;
}

/// False for what no `append` writes.
bool decode(const raw_attribute& raw, value& out) {
  switch (raw.kind) {
    case value_kind::boolean:
      if (raw.payload.size() != 1 || static_cast<std::uint8_t>(raw.payload[0]) > 1) return false;
      out = value::of(raw.payload[0] == 1);
      return true;
    case value_kind::number: {
      std::string_view rest = raw.payload;
      std::uint64_t digits = 0;
      if (!take_varint(rest, digits) || rest.size() != 1) return false;
      const auto places = static_cast<std::uint8_t>(rest[0]);
      if (places > decimal_places_max) return false;
      out = value::of(decimal{unzigzag(digits), places});
      return true;
    }
    case value_kind::text: out = value::of(raw.payload); return true;
    case value_kind::texts: out = value::of(texts_view(raw.payload)); return true;
    case value_kind::bytes: out = value::of_bytes(raw.payload); return true;
    case value_kind::none: break;
  }
  return false;
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

std::optional<std::string_view> texts_view::next(std::string_view& rest) {
  std::string_view text;
  if (rest.empty() || !take_sized(rest, text)) return std::nullopt;
  return text;
}

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

value value::of(bool flag) {
  value v;
  v.kind = value_kind::boolean;
  v.flag = flag;
  return v;
}

value value::of(decimal number) {
  value v;
  v.kind = value_kind::number;
  v.number = number;
  return v;
}

value value::of(std::string_view text) {
  value v;
  v.kind = value_kind::text;
  v.text = text;
  return v;
}

value value::of(texts_view texts) {
  value v;
  v.kind = value_kind::texts;
  v.texts = texts;
  return v;
}

value value::of_bytes(std::string_view bytes) {
  value v;
  v.kind = value_kind::bytes;
  v.text = bytes;
  return v;
}

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

item_view::iterator& item_view::iterator::operator++() {
  raw_attribute raw;
  std::string_view behind = rest_;
  if (!take_raw(behind, raw) || !decode(raw, current_.value)) {
    done_ = true;  // `rest_` stays: empty at an honest end
    return *this;
  }
  current_.name = raw.name;
  rest_ = behind;
  return *this;
}

item_view::iterator item_view::end() const {
  iterator last;
  last.done_ = true;
  return last;
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
