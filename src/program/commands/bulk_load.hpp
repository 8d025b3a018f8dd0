/// The store that a command fills with listings: a DynamoDB table, or an embedded store. One that is there is written
/// to as a server would, each commit durable. One that is not there yet is filled beside its place without waiting for
/// the disk, made durable at the end and put in its place by a rename: three times as quick, and there is a whole store
/// or none, whatever happens meanwhile.
#pragma once

#include "app/open_table.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <filesystem>
#include <memory>

namespace spaces::app {

class bulk_load {
 public:
  /// The one that the settings name.
  static result<bulk_load> open(const configuration& settings, const clock& time);
  /// Beside `place` is `place.filling`: taken by one command at a time, and cleared of what one that
  /// was killed left there. Errors' public texts are sentences for the operator.
  static result<bulk_load> open(const std::filesystem::path& place, const clock& time);
  bulk_load(bulk_load&& other) noexcept;
  bulk_load& operator=(bulk_load&&) = delete;
  /// What was filled beside and not settled is thrown away.
  ~bulk_load();

  table::single_table& table() { return *table_; }
  /// It is filled beside its place: nothing was there before.
  bool is_new() const { return beside_ != nullptr; }

  /// Closes the store; durable and in its place when it returns without an error. One that came to be
  /// there meanwhile stays, and is an error.
  result<void> settle();

 private:
  /// The folder beside, held by a lock on it.
  class folder_beside;

  explicit bulk_load(std::filesystem::path place);

  std::filesystem::path place_;
  std::unique_ptr<folder_beside> beside_;
  std::unique_ptr<cloud> connection_;
  std::unique_ptr<table::single_table> table_;
};

}  // namespace spaces::app
