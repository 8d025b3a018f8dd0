/// Answers that come in parts, and what reads and writes cost.
#include "dynamodb/faulty_service.hpp"
#include "dynamodb/table_beside.hpp"
#include "platform/base/deadline.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::table {

namespace {

class dynamodb_reading : public testing::Test {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    ground_ = std::make_unique<test::table_beside>();
    auto faulty = std::make_unique<test::faulty_service>(test::make_service());
    service_ = faulty.get();
    table_ = std::make_unique<dynamodb_table>(ground_->name(), std::move(faulty), time_);
  }

  void put_item(key where, record::item item) {
    std::vector<operation> one;
    one.emplace_back(put{std::move(where), std::move(item), {}});
    const auto done = table_->write(std::move(one));
    ASSERT_TRUE(done && !*done);
  }
  std::ptrdiff_t requests(std::string_view what) const { return std::ranges::count(service_->sent(), what); }
  std::size_t visited(const query& what, std::size_t enough = query_rows_max) {
    std::size_t rows = 0;
    EXPECT_TRUE(table_->visit_index(what, [&](const row&) { return ++rows < enough; }));
    return rows;
  }
  /// What one thing consumed, in half units.
  template <class Do>
  dynamodb::consumed cost_of(Do&& what) {
    const dynamodb::consumption_scope scope;
    what();
    return scope.so_far();
  }

  held_clock time_;
  std::unique_ptr<test::table_beside> ground_;
  std::unique_ptr<dynamodb_table> table_;
  test::faulty_service* service_ = nullptr;
};

