#include "platform/jobs/runner.hpp"

#include "platform/jobs/earlier_jobs.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>

namespace spaces::jobs {
namespace {

using namespace std::chrono_literals;
using record::value;

/// What a log writes can be read from it.
struct readable_end {
  int ends[2] = {-1, -1};
  readable_end() { EXPECT_EQ(pipe2(ends, O_NONBLOCK), 0); }
  ~readable_end() {
    close(ends[0]);
    close(ends[1]);
  }
};

/// Jobs over the real table, with a clock that stands still.
class runner_test : public testing::Test {
 public:
  uuid enqueue(std::string_view kind, std::string_view word = "", std::chrono::milliseconds delay = 0ms) {
    record::item details;
    details.append("word", value::of(word));
    const uuid id = make_uuid_v7(market_.clock().now());
    const auto written = table().write({jobs::enqueue({kind, details, delay}, id, market_.clock().now())});
    EXPECT_TRUE(written && !*written);
    return id;
  }

  handler saying(const result<void>& outcome = {}) {
    return [this, outcome](const uuid&, record::item_view details) {
      done_.emplace_back(details.find("word").text);
      return outcome;
    };
  }

  drained drain(runner& runs) {
    const auto had = runs.drain(std::chrono::steady_clock::now() + 1min);
    EXPECT_TRUE(had) << had.error().private_text;
    return had ? *had : drained{};
  }

