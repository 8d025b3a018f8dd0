#include "platform/table/store_meta.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/folding.hpp"

#include <array>
#include <cstdint>

namespace spaces::table::store_meta {

record::item make(instant now) {
  std::array<std::uint8_t, secret_bytes> random{};
  fill_random(random);
  record::item meta;
  meta.append(name::entity_type, record::value::of(entity_type));
  meta.append(format_version, record::value::of(make_decimal(format_version_now, 0)));
  meta.append(folding, record::value::of(make_decimal(folding_version, 0)));
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

int folding_of(record::item_view meta) {
  const record::value noted = meta.find(folding);
  return noted.kind == record::value_kind::number ? static_cast<int>(scaled(noted.number, 0).value_or(1)) : 1;
}

result<facts> read(single_table& table) {
  facts found;
  bool whole = true;
  const result<bool> there = table.read({pk, sk}, consistency::strong, [&](record::item_view meta) {
    found = {std::string(meta.find(secret).text), folding_of(meta)};
    whole = !meta.find(filling).flag;
  });
  if (!there) return there.error();
  if (!whole) return malformed("The store is a copy that is not whole; spaces table copy, run again, completes it.");
  if (found.secret.size() != secret_bytes) return internal("the store has no secret in META / STORE");
  return found;
}

result<std::string> read_secret(single_table& table) {
  auto found = read(table);
  if (!found) return found.error();
  return std::move(found->secret);
}

result<int> read_folding(single_table& table) {
  int version = 1;
  const result<bool> found =
      table.read({pk, sk}, consistency::strong, [&](record::item_view meta) { version = folding_of(meta); });
  if (!found) return found.error();
  return version;
}

result<void> note_folding(single_table& table) {
  const key where{std::string(pk), std::string(sk)};
  const auto meta = table.get(where, consistency::strong);
  if (!meta) return meta.error();
  if (!*meta) return internal("the store has no META / STORE");
  const record::value noted = (*meta)->find(folding);
  const std::int64_t before = noted.kind == record::value_kind::number ? scaled(noted.number, 0).value_or(0) : 0;
  if (before >= folding_version) return {};
  // Where another process noted it meanwhile, the condition does not hold, and nothing is left to do.
  const auto written = table.write({add{where,
                                        std::string(folding),
                                        folding_version - before,
                                        {exists{}, below{std::string(folding), make_decimal(folding_version, 0)}},
                                        {}}});
  if (!written) return written.error();
  return {};
}

}  // namespace spaces::table::store_meta
