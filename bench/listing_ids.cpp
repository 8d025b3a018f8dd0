/// Prints the ids of a store's public listings, one a line, in the order of the store.
///
///   listing_ids FOLDER
#include "platform/base/clock.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"

#include <cstdio>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view prefix = "PROPERTY#";

bool is_public(spaces::record::item_view stored) {
  const std::string_view status = stored.find("status").text;
  return status != "draft" && status != "withdrawn";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "listing_ids FOLDER\n");
    return 2;
  }
  const spaces::system_clock clock;
  spaces::table::lmdb_options options;
  options.folder = argv[1];
  options.read_only = true;
  const auto store = spaces::table::open_lmdb(options, clock);
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().public_text.c_str());
    return 1;
  }
  const auto walked = (*store)->walk(std::nullopt, [](spaces::table::key_view key, spaces::record::item_view stored) {
    if (key.pk.starts_with(prefix) && is_public(stored)) {
      const std::string_view id = key.pk.substr(prefix.size());
      std::printf("%.*s\n", static_cast<int>(id.size()), id.data());
    }
    return true;
  });
  if (walked) return 0;
  std::fprintf(stderr, "%s\n", walked.error().private_text.c_str());
  return 1;
}