  /// Where the job is, "DUE / 2026-…#id"; empty: nowhere.
  std::string place_of(const uuid& id) {
    std::string found;
    for (const std::string_view partition : {layout::due_partition(queue::quick), layout::failed_partition})
      EXPECT_TRUE(table().visit_partition({std::string(partition)}, [&](table::key_view where, record::item_view) {
        if (layout::id_in(where.sk) == id) found = std::string(where.pk) + " / " + std::string(where.sk);
        return true;
      }));
    return found;
  }
  bool there(const uuid& id) { return !place_of(id).empty(); }
  std::string logged() {
    std::array<char, 65536> text{};
    const ssize_t size = read(pipe_.ends[0], text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }
  test::counting_table& table() { return market_.table(); }

 protected:
  test::market market_;
  readable_end pipe_;
  telemetry::log log_{market_.clock(), pipe_.ends[1]};
  std::vector<std::string> done_;
};

using words = std::vector<std::string>;

TEST_F(runner_test, does_what_is_due_in_the_order_of_when_and_forgets_it) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", saying());
  const uuid later = enqueue("greet", "later", 2s);
  const uuid soon = enqueue("greet", "soon", 1s);
  enqueue("greet", "now");
  EXPECT_EQ(drain(runs).done, 1u);
  EXPECT_EQ(done_, words{"now"});
  market_.clock().forward(2s);
  EXPECT_EQ(drain(runs).done, 2u);
  EXPECT_EQ(done_, (words{"now", "soon", "later"}));
  EXPECT_FALSE(there(soon));
  EXPECT_FALSE(there(later));
  EXPECT_EQ(drain(runs).done, 0u);
}

TEST_F(runner_test, is_asked_for_with_what_it_follows_from_or_not_at_all) {
  const uuid id = make_uuid_v7(market_.clock().now());
  const table::key other{"OTHER", "ITEM"};
  auto refused =
      table().write({table::check{other, {table::exists{}}}, jobs::enqueue({"greet", {}}, id, market_.clock().now())});
  ASSERT_TRUE(refused && *refused);
  EXPECT_FALSE(there(id));
}

TEST_F(runner_test, a_job_may_ask_for_another_that_is_done_in_the_same_drain) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("first",
              [&](const uuid&, record::item_view) -> result<void> { return enqueue("second", "two"), result<void>(); });
  runs.handle("second", saying());
  enqueue("first");
  EXPECT_EQ(drain(runs).done, 2u);
  EXPECT_EQ(done_, words{"two"});
}

TEST_F(runner_test, what_failed_comes_again_later_and_later_with_the_same_id) {
  runner runs(table(), market_.clock(), log_, {.first_pause = 8s, .pause_max = 20s});
  std::vector<uuid> ids;
  bool well = false;
  runs.handle("greet", [&](const uuid& id, record::item_view) -> result<void> {
    ids.push_back(id);
    if (well) return {};
    return unavailable("the house is empty");
  });
  const uuid id = enqueue("greet");
  EXPECT_EQ(drain(runs).put_off, 1u);
  market_.clock().forward(5s);  // three quarters of the pause are the least
  EXPECT_EQ(drain(runs).put_off, 0u);
  market_.clock().forward(5s);  // five quarters are the most
  EXPECT_EQ(drain(runs).put_off, 1u);
  market_.clock().forward(11s);  // 16 s now
  EXPECT_EQ(drain(runs).put_off, 0u);
  market_.clock().forward(9s);
  EXPECT_EQ(drain(runs).put_off, 1u);
  well = true;
  market_.clock().forward(25s);  // and never more than 20
  EXPECT_EQ(drain(runs).done, 1u);
  EXPECT_EQ(ids, std::vector<uuid>(4, id));
  EXPECT_FALSE(there(id));
  EXPECT_NE(logged().find("the house is empty"), std::string::npos);
}

TEST_F(runner_test, pauses_are_spread) {
  runner runs(table(), market_.clock(), log_, {.first_pause = 1000s});
  runs.handle("greet", saying(unavailable("")));
  std::set<std::string> places;
  for (int n = 0; n < 8; ++n) {
    const uuid id = enqueue("greet");
    drain(runs);
    places.insert(place_of(id).substr(0, std::string_view("DUE / 2026-11-22T08:00:00.000Z").size()));
  }
  EXPECT_GT(places.size(), 1u) << "what failed together would come back together";
}

TEST_F(runner_test, after_the_last_try_it_is_kept_as_failed_and_named) {
  runner runs(table(), market_.clock(), log_, {.tries_max = 3});
  runs.handle("greet", saying(internal("no such word")));
  const uuid id = enqueue("greet", "hm");
  for (int n = 0; n < 5; ++n) {
    drain(runs);
    market_.clock().forward(1h);
  }
  EXPECT_EQ(done_.size(), 3u);
  EXPECT_TRUE(there(id));
  const auto waits = count(table());
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->by_kind.at("greet").failed, 1u);
  EXPECT_EQ(waits->by_kind.at("greet").due, 0u);
  const std::string log = logged();
  EXPECT_NE(log.find("job-failed"), std::string::npos);
  EXPECT_NE(log.find(to_text(id)), std::string::npos);
  market_.clock().forward(retry_policy{}.failed_kept);
  EXPECT_FALSE(there(id)) << "nothing of a person is kept for ever";
}

TEST_F(runner_test, what_can_never_succeed_is_not_tried_again) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", saying(malformed("no such house")));
  enqueue("greet");
  EXPECT_EQ(drain(runs).failed, 1u);
  market_.clock().forward(24h);
  EXPECT_EQ(drain(runs).failed, 0u);
  EXPECT_EQ(done_.size(), 1u);
}

TEST_F(runner_test, an_exception_is_a_failure_like_any_other) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", [](const uuid&, record::item_view) -> result<void> { throw std::runtime_error("a bug"); });
  enqueue("greet");
  EXPECT_EQ(drain(runs).put_off, 1u);
  EXPECT_NE(logged().find("a bug"), std::string::npos);
}

TEST_F(runner_test, while_one_kind_is_down_the_others_are_done) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("post", saying(unavailable("no postman")));
  runs.handle("greet", saying());
  for (int n = 0; n < 3; ++n) enqueue("post", "email");
  enqueue("greet", "hello");
  EXPECT_EQ(drain(runs).done, 1u);
  EXPECT_EQ(std::count(done_.begin(), done_.end(), "hello"), 1);
  EXPECT_LT(std::count(done_.begin(), done_.end(), "email"), 3) << "the postman is not called for each e-mail";
}

