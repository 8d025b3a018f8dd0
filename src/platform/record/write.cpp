#include "platform/record/write.hpp"

#include "platform/record/object_shape.hpp"

#include <cstddef>

namespace spaces::record {

namespace {

/// The first matching field from `expected` on, then from the start: what is written in the order of
/// the fields is found at the first look.
template <class Matches>
std::size_t find_from(field_span fields, std::size_t expected, Matches matches) {
  for (std::size_t i = expected; i < fields.size(); ++i)
    if (matches(fields[i])) return i;
  for (std::size_t i = 0; i < expected; ++i)
    if (matches(fields[i])) return i;
  return fields.size();
}

}  // namespace

void append_json(std::string& out, const value& v) {
  text_buffer text(out);
  put_json(text, v);
}

void append_object(std::string& out, field_span fields, const void* entity, access mask, presentation how) {
  text_buffer text(out);
  bool first = true;
  scratch store;
  scratch id;
  how.to_owner = how.to_owner || (mask & on_own) != 0;
  if (const std::size_t at = find_field(fields, "id"); at < fields.size()) how.id = fields[at].fetch(entity, id).text;
  for (const field& f : fields) {
    if (!f.has(mask)) continue;
    text.put(first ? std::string_view("{\"") : std::string_view(",\""));
    first = false;
    text.put(f.name);  // field names need no escapes
    text.put("\":");
    store.list.clear();
    const value v = f.fetch(entity, store);
    const packed_form* const form = f.type->packed;
    if (!form || f.has(static_cast<access>(mask & on_store)))
      put_json(text, v);
    else if (v.kind != value_kind::bytes)
      text.put(form->list ? std::string_view("[]") : std::string_view("null"));
    else
      put_packed(text, *form, v.text, how);
  }
  text.put(first ? std::string_view("{}") : std::string_view("}"));
}

void append_object(std::string& out, field_span fields, item_view from, access mask, const presentation& how) {
  text_buffer text(out);
  object_shape(fields, mask, how).put(text, from);
}

void append_card_object(std::string& out, field_span fields, std::string_view card, access mask) {
  text_buffer text(out);
  card_shape(fields, mask).put(text, card);
}

void append_attributes(item& to, field_span fields, const void* entity) {
  scratch store;
  for (const field& f : fields) {
    if (!f.has(on_store)) continue;
    store.list.clear();
    if (const value v = f.fetch(entity, store); v.kind != value_kind::none) to.append(f.attribute(), v);
  }
}

bool read_attributes(item_view from, field_span fields, void* entity, item* unknown) {
  bool all_fit = true;
  std::size_t expected = 0;
  for (const attribute& a : from) {
    const std::size_t at =
        find_from(fields, expected, [&](const field& f) { return f.has(on_store) && f.attribute() == a.name; });
    if (at == fields.size()) {
      if (unknown) unknown->append(a.name, a.value);
      continue;
    }
    expected = at + 1;
    all_fit = fields[at].type->assign(fields[at].member(entity), a.value) && all_fit;
  }
  return all_fit;
}

}  // namespace spaces::record
