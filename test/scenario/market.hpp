/// A whole marketplace inside a test: the real wiring and router over a real table in a folder of its
/// own, with a clock that stands still and no sockets. SPACES_TEST_TABLE names the engine: lmdb unless set, or
/// dynamodb (test/dynamodb/table_beside.hpp). SPACES_TEST_BUCKET names the bucket: disk unless set, or s3
/// (test/s3/bucket_beside.hpp).
#pragma once

#include "marketplace/properties/listing_counts.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/feature/feature.hpp"
#include "platform/http/application.hpp"
#include "platform/http/route.hpp"
#include "platform/identity/local/signing_keys.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/table/table.hpp"
#include "platform/telemetry/log.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces {
class assembly;
}
namespace spaces::app {
class marketplace;
}
namespace spaces::properties {
class properties;
}
namespace spaces::images {
class images;
}
namespace spaces::picture {
class preparer;
}

namespace spaces::test {

/// Moves only when told to. Thread-safe.
class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(ms_.load())); }
  void forward(std::chrono::milliseconds by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_{1'795'334'400'000};  // 2026-11-22T08:00:00.000Z
};

/// Passes everything on, counts the index rows that were visited, and holds what is written to what features say of
/// people in it (feature.hpp: entity_row): an entity that nobody spoke for, or another person in it, fails any test.
class counting_table final : public table::single_table {
 public:
  explicit counting_table(std::unique_ptr<table::single_table> counted) : counted_(std::move(counted)) {}

  std::size_t rows_visited() const { return rows_visited_; }
  /// What DynamoDB would charge for the rows, read with eventual consistency: half a unit for each 4 kB of a query's
  /// page, attributes' names included, whether or not the visitor saw all of it. (It is held against what it does
  /// charge where tests run on it.)
  std::size_t index_half_units() const { return index_half_units_; }

  result<bool> read(table::key_view key, table::consistency wanted,
                    function_ref<void(record::item_view)> visit) override {
    return counted_->read(key, wanted, visit);
  }
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<table::key>& keys,
                                                              table::consistency wanted) override {
    return counted_->read_batch(keys, wanted);
  }
  result<bool> visit_index(const table::query& what, table::row_visitor visit) override;
  result<bool> visit_partition(const table::partition_query& what, table::item_visitor visit) override {
    return counted_->visit_partition(what, visit);
  }
  result<table::outcome> write(std::vector<table::operation> operations) override;
  void hold_to(std::vector<entity_row> entities) { entities_ = std::move(entities); }
  std::size_t operations_together() const override { return counted_->operations_together(); }
  result<void> walk(const std::optional<table::key>& after, table::item_visitor visit) override {
    return counted_->walk(after, visit);
  }
  std::optional<std::uint64_t> table_version() override { return counted_->table_version(); }
  bool reads_inline() const override { return counted_->reads_inline(); }
  std::string_view engine() const override { return counted_->engine(); }
  result<void> ping() override { return counted_->ping(); }

 private:
  std::unique_ptr<table::single_table> counted_;
  std::atomic<std::size_t> rows_visited_{0};
  std::vector<entity_row> entities_;  ///< none: anything may be written
  std::atomic<std::size_t> index_half_units_{0};
};

struct person {
  std::string name;
  user_type type = user_type::buyer;
  bool verified = true;
};

/// The same id for the same name.
uuid id_of(std::string_view name);

/// A request: get("/api/v1/properties").as("ann").with("If-Match", "*").
struct call {
  http::method verb = http::method::get;
  std::string target;
  std::string body;
  std::string who;  ///< a person's name; empty: nobody
  std::vector<std::pair<std::string, std::string>> fields;

  call&& as(std::string name) && { return who = std::move(name), std::move(*this); }
  call&& with(std::string name, std::string value) && {
    fields.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
  }
};
inline call get(std::string target) { return {http::method::get, std::move(target), {}, {}, {}}; }
inline call post(std::string target, std::string body) {
  return {http::method::post, std::move(target), std::move(body), {}, {}};
}
inline call put(std::string target, std::string body) {
  return {http::method::put, std::move(target), std::move(body), {}, {}};
}
inline call patch(std::string target, std::string body) {
  return {http::method::patch, std::move(target), std::move(body), {}, {}};
}
inline call remove(std::string target) { return {http::method::delete_, std::move(target), {}, {}, {}}; }

/// An answer as a client sees it, whether it was made or cached.
struct answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// Empty when absent.
  std::string field(std::string_view name) const;
  /// What a JSON Pointer of object members names ("/items/0/id"), as JSON text with numbers digit by
  /// digit; empty when there is nothing. "" is the whole body.
  std::string at(std::string_view pointer) const;
  /// The same of a string, without its quotes.
  std::string text_at(std::string_view pointer) const;
  /// The texts of this member of every object in `items`.
  std::vector<std::string> column(std::string_view member) const;
};

struct market_options {
  bool public_listings = false;
  bool production = false;
  std::string_view table = {};                  ///< the engine; empty: the one of SPACES_TEST_TABLE
  std::string key = {};                         ///< what tokens are signed with; a secret of the tests unless given
  int bcrypt_cost = identity::bcrypt_cost_min;  ///< milliseconds; what is tested is the same
  std::size_t trusted_proxies = 0;
  properties::listing_limits listings{{100'000, 100'000}, {100'000, 100'000}};  ///< few tests are about them
  picture::preparer* preparer = nullptr;                                        ///< of pictures; null: nobody does it
  std::int64_t uploads_a_day = std::int64_t{1} << 40;                           ///< bytes of one person
};

class market {
 public:
  explicit market(market_options options = {});
  ~market();

  held_clock& clock() { return clock_; }
  counting_table& table() { return *table_; }
  /// What an operator does.
  properties::properties& listings();
  /// Where pictures are, and who hears that one came.
  bucket::object_store& bucket();
  images::images& images();
  /// What requests asked for is done when a test drains it.
  jobs::runner& jobs();
  /// Where e-mails go: MESSAGE-ID.eml each. Not there before the first.
  std::filesystem::path emails() const { return folder_ / "outbox"; }

  void add(const person& who) { people_[who.name] = who; }
  const std::vector<http::route>& routes() const;
  const assembly& features() const;
  /// Those of the marketplace, for tests that make tokens.
  const identity::signing_keys& keys() const { return keys_; }
  /// What is due, done now.
  void do_jobs();
  /// As transports see it.
  http::application& application();
  /// Thread-safe once everybody was added. JSON is the content type of a body unless the call has one.
  answer send(const call& request);

 private:
  std::string token_of(const person& who) const;

  held_clock clock_;
  std::filesystem::path folder_;
  std::shared_ptr<void> ground_;  ///< what the table stands on
  std::shared_ptr<void> bucket_ground_;
  telemetry::log log_;
  identity::signing_keys keys_;
  counting_table* table_ = nullptr;
  std::unique_ptr<app::marketplace> market_;
  std::map<std::string, person, std::less<>> people_;
};

}  // namespace spaces::test