TEST_F(runner_test, one_email_that_has_to_wait_does_not_hold_up_the_next) {
  runner runs(table(), market_.clock(), log_);
  error busy = unavailable("come back later");
  busy.kind = error_kind::limited;
  runs.handle("post", saying(busy));
  for (int n = 0; n < 3; ++n) enqueue("post", "email");
  EXPECT_EQ(drain(runs).put_off, 3u);
}

TEST_F(runner_test, leaves_kinds_alone_that_it_does_not_know) {
  runner older(table(), market_.clock(), log_);
  older.handle("greet", saying());
  const uuid id = enqueue("dance", "tango");
  EXPECT_EQ(drain(older).done, 0u);
  EXPECT_TRUE(there(id));
  runner newer(table(), market_.clock(), log_);
  newer.handle("dance", saying());
  EXPECT_EQ(drain(newer).done, 1u);
}

TEST_F(runner_test, leaves_what_is_slow_to_the_runner_for_it) {
  runner quick(table(), market_.clock(), log_);
  runner slow(table(), market_.clock(), log_, {}, queue::slow);
  for (runner* each : {&quick, &slow}) each->handle("greet", saying());
  record::item details;
  details.append("word", value::of(std::string_view("slow")));
  const auto now = market_.clock().now();
  ASSERT_TRUE(table().write({jobs::enqueue({"greet", details, 0ms, queue::slow}, make_uuid_v7(now), now)}));
  enqueue("greet", "quick");
  EXPECT_EQ(count(table())->by_kind.at("greet").due, 2u);
  EXPECT_EQ(drain(quick).done, 1u);
  EXPECT_EQ(done_, words{"quick"});
  EXPECT_EQ(drain(slow).done, 1u);
  EXPECT_EQ(done_, (words{"quick", "slow"}));
}

TEST_F(runner_test, while_one_process_does_a_job_no_other_does_until_the_lease_ends) {
  runner other(table(), market_.clock(), log_, {.lease = 60s});
  other.handle("greet", saying());
  runner first(table(), market_.clock(), log_, {.lease = 60s});
  std::size_t meanwhile = 99;
  std::size_t after_the_lease = 99;
  first.handle("greet", [&](const uuid&, record::item_view) -> result<void> {
    meanwhile = drain(other).done;
    market_.clock().forward(61s);  // it hangs, or its process was killed
    after_the_lease = drain(other).done;
    return {};
  });
  const uuid id = enqueue("greet", "hello");
  drain(first);
  EXPECT_EQ(meanwhile, 0u);
  EXPECT_EQ(after_the_lease, 1u);
  EXPECT_EQ(done_, words{"hello"});
  EXPECT_FALSE(there(id));
}

TEST_F(runner_test, who_lost_its_lease_does_not_touch_what_another_has_taken) {
  runner other(table(), market_.clock(), log_, {.lease = 60s});
  runner first(table(), market_.clock(), log_, {.lease = 60s});
  const auto id = enqueue("greet", "hello");
  std::string place;
  other.handle("greet", [&](const uuid&, record::item_view) { return result<void>(unavailable("")); });
  first.handle("greet", [&](const uuid&, record::item_view) -> result<void> {
    market_.clock().forward(61s);
    drain(other);
    place = place_of(id);
    return malformed("would be given up");
  });
  drain(first);
  EXPECT_TRUE(place.starts_with("DUE / "));
  EXPECT_EQ(place_of(id), place);
}

