#include "app/open_table.hpp"
#include "platform/table/lmdb/compacting.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>

namespace spaces::app {

namespace {

struct compact_options {
  bool json = false;
};

int run_compact(const configuration& settings, const compact_options& options, operator_action& action) {
  if (const auto embedded = demand_embedded(settings, "DynamoDB gives back by itself what is removed."); !embedded)
    return fail(embedded.error());
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  const auto done = table::compact_store(settings.table.data, [&](std::uint64_t copied, std::uint64_t) {
    if (show) fmt::print(stderr, "\r{}", mebibytes(copied));
  });
  if (show) fmt::print(stderr, "\n");
  if (!done) return fail(done.error().public_text);  // and the store is as it was
  action.begin(store_name(settings));
  if (options.json)
    fmt::print("{{\"bytesBefore\":{},\"bytesAfter\":{}}}\n", done->bytes_before, done->bytes_after);
  else
    fmt::print("{} before, {} now\n", mebibytes(done->bytes_before), mebibytes(done->bytes_after));
  return exit_status::success;
}

}  // namespace

void add_compact(command_group& to) {
  auto [words, options] =
      to.add_acting("compact", "Give free pages of the store back to the disk, while nobody has it open",
                    {data_settings}, run_compact);
  add_json(words, options.json);
}

}  // namespace spaces::app
