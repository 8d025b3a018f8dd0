/// What an open store consists of, in the order in which it is taken down again, last first.
#pragma once

#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/group_writer.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/lmdb/snapshots.hpp"

#include <optional>

namespace spaces::table {

struct lmdb_table::parts {
  parts(const lmdb_options& options, const clock& now) : time(now), env(options), readers(env) {}

  const clock& time;
  lmdb::environment env;
  lmdb::snapshots readers;
  std::optional<lmdb::group_writer> writer;  ///< not of a store opened for reading

  std::int64_t now_seconds() const {
    return std::chrono::floor<std::chrono::seconds>(time.now()).time_since_epoch().count();
  }
  /// Asks for the time only where it matters.
  bool live(const lmdb::record_view& record) const {
    return record.expires == lmdb::never || record.live(now_seconds());
  }
};

}  // namespace spaces::table
