#include "scenario/market.hpp"

#include "app/marketplace.hpp"
#include "app/open_bucket.hpp"
#include "app/open_identity.hpp"
#include "dynamodb/table_beside.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/feature/assembly.hpp"
#include "platform/record/json.hpp"
#include "platform/table/dynamodb/consumed.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/store_meta.hpp"
#include "s3/bucket_beside.hpp"
#include "scenario/events.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace spaces::test {

namespace {

constexpr std::string_view key_text = "a secret of the scenarios, longer than 32 bytes";

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "spaces-scenario-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for a test");
  return name;
}

template <class T>
T demand(result<T> had) {
  if (!had) throw std::runtime_error(had.error().public_text + had.error().private_text);
  return *std::move(had);
}

/// The switch: a further engine is a further name here.
table::table_under_test open_engine(std::string_view engine, const std::filesystem::path& folder, const clock& clock) {
  const char* named = std::getenv("SPACES_TEST_TABLE");
  if (engine.empty()) engine = named ? named : "lmdb";
  if (engine == "dynamodb") {
    table::table_under_test made = make_a_dynamodb_table(clock);
    if (!made.table) throw std::runtime_error(made.missing);
    return made;
  }
  if (engine != "lmdb") throw std::runtime_error("SPACES_TEST_TABLE names no engine: " + std::string(engine));
  table::lmdb_options options;
  options.folder = folder;
  options.sync = false;  // nothing here outlives the process
  return {{}, demand(table::open_lmdb(options, clock)), {}};
}

/// The same of buckets: SPACES_TEST_BUCKET is disk unless set, or s3.
app::opened_bucket open_pictures(const app::configuration& settings, const std::string& secret, const clock& clock,
                                 std::shared_ptr<void>& ground) {
  const char* named = std::getenv("SPACES_TEST_BUCKET");
  const std::string_view engine = named ? named : "disk";
  if (engine == "s3") {
    bucket::bucket_under_test made = make_an_s3_bucket();
    if (!made.bucket) throw std::runtime_error(made.missing);
    ground = std::move(made.ground);
    return {nullptr, std::move(made.bucket), nullptr, "https://media.example.com"};
  }
  if (engine != "disk") throw std::runtime_error("SPACES_TEST_BUCKET names no bucket: " + std::string(engine));
  return demand(app::open_bucket(settings, app::table_use::serving, secret, clock, nullptr));
}

void append_text(std::string& out, const record::json_value& json) {
  switch (json.kind) {
    case record::json_kind::null: out += "null"; return;
    case record::json_kind::boolean: out += json.flag ? "true" : "false"; return;
    case record::json_kind::number: out += json.text; return;
    case record::json_kind::string: record::append_json_string(out, json.text); return;
    case record::json_kind::array:
      out += '[';
      for (const record::json_value& element : json.elements) {
        if (out.back() != '[') out += ',';
        append_text(out, element);
      }
      out += ']';
      return;
    case record::json_kind::object:
      out += '{';
      for (const record::json_member& member : json.members) {
        if (out.back() != '{') out += ',';
        record::append_json_string(out, member.name);
        out += ':';
        append_text(out, member.value);
      }
      out += '}';
  }
}

const record::json_value* step(const record::json_value& json, std::string_view name) {
  if (json.kind != record::json_kind::array) return json.find(name);
  std::size_t index = 0;
  std::from_chars(name.data(), name.data() + name.size(), index);
  return index < json.elements.size() ? &json.elements[index] : nullptr;
}

const record::json_value* find(const record::json_value& root, std::string_view pointer) {
  const record::json_value* here = &root;
  while (here && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view name = pointer.substr(0, pointer.find('/'));
    here = step(*here, name);
    pointer.remove_prefix(name.size());
  }
  return here;
}

}  // namespace

namespace {

/// What DynamoDB would charge for a query of the dynamodb engine: whole pages, of which each is rounded up.
class index_bill {
 public:
  explicit index_bill(const table::query& what) : partition_bytes_(what.partition.size()) {}