TEST_F(dynamodb_reading, of_a_batch_what_was_left_unread_is_asked_for_again) {
  // DynamoDB answers 16 MB at most.
  const std::string large(390'000, 'l');
  std::vector<key> keys;
  for (int i = 0; i < 45; ++i) {
    keys.push_back({"P", std::to_string(i)});
    put_item(keys.back(), made_item{}.text("Large", large).number("i", i));
  }
  const auto items = table_->read_batch(keys, consistency::strong);
  ASSERT_TRUE(items);
  for (int i = 0; i < 45; ++i) {
    ASSERT_TRUE((*items)[static_cast<std::size_t>(i)]);
    EXPECT_EQ((*items)[static_cast<std::size_t>(i)]->find("i").number, make_decimal(i, 0));
  }
  EXPECT_GT(requests("BatchGetItem"), 1);
}

TEST_F(dynamodb_reading, a_query_goes_on_behind_a_page_that_was_full) {
  // DynamoDB answers 1 MB at most.
  const std::string large(150'000, 'c');
  for (int i = 10; i < 30; ++i)
    put_item({"P", std::to_string(i)}, made_item{}.in(1, "I", std::to_string(i)).bytes("Card", large));
  EXPECT_EQ(visited({.index = index::gsi1, .partition = "I"}), 20U);
  EXPECT_GT(requests("Query"), 2);
}

TEST_F(dynamodb_reading, a_query_goes_on_behind_rows_that_have_expired) {
  for (int i = 100; i < 240; ++i) {
    record::item item = made_item{}.in(1, "I", std::to_string(i));
    if (i < 239) item.set(name::ttl, record::value::of(make_decimal(time_.seconds(), 0)));
    put_item({"P", std::to_string(i)}, item);
  }
  EXPECT_EQ(visited({.index = index::gsi1, .partition = "I", .limit = 1}), 1U);
  EXPECT_LE(requests("Query"), 10) << "139 by pages that double";
}

TEST_F(dynamodb_reading, who_has_enough_after_a_few_rows_does_not_pay_for_hundreds) {
  std::vector<operation> operations;
  for (int i = 100; i < 400; ++i) {
    operations.emplace_back(put{
        {"P", std::to_string(i)}, made_item{}.in(1, "I", std::to_string(i)).bytes("Card", std::string(240, 'c')), {}});
    if (operations.size() < operations_max) continue;
    ASSERT_TRUE(table_->write(std::move(operations)));
    operations.clear();
  }
  const query all{.index = index::gsi1, .partition = "I", .limit = 500};
  const auto few = cost_of([&] { EXPECT_EQ(visited(all, 5), 5U); });
  EXPECT_EQ(few.requests, 1U);
  EXPECT_LE(few.read_half_units, 5U);
  const auto every = cost_of([&] { EXPECT_EQ(visited(all), 300U); });
  EXPECT_EQ(every.requests, 3U) << "64, 128 and the rest";
}

TEST_F(dynamodb_reading, costs_what_dynamodb_says) {
  const record::item small = made_item{}.text("T", std::string(500, 't'));
  const record::item large = made_item{}.text("T", std::string(5000, 't'));
  EXPECT_EQ(cost_of([&] { put_item({"P", "small"}, small); }),
            (dynamodb::consumed{.requests = 1, .write_half_units = 2}));
  EXPECT_EQ(cost_of([&] { put_item({"P", "large"}, large); }),
            (dynamodb::consumed{.requests = 1, .write_half_units = 10}));
  const auto read = [&](const char* sk, consistency wanted) {
    return cost_of([&] { EXPECT_TRUE(*table_->get({"P", sk}, wanted)); });
  };
  EXPECT_EQ(read("small", consistency::eventual), (dynamodb::consumed{.requests = 1, .read_half_units = 1}));
  EXPECT_EQ(read("small", consistency::strong), (dynamodb::consumed{.requests = 1, .read_half_units = 2}));
  EXPECT_EQ(read("large", consistency::strong), (dynamodb::consumed{.requests = 1, .read_half_units = 4}));
  EXPECT_EQ(cost_of([&] {
              std::vector<operation> two;
              two.emplace_back(put{{"P", "1"}, small, {}});
              two.emplace_back(put{{"P", "2"}, small, {}});
              ASSERT_TRUE(table_->write(std::move(two)));
            }),
            (dynamodb::consumed{.requests = 1, .write_half_units = 8}))
      << "a transaction costs twice";
  EXPECT_EQ(cost_of([&] { EXPECT_TRUE(table_->walk({}, [](key_view, record::item_view) { return true; })); }).scans,
            1U);
  EXPECT_EQ(cost_of([&] {
              std::vector<operation> refused;
              refused.emplace_back(put{{"P", "large"}, small, {absent{}}});
              const auto done = table_->write(std::move(refused));
              ASSERT_TRUE(done && *done);
            }),
            (dynamodb::consumed{.requests = 1, .refused_writes = 1, .write_half_units = 10}))
      << "a refused write costs what is there";
  const dynamodb::consumed all = table_->consumed();
  EXPECT_EQ(all.requests, 8U);
  EXPECT_EQ(all.refused_writes, 1U);
  EXPECT_EQ(all.write_half_units, 30U);
}

/// A service that gives the answer of a test's choice.
class answering final : public aws::service {
 public:
  explicit answering(std::string answer) : answer_(std::move(answer)) {}
  boost::system::result<std::string, aws::failure> send(const aws::call&) override { return answer_; }

 private:
  std::string answer_;
};

TEST(dynamodb_answer, that_is_none_is_no_item_no_row_and_no_end) {
  const held_clock time;
  for (const char* garbage :
       {"{", "{\"Item\":{\"n\":{\"M\":{}}}}", "{\"Item\":[]}", "{\"Items\":[{\"PK\":{\"S\":\"P\"}]}", "[]",
        "{\"Items\":[{\"Card\":{\"B\":\"*\"}}]}", "{\"Responses\":{\"t\":[{\"PK\":{\"S\":\"never asked for\"}}]}}"}) {
    dynamodb_table table("t", std::make_unique<answering>(garbage), time);
    const std::string_view text = garbage;
    if (text.find("Items") == text.npos && text.find("Responses") == text.npos) {
      const auto read = table.read({"P", "S"}, consistency::eventual, [](record::item_view) { ADD_FAILURE(); });
      ASSERT_FALSE(read) << garbage;
      EXPECT_EQ(read.error().kind, error_kind::unavailable);
    }
    if (text.find("Item\"") == text.npos && text.find("Responses") == text.npos) {
      const query what{.index = index::gsi1, .partition = "I"};
      EXPECT_FALSE(table.visit_index(what, [](const row&) { return true; })) << garbage;
      EXPECT_FALSE(table.walk({}, [](key_view, record::item_view) { return true; })) << garbage;
    }
    if (text.find("Item") == text.npos) {
      EXPECT_FALSE(table.read_batch({{"P", "S"}}, consistency::eventual)) << garbage;
    }
  }
}

/// DynamoDB may answer a page without rows and go on behind it; dynoxide never does.
class paging final : public aws::service {
 public:
  explicit paging(std::vector<std::string>& requests) : requests_(requests) {}
  boost::system::result<std::string, aws::failure> send(const aws::call& one) override {
    requests_.emplace_back(one.body);
    if (requests_.size() < 4)
      return R"({"Items":[],"LastEvaluatedKey":{"PK":{"S":"P)" + std::to_string(requests_.size()) + "\"}}}";
    return R"({"Items":[{"PK":{"S":"P"},"SK":{"S":"S"},"GSI1PK":{"S":"I"},"GSI1SK":{"S":"1"},"WriteId":{"S":"w"}}]})";
  }

 private:
  std::vector<std::string>& requests_;
};

TEST(dynamodb_answer, of_a_page_without_rows_is_followed) {
  const held_clock time;
  const auto followed = [&](auto&& walk) {
    std::vector<std::string> requests;
    dynamodb_table table("t", std::make_unique<paging>(requests), time);
    EXPECT_EQ(walk(table), 1U);
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[0].find("ExclusiveStartKey"), std::string::npos);
    for (const std::size_t page : {1U, 2U, 3U})
      EXPECT_NE(requests[page].find(R"("ExclusiveStartKey":{"PK":{"S":"P)" + std::to_string(page) + "\"}}"),
                std::string::npos)
          << requests[page];
  };
  followed([](dynamodb_table& table) {
    std::size_t rows = 0;
    EXPECT_TRUE(table.visit_index({.index = index::gsi1, .partition = "I"}, [&](const row&) { return ++rows > 0; }));
    return rows;
  });
  followed([](dynamodb_table& table) {
    std::size_t items = 0;
    EXPECT_TRUE(table.walk({}, [&](key_view, record::item_view) { return ++items > 0; }));
    return items;
  });
}

TEST(dynamodb_answer, of_a_batch_that_is_never_read_is_given_up_by_the_deadline) {
  const held_clock time;
  dynamodb_table table(
      "t", std::make_unique<answering>(R"({"Responses":{},"UnprocessedKeys":{"t":{"Keys":[{"PK":{"S":"P"}}]}}})"),
      time);
  const deadline_scope deadline(std::chrono::milliseconds(50));
  const auto items = table.read_batch({{"P", "S"}}, consistency::eventual);
  ASSERT_FALSE(items);
  EXPECT_EQ(items.error().kind, error_kind::unavailable);
}

TEST(dynamodb_answer, of_pages_without_end_is_given_up) {
  const held_clock time;
  dynamodb_table table("t", std::make_unique<answering>(R"({"Items":[],"LastEvaluatedKey":{"PK":{"S":"P"}}})"), time);
  const auto more = table.visit_index({.index = index::gsi1, .partition = "I"}, [](const row&) { return true; });
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().kind, error_kind::unavailable);
}

}  // namespace

}  // namespace spaces::table
