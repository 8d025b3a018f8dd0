/// Making a table and holding one to what we want of it: what operators' commands do. The process that
/// serves only reads the shape (schema.hpp).
///
/// What speaks DynamoDB's protocol and is not DynamoDB may lack operations: point-in-time recovery, say.
/// Then that is told, and neither fails nor counts as a deviation.
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/error.hpp"
#include "platform/table/dynamodb/schema.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

/// What a table is to be, besides its shape.
struct table_options {
  std::string table = {};
  std::optional<throughput> provisioned = {};  ///< on demand unless given
  bool recovery = true;                        ///< to any second of the last 35 days
  bool deletion_protection = true;
  bool streams = true;       ///< of new and old images
  std::string kms_key = {};  ///< id, ARN or alias; empty: the key that DynamoDB owns
};

/// What cannot be told: the endpoint does not know the operation.
enum class switched : std::uint8_t { off, on, unknown };
std::string_view to_text(switched what);

struct index_facts {
  std::string name;
  std::string status;
  std::string projection;  ///< "Card, TTL", or "ALL"
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

struct table_facts {
  std::string name;
  std::string arn;
  std::string status;
  std::optional<throughput> provisioned;  ///< empty: on demand
  std::uint64_t items = 0;                ///< as DynamoDB counts them, every six hours
  std::uint64_t bytes = 0;
  std::vector<index_facts> indexes;
  std::vector<std::string> flaws;  ///< of the shape: the process would not work with it
  switched expiry = switched::unknown;
  std::string expiring_attribute;
  switched recovery = switched::unknown;
  switched deletion_protection = switched::unknown;
  switched streams = switched::unknown;
  std::string stream_view;
  std::string kms_key;  ///< ARN; empty: the key that DynamoDB owns
};

/// Empty when there is no such table. Errors' public texts are sentences for the operator.
result<std::optional<table_facts>> describe(aws::service& service, std::string_view table);

/// What differs from what is wanted, a sentence each. Nothing for what is unknown.
std::vector<std::string> deviations(const table_facts& facts, const table_options& wanted);

struct creation {
  bool made = false;               ///< it was not there
  std::vector<std::string> steps;  ///< what was done, a sentence each
};

/// How long a table may take to become active, and backups to be ready behind it. DynamoDB needs seconds,
/// with five indexes some more.
inline constexpr std::chrono::minutes creation_time_max{10};

/// Called several times while it is waited; false ends the waiting with `unavailable`.
using wait_callback = std::function<bool(std::string_view status)>;

/// Makes the table and waits until it is active, then turns on what is switched by requests of their own.
/// A table that is there keeps what it is: only expiry and recovery are turned on where they are off, so
/// that a creation that was cut short can be run again. `conflict` when the table there has another shape.
result<creation> make_table(aws::service& service, const table_options& wanted, const wait_callback& wait);

}  // namespace spaces::table::dynamodb
