/// The table that the settings name, opened: the embedded store in the data folder, or one in DynamoDB.
#pragma once

#include "app/cloud.hpp"
#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spaces::table {
class lmdb_table;
}

namespace spaces::app {

/// A table and, where there is one, the connection to it, which the table must not outlive.
struct opened_table {
  std::unique_ptr<cloud> connection;
  std::unique_ptr<table::single_table> table;
};

enum class table_use {
  serving,   ///< makes the embedded store where there is none, and asks DynamoDB what its table looks like
  starting,  ///< the same in a hurry: of what is wrong with a DynamoDB table, the first request tells
  changing,  ///< an operator's command on a store that is there
  reading,   ///< the same, and nothing is written
};

/// The connection to a table in DynamoDB, for callers that prewarm it (`cloud::prewarm_dynamodb`); null: the table is
/// embedded.
result<std::unique_ptr<cloud>> connect_to_table(const configuration& settings, const clock& clock);

/// Errors' public texts are sentences for the operator. `note` takes sentences for the log. Without a connection, one
/// is made here.
result<opened_table> open_table(const configuration& settings, table_use use, const clock& clock,
                                std::function<void(std::string_view)> note = {},
                                std::unique_ptr<cloud> connection = nullptr);

/// Where a command fills a store that is not there yet, before it puts it into its place: "spaces-data.filling".
std::filesystem::path filled_beside(const std::filesystem::path& place);

/// "The store in 'spaces-data'", "The DynamoDB table 'market'".
std::string place_of(const configuration& settings);

/// For a command that is about the embedded store's file: an error where the settings name another table.
result<void> demand_embedded(const configuration& settings, std::string_view instead);

/// The embedded store that is there, for what only it can do, beside a server or not; makes nothing.
result<std::unique_ptr<table::lmdb_table>> open_embedded_for_reading(const configuration& settings, const clock& clock);

}  // namespace spaces::app
