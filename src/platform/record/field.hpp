/// One declaration per entity: a table of fields that drives parsing, validation, JSON, the OpenAPI
/// schema, the table item, the card and import columns. What is documented is what is enforced.
///
///   static constexpr record::field book_fields[] = {
///     of<&book::title>("title", editable, {.length_min = 3, .length_max = 120, .doc = "Headline"}),
///     …
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/decimal.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/item.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace spaces::record {

/// What a field is on the outside. `packed`: an object, or a list of them, that only its type can read (packed_form).
enum class field_type : std::uint8_t { text, texts, integer, number, choice, id, time, flag, packed };

/// Who may do what with a field.
enum access : std::uint8_t {
  on_create = 1,  ///< a body that makes the entity may hold it
  on_update = 2,  ///< a body that changes the entity may hold it
  on_show = 4,    ///< answers hold it
  on_store = 8,   ///< the table item holds it
  on_card = 16,   ///< the card, and so a row of a list, holds it
  on_own = 32,    ///< answers to its owner hold it, and rows of the owner's lists
};
constexpr access operator|(access a, access b) {
  return static_cast<access>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
inline constexpr access fixed = on_show | on_store;                ///< set by the service
inline constexpr access editable = fixed | on_create | on_update;  ///< set by people

/// How a text must look beyond its length.
struct text_form {
  std::string_view format{};              ///< as JSON Schema names it; empty: none of its own
  std::string_view pattern{};             ///< a regular expression for the schema, where one tells it
  bool (*fits)(std::string_view text){};  ///< null: any text
  std::string_view code{};                ///< of the problem when it does not fit
  std::string_view detail{};
};

/// What a value must keep to. Lengths count code points; of a list they hold for each text.
struct rules {
  std::size_t length_min = 0;
  std::size_t length_max = 0;  ///< 0: no text
  std::size_t items_max = 0;   ///< of a list
  std::optional<decimal> min{};
  std::optional<decimal> max{};
  int places_max = 0;             ///< digits behind the point; 0: whole numbers
  std::optional<decimal> step{};  ///< the value is a multiple of it
  bool required = false;          ///< must be given on create and may not be cleared
  bool lines = false;             ///< line breaks and tabs are allowed
  bool distinct = false;          ///< of a list: no text twice
  bool one_of_alike = false;      ///< of a list: texts that fold alike (base/folding.hpp) are one, as first written
  bool opaque = false;            ///< a secret, a token or a filter: all other texts must be legible (base/legible.hpp)
  bool untrimmed = false;         ///< white space at the ends counts, as in a password
  std::span<const std::string_view> choices{};  ///< of a choice: those that people may give; none named: all
  const text_form* form = nullptr;
  std::string_view stored_as{};  ///< the item's attribute, where it is not the field's name
  std::uint8_t card_tag = 0;     ///< the field's number on a card: stable, never used again
  std::string_view doc{};
  std::string_view example{};  ///< a JSON text
};

/// Storage for values that are computed when fetched (an id's text, a list's encoding).
struct scratch {
  char text[uuid_text_size];
  std::string list;
};

struct packed_form;
struct json_value;

/// What can be done with a member of one C++ type, without knowing the type.
struct type_operations {
  field_type type;
  bool nullable;
  std::span<const std::string_view> choices;
  const packed_form* packed;  ///< null: no type of its own
  value (*fetch)(const void* member, scratch& store);
  /// False when the value is not of the type's domain (an unknown choice, a bad id).
  bool (*assign)(void* member, const value& v);
  void (*clear)(void* member);
  void (*copy)(void* to, const void* from);
};

struct field {
  std::string_view name;
  record::access access{};
  record::rules rules;
  const type_operations* type = nullptr;
  void* (*member)(void* entity) = nullptr;

  bool has(record::access mask) const { return (access & mask) != 0; }
  /// Of a choice: those that people may give.
  std::span<const std::string_view> choices() const { return rules.choices.empty() ? type->choices : rules.choices; }
  std::string_view attribute() const { return rules.stored_as.empty() ? name : rules.stored_as; }
  const void* member_of(const void* entity) const { return member(const_cast<void*>(entity)); }
  value fetch(const void* entity, scratch& store) const { return type->fetch(member_of(entity), store); }
};

using field_span = std::span<const field>;

/// Beside the bytes: for whom a packed value is written, and what its addresses are made of.
struct presentation {
  std::string_view link_base{};  ///< what addresses begin with: "https://media.example.com/"
  bool to_owner = false;         ///< also where no field of the owner's is written
  std::string_view id{};         ///< the entity's, as text; who writes an entity need not give it
};

/// Values that are more than a field: bytes in the item and on the card, JSON objects in answers, written straight from
/// the bytes. A type T becomes one by `packed_form_of<T>` beside it and two members: `std::string_view packed() const`,
/// empty for none, and `bool unpack(const value&)`, of an item's attribute.
struct packed_form {
  field_span (*elements)();  ///< the members of each object, for the documentation; null: each is a number
  bool list = false;         ///< the bytes are elements as `texts_view` has them; else one object
  /// Writes one object where there is room for `bytes_max`, and returns its end; null where it is not shown to those.
  char* (*write)(char* at, std::string_view packed, const presentation& how) = nullptr;
  std::size_t (*bytes_max)(std::string_view packed, const presentation& how) = nullptr;
  /// Of one that is on answers: reads what an answer has shown into a member, false for what none can have; and whether
  /// two members are the same to who sends one back.
  bool (*repeat)(void* member, const json_value& shown) = nullptr;
  bool (*same)(const void* one, const void* other) = nullptr;
};

/// Specialised beside a type that is packed.
template <class T>
inline constexpr const packed_form* packed_form_of = nullptr;

/// More than any entity has.
inline constexpr std::size_t fields_max = 64;
using field_set = std::bitset<fields_max>;

/// Index in `fields`, or `fields.size()`.
std::size_t find_field(field_span fields, std::string_view name);

/// An enum's names, in the order of its values, from 0: specialise beside the enum.
template <class Enum>
inline constexpr std::span<const std::string_view> names_of{};

template <class Enum>
  requires std::is_enum_v<Enum>
std::string_view to_name(Enum e) {
  return names_of<Enum>[static_cast<std::size_t>(e)];
}

template <class Enum>
  requires std::is_enum_v<Enum>
std::optional<Enum> from_name(std::string_view name) {
  for (std::size_t i = 0; i < names_of<Enum>.size(); ++i)
    if (names_of<Enum>[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

namespace detail {

value fetch_id(const uuid& id, scratch& store);
value fetch_time(instant when, scratch& store);
value fetch_texts(const std::vector<std::string>& texts, scratch& store);
bool assign_texts(std::vector<std::string>& to, const value& v);
std::optional<std::int64_t> whole(const value& v);

template <class T>
constexpr field_type type_of() {
  if constexpr (packed_form_of<T> != nullptr)
    return field_type::packed;
  else if constexpr (std::is_same_v<T, bool>)
    return field_type::flag;
  else if constexpr (std::is_enum_v<T>)
    return field_type::choice;
  else if constexpr (std::is_integral_v<T>)
    return field_type::integer;
  else if constexpr (std::is_same_v<T, std::string>)
    return field_type::text;
  else if constexpr (std::is_same_v<T, std::vector<std::string>>)
    return field_type::texts;
  else if constexpr (std::is_same_v<T, uuid>)
    return field_type::id;
  else if constexpr (std::is_same_v<T, instant>)
    return field_type::time;
  else
    return field_type::number;
}

template <class T>
value fetch_plain(const T& v, scratch& store) {
  constexpr field_type type = type_of<T>();
  if constexpr (type == field_type::packed)
    return v.packed().empty() ? value{} : value::of_bytes(v.packed());
  else if constexpr (type == field_type::flag)
    return value::of(v);
  else if constexpr (type == field_type::choice)
    return value::of(to_name(v));
  else if constexpr (type == field_type::integer)
    return value::of(make_decimal(static_cast<std::int64_t>(v), 0));
  else if constexpr (type == field_type::text)
    return value::of(std::string_view(v));
  else if constexpr (type == field_type::texts)
    return fetch_texts(v, store);
  else if constexpr (type == field_type::id)
    return fetch_id(v, store);
  else if constexpr (type == field_type::time)
    return fetch_time(v, store);
  else if constexpr (std::is_same_v<T, decimal>)
    return value::of(v);
  else
    return value::of(to_decimal(v));
}

template <class T>
bool store_optional(T& to, std::optional<T> from) {
  if (!from) return false;
  to = *std::move(from);
  return true;
}

template <class T>
bool assign_plain(T& to, const value& v) {
  constexpr field_type type = type_of<T>();
  if constexpr (type == field_type::packed) {
    return to.unpack(v);
  } else if constexpr (type == field_type::flag) {
    to = v.flag;
    return v.kind == value_kind::boolean;
  } else if constexpr (type == field_type::integer) {
    return store_optional(to, whole(v));
  } else if constexpr (type == field_type::texts) {
    return assign_texts(to, v);
  } else if constexpr (type == field_type::number) {
    if (v.kind != value_kind::number) return false;
    if constexpr (std::is_same_v<T, decimal>)
      return to = v.number, true;
    else if constexpr (std::is_same_v<T, money>)
      return store_optional(to, to_money(v.number));
    else
      return store_optional(to, to_quarters(v.number));
  } else {
    if (v.kind != value_kind::text) return false;
    if constexpr (type == field_type::text)
      return to.assign(v.text), true;
    else if constexpr (type == field_type::choice)
      return store_optional(to, from_name<T>(v.text));
    else if constexpr (type == field_type::id)
      return store_optional(to, parse_uuid(v.text));
    else
      return store_optional(to, parse_instant(v.text));
  }
}

template <class T>
struct unwrapped {
  using type = T;
  static constexpr bool nullable = false;
};
template <class T>
struct unwrapped<std::optional<T>> {
  using type = T;
  static constexpr bool nullable = true;
};

template <class M>
struct operations_of {
  using plain = typename unwrapped<M>::type;
  static constexpr bool nullable = unwrapped<M>::nullable;

  static value fetch(const void* member, scratch& store) {
    const M& m = *static_cast<const M*>(member);
    if constexpr (nullable)
      return m ? fetch_plain<plain>(*m, store) : value{};
    else
      return fetch_plain<plain>(m, store);
  }
  static bool assign(void* member, const value& v) {
    M& m = *static_cast<M*>(member);
    if constexpr (nullable) {
      plain read{};
      if (!assign_plain<plain>(read, v)) return false;
      m = std::move(read);
      return true;
    } else {
      return assign_plain<plain>(m, v);
    }
  }
  static void clear(void* member) { *static_cast<M*>(member) = M{}; }
  static void copy(void* to, const void* from) { *static_cast<M*>(to) = *static_cast<const M*>(from); }

  static constexpr type_operations operations{type_of<plain>(),
                                              nullable,
                                              []() -> std::span<const std::string_view> {
                                                if constexpr (std::is_enum_v<plain>)
                                                  return names_of<plain>;
                                                else
                                                  return {};
                                              }(),
                                              packed_form_of<plain>,
                                              &fetch,
                                              &assign,
                                              &clear,
                                              &copy};
};

template <class E, class M>
M member_type_of(M E::*);
template <class E, class M>
E entity_type_of(M E::*);

}  // namespace detail

/// Erases a member to a row of a field table.
template <auto Member>
constexpr field of(std::string_view name, access mask, rules how) {
  using entity = decltype(detail::entity_type_of(Member));
  using member = decltype(detail::member_type_of(Member));
  return field{name, mask, how, &detail::operations_of<member>::operations,
               [](void* e) -> void* { return &(static_cast<entity*>(e)->*Member); }};
}

}  // namespace spaces::record
