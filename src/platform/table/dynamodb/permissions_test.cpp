/// The policies of policy.hpp against what is really called: each allowed action is used, and each used one allowed.
#include "dynamodb/table_beside.hpp"
#include "platform/record/json.hpp"
#include "platform/table/dynamodb/administration.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/dynamodb/policy.hpp"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace spaces::table::dynamodb {

namespace {

using used_permission = std::tuple<std::string, std::string, resource>;
using used_permissions = std::set<used_permission>;

std::string_view action_of_member(std::string_view member) {
  if (member == "Put") return "dynamodb:PutItem";
  if (member == "Update") return "dynamodb:UpdateItem";
  if (member == "Delete") return "dynamodb:DeleteItem";
  return "dynamodb:ConditionCheckItem";
}

/// Passes calls on to DynamoDB and notes what permission each needs.
class noting_service final : public aws::service {
 public:
  noting_service(std::unique_ptr<aws::service> inner, used_permissions& used) : inner_(std::move(inner)), used_(used) {}

  boost::system::result<std::string, aws::failure> send(const aws::call& request) override {
    const auto body = record::parse_json(request.body);
    const std::string operation(request.operation);
    const resource on = body->find("IndexName") ? resource::indexes : resource::table;
    if (const record::json_value* all = body->find("TransactItems")) {
      for (const record::json_value& one : all->elements)
        used_.emplace(operation, action_of_member(one.members.front().name), on);
    } else {
      used_.emplace(operation, "dynamodb:" + operation, on);
    }
    return inner_->send(request);
  }

 private:
  std::unique_ptr<aws::service> inner_;
  used_permissions& used_;
};

used_permissions allowed(role of) {
  used_permissions rows;
  for (const permission& row : permissions())
    if (row.of == of) rows.emplace(row.operation, row.action, row.on);
  return rows;
}

/// Everything that table.hpp can do, except walking.
void use_all(single_table& table) {
  const auto item = [] {
    record::item made;
    made.append("GSI1PK", record::value::of(std::string_view("OWNER")));
    made.append("GSI1SK", record::value::of(std::string_view("1")));
    return made;
  };
  const key one{"A", "1"}, two{"A", "2"}, three{"A", "3"};
  const auto write = [&](std::vector<operation> operations) { ASSERT_TRUE(table.write(std::move(operations))); };
  write({put{one, item(), {}}});
  write({add{two, "count", 1, {}, {}}});
  write({check{one, {exists{}}}});
  write({put{three, item(), {absent{}}}, add{two, "count", 1, {}, {}}, check{one, {exists{}}}});
  write({remove{one, {}}, remove{three, {}}});
  write({remove{two, {}}});
  EXPECT_TRUE(table.get(one, consistency::strong));
  EXPECT_TRUE(table.read_batch({one, two}, consistency::strong));
  query all;
  all.partition = "OWNER";
  EXPECT_TRUE(table.visit_index(all, [](const row&) { return true; }));
  EXPECT_TRUE(table.visit_partition({.partition = "A"}, [](key_view, record::item_view) { return true; }));
  EXPECT_TRUE(table.ping());
}

TEST(dynamodb_permissions, are_those_that_are_used) {
  SPACES_NEEDS_DYNAMODB();
  const test::table_beside ground;
  const system_clock clock;
  used_permissions used;
  dynamodb_options options;
  options.table = ground.name();
  const auto opened = open_dynamodb(options, std::make_unique<noting_service>(test::make_service(), used), clock);
  ASSERT_TRUE(opened);
  use_all(**opened);
  EXPECT_EQ(used, allowed(role::process));
}

TEST(dynamodb_permissions, of_operators_are_those_that_their_commands_use_besides) {
  SPACES_NEEDS_DYNAMODB();
  const test::table_beside ground;
  const system_clock clock;
  used_permissions used;
  noting_service service(test::make_service(), used);
  const auto made = make_table(service, {.table = ground.name() + "-more", .deletion_protection = false},
                               [](std::string_view) { return true; });
  ASSERT_TRUE(made) << made.error().public_text;
  EXPECT_TRUE(test::make_service()->send({"DeleteTable", R"({"TableName":")" + ground.name() + "-more\"}", false}));
  dynamodb_options options;
  options.table = ground.name();
  const auto opened = open_dynamodb(options, std::make_unique<noting_service>(test::make_service(), used), clock);
  ASSERT_TRUE(opened);
  EXPECT_TRUE((*opened)->walk({}, [](key_view, record::item_view) { return true; }));
  for (const used_permission& one : allowed(role::process)) used.erase(one);
  EXPECT_EQ(used, allowed(role::operators));
}

}  // namespace

}  // namespace spaces::table::dynamodb
