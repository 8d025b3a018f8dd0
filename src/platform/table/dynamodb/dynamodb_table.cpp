#include "platform/table/dynamodb/dynamodb_table.hpp"

#include "platform/base/base64.hpp"
#include "platform/table/dynamodb/failures.hpp"
#include "platform/table/dynamodb/requests.hpp"
#include "platform/table/dynamodb/schema.hpp"
#include "platform/table/dynamodb/writing.hpp"
#include "platform/table/store_meta.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace spaces::table {

using namespace dynamodb;
using record::json_reader;

namespace {

/// Pages of one query: for 1,000 rows, 5; more come empty, or of rows that have expired. A partition of so many
/// of those is not what indexes are for.
constexpr int query_pages_max = 100;

error unreadable(std::string_view doing) {
  return unavailable("DynamoDB, " + std::string(doing) + ": the answer is not what it should be");
}

}  // namespace

dynamodb_table::dynamodb_table(std::string table, std::unique_ptr<aws::service> service, const clock& time)
    : table_(std::move(table)), service_(std::move(service)), time_(time) {}

boost::system::result<std::string, aws::failure> dynamodb_table::call(std::string_view what, std::string_view body,
                                                                      bool repeatable) {
  auto answer = service_->send({what, body, repeatable});
  const bool writes = what == "PutItem" || what == "UpdateItem" || what == "DeleteItem" || what == "TransactWriteItems";
  if (answer && writes) counter_.note(what, capacity_of(*answer));
  if (!answer && writes && answer.error().kind == aws::failure_kind::condition_failed)
    counter_.note_refused(what, charge_of_failure(answer.error().body));
  return answer;
}

std::int64_t dynamodb_table::now_seconds() const {
  return std::chrono::floor<std::chrono::seconds>(time_.now()).time_since_epoch().count();
}

bool dynamodb_table::live(record::item_view item) const {
  const auto expiry = expiry_seconds(item);
  return !expiry || *expiry > now_seconds();
}

result<bool> dynamodb_table::read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) {
  if (const auto valid = validate(key); !valid) return valid.error();
  const auto answer = call("GetItem", get_body(table_, key, wanted));
  if (!answer) return error_of(answer.error(), "reading an item");
  json_reader in(*answer);
  std::optional<read_attributes> found;
  capacity units;
  in.object([&](std::string_view name) {
    if (name == "Item")
      found = read_item(in);
    else if (name == "ConsumedCapacity")
      units = read_capacity(in);
    else
      in.skip();
  });
  if (!in.ended()) return unreadable("reading an item");
  counter_.note("GetItem", units);
  if (!found || !live(found->item.view())) return false;
  visit(found->item.view());
  return true;
}

result<void> dynamodb_table::read_page(std::string_view answer, std::vector<std::optional<record::item>>& items,
                                       const std::vector<key>& keys, std::string& unprocessed) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) -> const key& { return keys[i]; });
  json_reader in(answer);
  capacity units;
  const auto place = [&](read_attributes one) {
    const auto at = std::ranges::lower_bound(order, one.key, {}, [&](std::size_t i) -> const key& { return keys[i]; });
    if (at == order.end() || keys[*at] != one.key) return in.fail();
    if (live(one.item.view())) items[*at] = std::move(one.item);
  };
  in.object([&](std::string_view name) {
    if (name == "Responses")
      in.object([&](std::string_view) { in.array([&] { place(read_item(in)); }); });
    else if (name == "UnprocessedKeys")
      unprocessed = in.raw();
    else if (name == "ConsumedCapacity")
      units = read_capacity(in);
    else
      in.skip();
  });
  if (!in.ended()) return unreadable("reading items");
  counter_.note("BatchGetItem", units);
  return {};
}

result<std::vector<std::optional<record::item>>> dynamodb_table::read_batch(const std::vector<key>& keys,
                                                                            consistency wanted) {
  if (const auto valid = validate(keys); !valid) return valid.error();
  std::vector<std::optional<record::item>> items(keys.size());
  if (keys.empty()) return items;
  back_off pauses;
  for (std::string left = batch_items(table_, keys, wanted); !left.empty();) {
    const auto answer = call("BatchGetItem", batch_body(left));
    if (!answer) return error_of(answer.error(), "reading items");
    left.clear();
    if (const auto read = read_page(*answer, items, keys, left); !read) return read.error();
    if (left.find("Keys") == std::string::npos) left.clear();
    if (!left.empty() && !pauses.wait()) return unavailable("DynamoDB left items of a batch unread until the deadline");
  }
  return items;
}

result<void> dynamodb_table::ping() {
  const result<bool> found = read({store_meta::pk, store_meta::sk}, consistency::eventual, [](record::item_view) {});
  if (!found) return found.error();
  if (!*found) return internal("the store has lost its META / STORE");
  return {};
}

result<outcome> dynamodb_table::write(std::vector<operation> operations) {
  if (const auto valid = validate(operations); !valid) return valid.error();
  return writing(*this, operations, now_seconds()).run();
}

namespace {

/// Reads rows of one index as an answer has them.
class row_reader {
 public:
  explicit row_reader(const index_shape& shape) : shape_(shape) {}

  /// The next element. Views live until the next one.
  row read(json_reader& in, std::optional<std::int64_t>& expires) {
    row found{{}, {{}, {}}, {}};
    card_.clear();
    in.object([&](std::string_view name) {
      if (name == shape_.sort) {
        found.sort_key = read_scalar(in, 'S', sort_room_);
      } else if (name == name::pk) {
        found.key.pk = read_scalar(in, 'S', pk_room_);
      } else if (name == name::sk) {
        found.key.sk = read_scalar(in, 'S', sk_room_);
      } else if (name == name::card) {
        if (!append_from_base64(card_, read_scalar(in, 'B', other_room_))) in.fail();
      } else if (name == name::ttl) {
        const auto seconds = parse_decimal(read_scalar(in, 'N', other_room_));
        expires = seconds ? scaled(*seconds, 0) : std::nullopt;
      } else {
        in.skip();
      }
    });
    found.card = card_;
    return found;
  }

