#include "platform/record/field.hpp"

#include <algorithm>

namespace spaces::record {

std::size_t find_field(field_span fields, std::string_view name) {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const field& f) { return f.name == name; });
  return static_cast<std::size_t>(at - fields.begin());
}

namespace detail {

value fetch_id(const uuid& id, scratch& store) {
  write_uuid(id, store.text);
  return value::of(std::string_view(store.text, uuid_text_size));
}

value fetch_time(instant when, scratch& store) {
  store.list.clear();
  append_instant(store.list, when);
  return value::of(std::string_view(store.list));
}

value fetch_texts(const std::vector<std::string>& texts, scratch& store) {
  store.list.clear();
  for (const std::string& text : texts) texts_view::append(store.list, text);
  return value::of(texts_view(store.list));
}

bool assign_texts(std::vector<std::string>& to, const value& v) {
  if (v.kind != value_kind::texts) return false;
  to = v.texts.to_vector();
  return true;
}

std::optional<std::int64_t> whole(const value& v) {
  if (v.kind != value_kind::number) return std::nullopt;
  return scaled(v.number, 0);
}

}  // namespace detail

}  // namespace spaces::record
