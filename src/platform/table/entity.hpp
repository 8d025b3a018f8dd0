/// Items read back as the entities that they hold. A feature's reader (`std::optional<T> to_t(record::item_view)`)
/// says nothing of an item that does not fit T's fields; what that means is said here, once.
#pragma once

#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace spaces::table {

/// What a reader reads.
template <auto Read>
using entity_of = typename std::invoke_result_t<decltype(Read), record::item_view>::value_type;

/// An item whose attributes do not fit its fields: somebody else wrote it, or a bug did. `internal`; the key is for
/// the log.
inline error damaged(std::string_view what) {
  return internal(std::string(what) + " has attributes that do not fit its fields");
}
inline error damaged(key_view where) {
  return damaged("the item " + std::string(where.pk) + " / " + std::string(where.sk));
}

/// The entity in an item that was read from `where`.
template <auto Read>
result<entity_of<Read>> to_entity(key_view where, record::item_view stored) {
  std::optional<entity_of<Read>> found = Read(stored);
  if (!found) return damaged(where);
  return *std::move(found);
}

/// The entity at a key; empty when there is none: `find<to_property>(table, key_of(id), consistency::strong)`.
template <auto Read>
result<std::optional<entity_of<Read>>> find(single_table& table, key_view where, consistency wanted) {
  std::optional<entity_of<Read>> found;
  const result<bool> there = table.read(where, wanted, [&](record::item_view stored) { found = Read(stored); });
  if (!there) return there.error();
  if (*there && !found) return damaged(where);
  return found;
}

}  // namespace spaces::table