  void add(const table::row& row) {
    if (page_is_full()) {
      half_units_ += half_units_of_page();
      page_rows_ = std::min(page_rows_ * 2, table::query_rows_max);
      rows_ = bytes_ = 0;
    }
    ++rows_;
    bytes_ += names + partition_bytes_ + row.sort_key.size() + row.key.pk.size() + row.key.sk.size() + row.card.size();
  }
  bool page_is_full() const { return rows_ == page_rows_; }
  std::size_t half_units() const { return half_units_ + half_units_of_page(); }

 private:
  static constexpr std::size_t names =
      sizeof "PK" + sizeof "SK" + sizeof "GSI1PK" + sizeof "GSI1SK" + sizeof "Card" - 5;
  static constexpr std::size_t half_unit = 4096;
  std::size_t half_units_of_page() const { return std::max<std::size_t>(1, (bytes_ + half_unit - 1) / half_unit); }

  std::size_t partition_bytes_;
  std::size_t page_rows_ = table::dynamodb::first_page_rows;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::size_t half_units_ = 0;
};

}  // namespace

result<bool> counting_table::visit_index(const table::query& what, table::row_visitor visit) {
  index_bill bill(what);
  bool stopped = false;
  bool left_behind = false;
  auto more = counted_->visit_index(what, [&](const table::row& row) {
    bill.add(row);
    if (stopped) {
      left_behind = true;
    } else {
      ++rows_visited_;
      stopped = !visit(row);
    }
    // Who has seen enough has paid for the rest of the page.
    return !(stopped && bill.page_is_full());
  });
  index_half_units_ += bill.half_units();
  if (more && stopped) return left_behind || *more;
  return more;
}

namespace {

/// UUIDs of things, not of people.
constexpr std::string_view things[] = {"id",        "propertyId", "inquiryId",       "imageId",     "session",
                                       "sessionId", "job",        "otherPropertyId", "otherImageId"};

void expect_known(const std::vector<entity_row>& entities, record::item_view written) {
  const std::string type(written.find(table::name::entity_type).text);
  const auto row = std::ranges::find(entities, type, &entity_row::type);
  if (row == entities.end()) {
    ADD_FAILURE() << "no feature's `entities` says what becomes of a person in an item of the type '" << type << "'"
                  << (written.begin() == written.end() ? "" : ", which has " + std::string((*written.begin()).name));
    return;
  }
  for (const record::attribute& one : written) {
    const bool names_somebody = one.value.kind == record::value_kind::text && parse_uuid(one.value.text) &&
                                !table::is_table_name(one.name) &&
                                std::ranges::find(things, one.name) == std::end(things);
    if (names_somebody && std::ranges::find(row->people, one.name) == row->people.end())
      ADD_FAILURE() << "'" << one.name << "' of " << type << " may name a person, and its row in `entities` does not";
  }
}

}  // namespace

result<table::outcome> counting_table::write(std::vector<table::operation> operations) {
  if (!entities_.empty())
    for (const table::operation& each : operations) {
      if (const auto* put = std::get_if<table::put>(&each)) expect_known(entities_, put->item.view());
      const auto* add = std::get_if<table::add>(&each);
      if (add && add->otherwise.view().begin() != add->otherwise.view().end())
        expect_known(entities_, add->otherwise.view());
    }
  return counted_->write(std::move(operations));
}

uuid id_of(std::string_view name) {
  const std::string_view parts[] = {"person", name};
  return make_uuid_v8(parts);
}

std::string answer::field(std::string_view name) const {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  return at == fields.end() ? "" : at->second;
}

std::string answer::at(std::string_view pointer) const {
  const auto root = record::parse_json(body);
  const record::json_value* found = root ? find(*root, pointer) : nullptr;
  std::string out;
  if (found) append_text(out, *found);
  return out;
}

std::string answer::text_at(std::string_view pointer) const {
  const auto root = record::parse_json(body);
  const record::json_value* found = root ? find(*root, pointer) : nullptr;
  return found ? found->text : "";
}