 private:
  const index_shape& shape_;
  std::string sort_room_, pk_room_, sk_room_, other_room_, card_;
};

/// False where no row can lie: bounds that cross, a start behind the last of them. A start in front of the
/// first one is taken away, because DynamoDB takes none outside the bounds.
bool narrow(query& what) {
  if (what.to && what.to->empty()) return false;
  if (what.from && what.to && *what.from > *what.to) return false;
  if (!what.after) return true;
  const bool forward = what.direction == direction::forward;
  const bool low = what.from && what.after->sort_key < *what.from;
  const bool high = what.to && what.after->sort_key > *what.to;
  if (forward ? high : low) return false;
  if (low || high) what.after.reset();
  return true;
}

/// What a page of rows or items says besides them.
struct page_end {
  std::string next_start;  ///< its LastEvaluatedKey as it stands; empty on the last one
  capacity units;
};

/// Calls `take(in)` for each element of Items, which it must take. Empty when the answer is no page.
template <class Take>
std::optional<page_end> read_elements(std::string_view answer, Take&& take) {
  json_reader in(answer);
  page_end end;
  in.object([&](std::string_view name) {
    if (name == "Items")
      in.array([&] { take(in); });
    else if (name == "LastEvaluatedKey")
      end.next_start = in.raw();
    else if (name == "ConsumedCapacity")
      end.units = read_capacity(in);
    else
      in.skip();
  });
  if (!in.ended()) return std::nullopt;
  return end;
}

}  // namespace

result<bool> dynamodb_table::visit_index(const query& wanted, row_visitor visit) {
  if (const auto valid = validate(wanted); !valid) return valid.error();
  query what = wanted;
  if (!narrow(what)) return false;
  const query_body body(table_, what);
  const std::int64_t now = now_seconds();
  std::string start = what.after ? start_of(what) : std::string();
  std::size_t visited = 0;
  std::size_t expired = 0;
  std::size_t page_rows = first_page_rows;
  row_reader rows(shape_of(what.index));
  bool stopped = false;
  for (int pages = 0; pages < query_pages_max; ++pages, page_rows = std::min(page_rows * 2, query_rows_max)) {
    // Where some have expired, more will have: it then takes longer pages to find as many.
    const auto answer = call("Query", body.page(start, std::min(what.limit - visited + expired, page_rows)));
    if (!answer) return error_of(answer.error(), "querying an index");
    bool left_behind = false;
    const auto end = read_elements(*answer, [&](json_reader& in) {
      std::optional<std::int64_t> expires;
      const row found = rows.read(in, expires);
      if (in.failed()) return;
      if (expires && *expires <= now) {
        ++expired;
      } else if (stopped) {
        left_behind = true;
      } else {
        stopped = !visit(found) || ++visited == what.limit;
      }
    });
    if (!end) return unreadable("querying an index");
    counter_.note("Query", end->units);
    start = end->next_start;
    if (stopped) return left_behind || !start.empty();
    if (start.empty()) return false;
  }
  return unavailable("DynamoDB gave too many pages of a query without rows");
}

result<bool> dynamodb_table::visit_partition(const partition_query& what, item_visitor visit) {
  if (const auto valid = validate(what); !valid) return valid.error();
  if (what.to && what.after && *what.after >= *what.to) return false;  // DynamoDB takes no start outside the bounds
  const query_body body(table_, what);
  std::string start = what.after ? start_of(key_view(what.partition, *what.after)) : std::string();
  std::size_t visited = 0;
  std::size_t page_items = first_page_rows;
  bool stopped = false;
  for (int pages = 0; pages < query_pages_max; ++pages, page_items = std::min(page_items * 2, query_rows_max)) {
    const auto answer = call("Query", body.page(start, std::min(what.limit - visited, page_items)));
    if (!answer) return error_of(answer.error(), "querying a partition");
    bool left_behind = false;
    const auto end = read_elements(*answer, [&](json_reader& in) {
      left_behind = left_behind || stopped;
      if (stopped) return in.skip();
      const read_attributes one = read_item(in);
      if (in.failed() || !live(one.item.view())) return;
      stopped = !visit(one.key, one.item.view()) || ++visited == what.limit;
    });
    if (!end) return unreadable("querying a partition");
    counter_.note("Query", end->units);
    start = end->next_start;
    if (stopped) return left_behind || !start.empty();
    if (start.empty()) return false;
  }
  return unavailable("DynamoDB gave too many pages of a query without items");
}

result<void> dynamodb_table::walk(const std::optional<key>& after, item_visitor visit) {
  if (after) {
    if (const auto valid = validate(key_view(*after)); !valid) return valid.error();
  }
  std::string start = after ? start_of(key_view(*after)) : std::string();
  bool stopped = false;
  do {
    const auto answer = call("Scan", scan_body(table_, start));
    if (!answer) return error_of(answer.error(), "walking the table");
    const auto end = read_elements(*answer, [&](json_reader& in) {
      if (stopped) return in.skip();
      const read_attributes one = read_item(in);
      if (!in.failed() && live(one.item.view())) stopped = !visit(one.key, one.item.view());
    });
    if (!end) return unreadable("walking the table");
    counter_.note("Scan", end->units);
    start = end->next_start;
  } while (!start.empty() && !stopped);
  return {};
}

}  // namespace spaces::table
