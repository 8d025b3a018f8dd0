#include "platform/record/object_shape.hpp"

#include "platform/base/digest.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace spaces::record {

namespace {

/// What stands for a value that is not there: clients iterate a list.
std::string_view when_missing(const type_operations& type) {
  const bool list = type.type == field_type::texts || (type.packed && type.packed->list);
  return list ? "[]" : "null";
}

/// Puts one object of a packed value, behind a comma where it is not the first; whether it is shown at all.
bool put_element(text_buffer& out, const packed_form& form, std::string_view packed, const presentation& how,
                 bool first) {
  const auto write = [&](char* at) {
    if (!first) *at++ = ',';
    return form.write(at, packed, how);
  };
  const std::size_t size = form.bytes_max(packed, how) + 1;
  if (char* const at = out.room_for(size)) {
    char* const end = write(at);
    if (end != nullptr) out.wrote(end);
    return end != nullptr;
  }
  std::string large(size, '\0');
  const char* const end = write(large.data());
  if (end != nullptr) out.put(std::string_view(large.data(), static_cast<std::size_t>(end - large.data())));
  return end != nullptr;
}

}  // namespace

object_shape::object_shape(field_span fields, access mask, const presentation& how)
    : to_owner_(how.to_owner || (mask & on_own) != 0), link_base_(how.link_base) {
  by_attribute_.fill(nobody);
  for (const field& f : fields) {
    if (!f.has(mask)) continue;
    member made;
    made.field = &f;
    made.before += members_.empty() ? '{' : ',';
    made.before += '"';
    made.before += f.name;  // field names need no escapes
    made.before += "\":";
    made.before_bytes = made.before.size();
    made.before.resize((made.before_bytes + block - 1) / block * block);
    made.when_missing = when_missing(*f.type);
    if (f.name == "id" && f.type->type == field_type::id) id_member_ = static_cast<std::uint8_t>(members_.size());
    std::size_t place = place_of(f.attribute());
    while (by_attribute_[place] != nobody) place = (place + 1) % places;
    by_attribute_[place] = static_cast<std::uint8_t>(members_.size());
    frame_bytes_ += made.before_bytes + made.when_missing.size();
    members_.push_back(std::move(made));
  }
}

std::size_t object_shape::place_of(std::string_view attribute) {
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(attribute[at])); };
  const std::size_t size = attribute.size();
  return size == 0 ? 0 : (size * 37 + byte(0) * 5 + byte(size / 2) * 3 + byte(size - 1)) % places;
}

const std::uint8_t* object_shape::find(std::string_view attribute) const {
  for (std::size_t place = place_of(attribute);; place = (place + 1) % places) {
    const std::uint8_t& found = by_attribute_[place];
    if (found == nobody) return nullptr;
    if (members_[found].field->attribute() == attribute) return &found;
  }
}

void object_shape::put(text_buffer& out, item_view from) const {
  // Only those that are there are made, not all `fields_max`, which would be 4 KiB of zeros for each item.
  alignas(value) std::byte room[fields_max * sizeof(value)];
  auto* const values = reinterpret_cast<value*>(room);
  std::uint64_t given = 0;
  std::string_view rest = from.bytes();
  detail::raw_attribute raw;
  while (detail::take_raw(rest, raw)) {
    const std::uint8_t* const at = find(raw.name);
    if (at == nullptr) continue;  // of no use here, and not decoded: of an item of the table nearly half
    if (!detail::decode(raw, *std::construct_at(values + *at))) break;
    given |= std::uint64_t{1} << *at;
  }
  const bool has_id = id_member_ != nobody && (given >> id_member_ & 1) != 0;
  const presentation with = this->how(has_id ? values[id_member_].text : std::string_view());
  // Value by value: for a bound of all together a long description would count six times.
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const member& m = members_[i];
    const packed_form* const form = m.field->type->packed;
    out.put(std::string_view(m.before.data(), m.before_bytes));
    if ((given >> i & 1) == 0 || (form && values[i].kind != value_kind::bytes))
      out.put(m.when_missing);
    else if (form)
      put_packed(out, *form, values[i].text, with);
    else
      put_json(out, values[i]);
  }
  out.put(members_.empty() ? std::string_view("{}") : std::string_view("}"));
}

char* write_json(char* at, const value& v) {
  const auto put = [&](std::string_view text) { return std::copy(text.begin(), text.end(), at); };
  switch (v.kind) {
    case value_kind::boolean: return put(v.flag ? "true" : "false");
    case value_kind::number: return write_decimal(at, v.number);
    case value_kind::text: return write_json(at, v.text);
    case value_kind::texts: {
      *at++ = '[';
      bool first = true;
      v.texts.each([&](std::string_view text) {
        if (!std::exchange(first, false)) *at++ = ',';
        at = write_json(at, text);
      });
      *at++ = ']';
      return at;
    }
    case value_kind::bytes:
    case value_kind::none: break;
  }
  return put("null");
}

void put_packed(text_buffer& out, const packed_form& form, std::string_view packed, const presentation& how) {
  if (!form.list) {
    if (!put_element(out, form, packed, how, true)) out.put("null");
    return;
  }
  out.put('[');
  bool first = true;
  texts_view(packed).each(
      [&](std::string_view element) { first = !put_element(out, form, element, how, first) && first; });
  out.put(']');
}

void put_json(text_buffer& out, const value& v) {
  if (v.kind == value_kind::text) return out.put_json(v.text);  // of any length
  if (v.kind == value_kind::bytes) {
    out.put("{\"");
    out.put(bytes_member);
    out.put("\":\"");
    out.put(to_base64url(v.text));
    return out.put("\"}");
  }
  const std::size_t size = value_bytes_max(v.texts.encoded().size());
  if (char* const at = out.room_for(size)) return out.wrote(write_json(at, v));
  std::string large(size, '\0');
  large.resize(static_cast<std::size_t>(write_json(large.data(), v) - large.data()));
  out.put(large);
}

}  // namespace spaces::record