/// As versions before had them: found by GSI1, their kind on the card.
class earlier_jobs : public runner_test {
 public:
  table::key put_earlier(std::string_view partition, std::string_view word, std::string_view leased_until = {}) {
    const instant now = market_.clock().now();
    const uuid id = make_uuid_v7(now);
    record::item item;
    item.append("word", value::of(word));
    item.append(table::name::entity_type, value::of(layout::entity_type));
    item.append(table::name::created_at, value::of(std::string_view(to_text(now))));
    item.append(layout::kind, value::of(std::string_view("greet")));
    item.append(layout::tries, value::of(make_decimal(leased_until.empty() ? 0 : 1, 0)));
    if (!leased_until.empty()) item.append(layout::leased_until, value::of(leased_until));
    table::append_index(item, table::index::gsi1, partition, layout::due_key(now, id));
    item.append(table::name::card, value::of_bytes("greet"));
    const table::key key{"JOB#" + to_text(id), "JOB"};
    const auto written = table().write({table::put{key, std::move(item), {}}});
    EXPECT_TRUE(written && !*written);
    return key;
  }
  bool is_at(const table::key& key) { return table().get(key, table::consistency::strong)->has_value(); }
};

TEST_F(earlier_jobs, are_counted_moved_and_done) {
  const table::key due = put_earlier("DUE", "due"), failed = put_earlier("FAILED", "failed");
  EXPECT_EQ(count(table())->by_kind.at("greet").due, 1u);
  EXPECT_EQ(count(table())->by_kind.at("greet").failed, 1u);
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", saying());
  enqueue("greet", "new");
  EXPECT_EQ(drain(runs).done, 2u);
  EXPECT_EQ(std::set<std::string>(done_.begin(), done_.end()), (std::set<std::string>{"due", "new"}));
  EXPECT_FALSE(is_at(due) || is_at(failed));
  EXPECT_EQ(count(table())->by_kind.at("greet").due, 0u);
  EXPECT_EQ(count(table())->by_kind.at("greet").failed, 1u) << "what was given up stays so";
}

TEST_F(earlier_jobs, are_left_to_who_does_them_now) {
  const table::key leased = put_earlier("DUE", "leased", to_text(market_.clock().now() + 60s));
  ASSERT_TRUE(move_earlier_jobs(table(), market_.clock()));
  EXPECT_TRUE(is_at(leased));
  market_.clock().forward(61s);
  ASSERT_TRUE(move_earlier_jobs(table(), market_.clock()));
  EXPECT_FALSE(is_at(leased));
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", saying());
  EXPECT_EQ(drain(runs).done, 1u);
}

TEST_F(earlier_jobs, are_moved_once_by_many) {
  for (int n = 0; n < 30; ++n) put_earlier("DUE", "one");
  std::vector<std::jthread> processes;
  processes.reserve(4);
  for (int n = 0; n < 4; ++n) processes.emplace_back([&] { EXPECT_TRUE(move_earlier_jobs(table(), market_.clock())); });
  processes.clear();
  EXPECT_EQ(count(table())->by_kind.at("greet").due, 30u);
}

TEST_F(runner_test, many_processes_do_each_job_once) {
  std::atomic<int> done{0};
  for (int n = 0; n < 40; ++n) enqueue("greet");
  std::vector<std::jthread> processes;
  processes.reserve(4);
  for (int n = 0; n < 4; ++n)
    processes.emplace_back([&] {
      runner runs(table(), market_.clock(), log_);
      runs.handle("greet", [&](const uuid&, record::item_view) -> result<void> { return ++done, result<void>(); });
      drain(runs);
    });
  processes.clear();
  EXPECT_EQ(done, 40);
}

TEST_F(runner_test, stops_at_its_deadline_and_when_told_to) {
  runner runs(table(), market_.clock(), log_);
  runs.handle("greet", saying());
  enqueue("greet");
  EXPECT_EQ(runs.drain(std::chrono::steady_clock::now())->done, 0u);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(runs.drain(std::chrono::steady_clock::now() + 1min, stop.get_token())->done, 0u);
  EXPECT_TRUE(done_.empty());
}

}  // namespace
}  // namespace spaces::jobs
