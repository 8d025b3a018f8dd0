#include "platform/table/store_meta.hpp"

#include "platform/base/digest.hpp"

#include <array>
#include <cstdint>

namespace spaces::table::store_meta {

record::item make(instant now) {
  std::array<std::uint8_t, secret_bytes> random{};
  fill_random(random);
  record::item meta;
  meta.append(name::entity_type, record::value::of(entity_type));
  meta.append(format_version, record::value::of(make_decimal(format_version_now, 0)));
  meta.append(secret, record::value::of_bytes({reinterpret_cast<const char*>(random.data()), random.size()}));
  meta.append(name::created_at, record::value::of(std::string_view(to_text(now))));
  return meta;
}

result<void> validate(record::item_view meta) {
  const record::value version = meta.find(format_version);
  if (version.kind != record::value_kind::number) return malformed("The store does not say which format it has");
  if (version.number > make_decimal(format_version_now, 0)) {
    return malformed("The store has format " + to_text(version.number) +
                     ", written by a newer version of this program; this one reads formats up to " +
                     std::to_string(format_version_now));
  }
  return {};
}

result<std::string> read_secret(single_table& table) {
  std::string found;
  bool whole = true;
  const result<bool> read = table.read({pk, sk}, consistency::strong, [&](record::item_view meta) {
    found = meta.find(secret).text;
    whole = !meta.find(filling).flag;
  });
  if (!read) return read.error();
  if (!whole) return malformed("The store is a copy that is not whole; spaces table copy, run again, completes it.");
  if (found.size() != secret_bytes) return internal("the store has no secret in META / STORE");
  return found;
}

}  // namespace spaces::table::store_meta
