#include "platform/record/card.hpp"

#include "platform/record/varint.hpp"

#include <cstddef>
#include <cstring>
#include <utility>

namespace spaces::record {

namespace {

void append_big_endian(std::string& out, std::uint64_t number, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

/// Of eight bytes.
std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < 8; ++at) number = number << 8 | static_cast<unsigned char>(bytes[at]);
  return number;
}

/// How a value lies on a card, behind its tag.
enum class card_kind : char { no, yes, number, text, texts, id, time };

void append_sized(std::string& out, card_kind kind, std::string_view bytes) {
  out += static_cast<char>(kind);
  append_varint(out, bytes.size());
  out += bytes;
}

void append_card_value(std::string& out, const field& f, const value& v) {
  out += static_cast<char>(f.rules.card_tag);
  switch (v.kind) {
    case value_kind::boolean: out += static_cast<char>(v.flag ? card_kind::yes : card_kind::no); return;
    case value_kind::number:
      out += static_cast<char>(card_kind::number);
      out += static_cast<char>(v.number.places);
      append_varint(out, zigzag(v.number.digits));
      return;
    case value_kind::texts: append_sized(out, card_kind::texts, v.texts.encoded()); return;
    default: break;
  }
  if (f.type->type == field_type::id) {
    const uuid id = parse_uuid(v.text).value_or(uuid{});
    out += static_cast<char>(card_kind::id);
    out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  } else if (f.type->type == field_type::time) {
    const instant when = parse_instant(v.text).value_or(instant{});
    out += static_cast<char>(card_kind::time);
    append_big_endian(out, static_cast<std::uint64_t>(when.time_since_epoch().count()), 8);
  } else {
    append_sized(out, card_kind::text, v.text);
  }
}

/// A value as it lies on the card: `bytes` of texts and ids, `number` of numbers and times.
struct card_entry {
  std::string_view bytes;
  decimal number;
  card_kind kind;
  std::uint8_t tag;
};

/// Steps over the entries of a card.
class card_reader {
 public:
  explicit card_reader(std::string_view card) : at_(card.data()), end_(card.data() + card.size()) {}

  /// False at the end or at damage.
  bool next(card_entry& entry) {
    if (left() < 2) return false;
    entry.tag = static_cast<std::uint8_t>(at_[0]);
    entry.kind = static_cast<card_kind>(at_[1]);
    at_ += 2;
    switch (entry.kind) {
      case card_kind::no:
      case card_kind::yes: return true;
      case card_kind::number: return take_number(entry.number);
      case card_kind::text:
      case card_kind::texts: {
        std::uint64_t size = 0;
        return take_varint(size) && take(size, entry.bytes);
      }
      case card_kind::id: return take(16, entry.bytes);
      case card_kind::time:
        if (!take(8, entry.bytes)) return false;
        entry.number = {static_cast<std::int64_t>(read_big_endian(entry.bytes)), 0};
        return true;
    }
    return false;
  }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  bool take(std::uint64_t size, std::string_view& out) {
    if (size > left()) return false;
    out = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  bool take_varint(std::uint64_t& number) {
    std::string_view rest(at_, left());
    if (!record::take_varint(rest, number)) return false;
    at_ = rest.data();
    return true;
  }

  bool take_number(decimal& out) {
    if (left() == 0) return false;
    out.places = static_cast<std::uint8_t>(*at_++);
    std::uint64_t digits = 0;
    if (out.places > decimal_places_max || !take_varint(digits)) return false;  // decimals count on it
    out.digits = unzigzag(digits);
    return true;
  }

  const char* at_;
  const char* end_;
};

value value_of(const card_entry& entry) {
  switch (entry.kind) {
    case card_kind::no:
    case card_kind::yes: return value::of(entry.kind == card_kind::yes);
    case card_kind::number:
    case card_kind::time: return value::of(entry.number);
    case card_kind::text: return value::of(entry.bytes);
    case card_kind::texts: return value::of(texts_view(entry.bytes));
    case card_kind::id: return value::of_bytes(entry.bytes);
  }
  return {};
}

/// What lies under a field's tag goes out by its own kind; an id and a time are told by their field.
char* write_entry(char* at, field_type type, const card_entry& entry) {
  if (entry.kind == card_kind::text) return write_json(at, entry.bytes);
  if (entry.kind == card_kind::number) return write_decimal(at, entry.number);
  if (entry.kind == card_kind::id && type == field_type::id) {
    uuid id;
    std::memcpy(id.bytes.data(), entry.bytes.data(), id.bytes.size());
    *at++ = '"';
    write_uuid(id, at);
    at += uuid_text_size;
    *at++ = '"';
    return at;
  }
  if (entry.kind == card_kind::time && type == field_type::time) {
    *at++ = '"';
    at = write_instant(at, instant(std::chrono::milliseconds(entry.number.digits)));
    *at++ = '"';
    return at;
  }
  return write_json(at, value_of(entry));
}

}  // namespace

void append_card(std::string& out, field_span fields, const void* entity, access mask) {
  scratch store;
  for (const field& f : fields) {
    if (!f.has(mask)) continue;
    store.list.clear();
    const value v = f.fetch(entity, store);
    const bool empty = v.kind == value_kind::none || (v.kind == value_kind::texts && v.texts.encoded().empty());
    if (!empty) append_card_value(out, f, v);
  }
}

void append_card_text(std::string& out, std::uint8_t tag, std::string_view text) {
  out += static_cast<char>(tag);
  append_sized(out, card_kind::text, text);
}

value card_value(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry))
    if (entry.tag == tag) return value_of(entry);
  return {};
}

std::optional<decimal> card_number(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry))
    if (entry.tag == tag) return entry.kind == card_kind::number ? std::optional(entry.number) : std::nullopt;
  return std::nullopt;
}

card_shape::card_shape(field_span fields, access mask) : object_(fields, mask) {
  member_of_tag_.fill(object_shape::nobody);
  for (std::size_t i = 0; i < object_.members().size(); ++i)
    member_of_tag_[object_.members()[i].field->rules.card_tag] = static_cast<std::uint8_t>(i);
}

char* card_shape::write(char* at, std::string_view card) const {
  card_entry entries[fields_max];
  std::uint64_t given = 0;
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry)) {
    const std::uint8_t member = member_of_tag_[entry.tag];
    if (member == object_shape::nobody) continue;
    entries[member] = entry;
    given |= std::uint64_t{1} << member;
  }
  return object_.write(at, given, [&](char* to, std::size_t number, const field& f) {
    return write_entry(to, f.type->type, entries[number]);
  });
}

std::size_t card_shape::bytes_max(std::string_view card) const {
  return object_.frame_bytes() + object_.members().size() * value_bytes_max(0) + value_bytes_max(card.size());
}

void card_shape::put(text_buffer& out, std::string_view card) const {
  const std::size_t size = bytes_max(card);
  if (char* const at = out.room_for(size)) return out.wrote(write(at, card));
  std::string large(size, '\0');
  large.resize(static_cast<std::size_t>(write(large.data(), card) - large.data()));
  out.put(large);
}

std::string array_of(const std::vector<std::string>& cards, const card_shape& shape) {
  std::string items;
  text_buffer text(items);
  char before = '[';
  for (const std::string& card : cards) {
    text.put(std::exchange(before, ','));
    shape.put(text, card);
  }
  text.put(cards.empty() ? std::string_view("[]") : std::string_view("]"));
  text.flush();
  return items;
}

}  // namespace spaces::record
