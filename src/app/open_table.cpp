#include "app/open_table.hpp"

#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace spaces::app {

namespace {

/// An empty store must not be made, and served, beside one that a command was to put there.
std::optional<error> unfinished(const std::filesystem::path& place) {
  std::error_code failure;
  const std::filesystem::path beside = filled_beside(place);
  const bool there = std::filesystem::exists(place, failure) && !std::filesystem::is_empty(place, failure);
  if (there || !std::filesystem::is_directory(beside, failure)) return std::nullopt;
  return malformed(fmt::format(
      "'{}' was being filled and is not whole: '{}' is what a copy, an import or a demonstration left when it was "
      "ended, or works on now. Run that command again, which begins anew, or remove '{}' to start with an empty store.",
      place.string(), beside.string(), beside.string()));
}

result<std::unique_ptr<table::lmdb_table>> open_folder(const configuration& settings, table_use use, const clock& clock,
                                                       std::function<void(std::string_view)> note) {
  const bool makes = use == table_use::serving || use == table_use::starting;
  if (!makes && !std::filesystem::is_directory(settings.table.data))
    return malformed(fmt::format("There is no store in '{}'; name it with --data.", settings.table.data));
  if (const auto left = unfinished(settings.table.data); makes && left) return *left;
  table::lmdb_options options;
  options.folder = settings.table.data;
  options.read_only = use == table_use::reading;
  options.note = std::move(note);
  return table::open_lmdb(options, clock);
}

result<opened_table> open_in_dynamodb(const configuration& settings, table_use use, const clock& clock,
                                      std::unique_ptr<cloud> connection) {
  if (!connection) {
    auto found = connect_to_table(settings, clock);
    if (!found) return found.error();
    connection = *std::move(found);
  }
  const bool operators = use == table_use::changing || use == table_use::reading;
  auto service = connection->dynamodb(operators);
  if (!service) return service.error();
  table::dynamodb_options options;
  options.table = settings.table.dynamodb_table;
  options.check_shape = use != table_use::starting;
  auto table = table::open_dynamodb(options, *std::move(service), clock);
  if (!table) return table.error();
  return opened_table{std::move(connection), *std::move(table)};
}

}  // namespace

result<std::unique_ptr<cloud>> connect_to_table(const configuration& settings, const clock& clock) {
  if (settings.table.kind != table::engine_kind::dynamodb) return nullptr;
  if (settings.table.dynamodb_table.empty())
    return malformed("SPACES_TABLE=dynamodb needs the table's name: set DYNAMODB_TABLE.");
  auto connected = cloud::connect(clock);
  if (!connected) return connected.error();
  return std::make_unique<cloud>(*std::move(connected));
}

result<opened_table> open_table(const configuration& settings, table_use use, const clock& clock,
                                std::function<void(std::string_view)> note, std::unique_ptr<cloud> connection) {
  if (settings.table.kind == table::engine_kind::dynamodb)
    return open_in_dynamodb(settings, use, clock, std::move(connection));
  auto table = open_folder(settings, use, clock, std::move(note));
  if (!table) return table.error();
  return opened_table{nullptr, *std::move(table)};
}

result<std::unique_ptr<table::lmdb_table>> open_embedded_for_reading(const configuration& settings,
                                                                     const clock& clock) {
  return open_folder(settings, table_use::reading, clock, {});
}

std::filesystem::path filled_beside(const std::filesystem::path& place) {
  // "data/" is "data".
  const bool slash = !place.has_filename() && place.has_parent_path();
  return (slash ? place.parent_path() : place).string() + ".filling";
}

std::string place_of(const configuration& settings) {
  if (settings.table.kind == table::engine_kind::dynamodb)
    return fmt::format("The DynamoDB table '{}'", settings.table.dynamodb_table);
  return fmt::format("The store in '{}'", settings.table.data);
}

result<void> demand_embedded(const configuration& settings, std::string_view instead) {
  if (settings.table.kind == table::engine_kind::lmdb) return {};
  return malformed(fmt::format("This is about the embedded store (SPACES_TABLE=lmdb). {}", instead));
}

}  // namespace spaces::app