std::vector<std::string> answer::column(std::string_view member) const {
  std::vector<std::string> texts;
  const auto root = record::parse_json(body);
  const record::json_value* items = root ? root->find("items") : nullptr;
  if (!items) return texts;
  for (const record::json_value& item : items->elements) {
    const record::json_value* value = item.find(member);
    texts.push_back(value ? value->text : "");
  }
  return texts;
}

market::market(market_options options)
    : folder_(new_folder()),
      log_(clock_, STDERR_FILENO),
      keys_(demand(identity::signing_key::from_text(options.key.empty() ? key_text : options.key))) {
  app::configuration settings;
  settings.table.data = folder_.string();
  settings.identity.bcrypt_cost = options.bcrypt_cost;
  settings.http.trusted_proxies = options.trusted_proxies;
  settings.listings.public_listings = options.public_listings;
  settings.listings.limits = options.listings;
  settings.images.uploads = {options.uploads_a_day, options.uploads_a_day};
  if (options.production) settings.environment = app::environment_kind::production;
  table::table_under_test engine = open_engine(options.table, folder_, clock_);
  ground_ = std::move(engine.ground);
  auto counted = std::make_unique<counting_table>(std::move(engine.table));
  table_ = counted.get();
  const auto facts = demand(table::store_meta::read(*counted));
  settings.bucket.kind = bucket::store_kind::disk;
  market_ = std::make_unique<app::marketplace>(
      settings, clock_, log_, app::opened_table{nullptr, std::move(counted)},
      open_pictures(settings, facts.secret, clock_, bucket_ground_),
      identity::signing_keys(demand(identity::signing_key::from_text(options.key.empty() ? key_text : options.key))),
      facts.secret, app::table_use::serving, options.preparer);
  market_->listings().keys_of_cities().note(facts.folding);
  table_->hold_to(market_->features().entities());
}

market::~market() {
  market_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string market::token_of(const person& who) const {
  const identity::access_tokens tokens(keys_, app::scope_of({}));
  return tokens.mint({id_of(who.name), role_of(who.type), who.verified}, id_of("login"),
                     identity::access_token_lifetime, clock_.now());
}

properties::properties& market::listings() { return market_->listings(); }

bucket::object_store& market::bucket() { return market_->bucket(); }

images::images& market::images() { return market_->images(); }

jobs::runner& market::jobs() { return market_->jobs(); }

const std::vector<http::route>& market::routes() const { return market_->routes(); }

const assembly& market::features() const { return market_->features(); }

void market::do_jobs() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  // A slow one may ask for a quick one.
  for (bool more = true; more;) {
    const auto quick = market_->jobs().drain(until);
    if (!quick) throw std::runtime_error(quick.error().private_text);
    const auto slow = market_->slow_jobs().drain(until);
    if (!slow) throw std::runtime_error(slow.error().private_text);
    more = slow->done > 0;
  }
}

http::application& market::application() { return market_->application(); }

answer market::send(const call& request) {
  std::vector<http::field_line> lines;
  std::string authorization;
  if (!request.who.empty()) {
    authorization = "Bearer " + token_of(people_.at(request.who));
    lines.push_back({"Authorization", authorization});
  }
  bool typed = false;
  for (const auto& [name, value] : request.fields) {
    typed = typed || name == "Content-Type";
    lines.push_back({name, value});
  }
  if (!request.body.empty() && !typed) lines.push_back({"Content-Type", "application/json"});
  http::request incoming;
  incoming.verb = request.verb;
  incoming.target = request.target;
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  incoming.path = incoming.target.substr(0, mark);
  incoming.query = incoming.target.substr(std::min(mark + 1, request.target.size()));
  incoming.fields = lines;
  incoming.body = request.body;
  incoming.peer = "127.0.0.1";
  incoming.received = clock_.now();
  incoming.deadline = incoming.received + limits::request_time_max;
  const table::dynamodb::consumption_scope cost;
  answer made = ask_by_event(market_->application(), incoming);
  // Whatever else it is about: no request may walk a whole table.
  EXPECT_EQ(cost.so_far().scans, 0U) << request.target;
  return made;
}

}  // namespace spaces::test
