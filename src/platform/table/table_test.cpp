#include "platform/table/table.hpp"

#include "platform/base/uuid.hpp"
#include "platform/table/contract_test.hpp"

#include <gtest/gtest.h>

namespace spaces::table {
namespace {

record::item with_ttl(decimal ttl) { return made_item{}.with(name::ttl, record::value::of(ttl)); }

TEST(table, reads_the_expiry_of_an_item) {
  EXPECT_EQ(expiry_seconds(with_ttl(make_decimal(1'795'334'400, 0)).view()), 1'795'334'400);
  EXPECT_EQ(expiry_seconds(with_ttl(make_decimal(-5, 0)).view()), -5);
  EXPECT_FALSE(expiry_seconds(with_ttl(make_decimal(15, 1)).view()));
  const record::item text = made_item{}.text("TTL", "1795334400");
  EXPECT_FALSE(expiry_seconds(text.view()));
  EXPECT_FALSE(expiry_seconds(record::item_view()));
}

/// DynamoDB counts each name and value: text by its bytes, a number as its digits in pairs and one or
/// two more, a list as 3 bytes and one for each element. Ours must not be less.
TEST(table, counts_an_item_as_no_smaller_than_dynamodb_does) {
  std::string texts;
  std::size_t theirs = 0;
  record::item item;
  item.append("Title", record::value::of(std::string_view("nine letters")));
  theirs += 5 + 12;
  item.append("Price", record::value::of(make_decimal(-123'456'789'012'345'678, 0)));
  theirs += 5 + 9 + 2;
  item.append("Small", record::value::of(make_decimal(1, 0)));
  theirs += 5 + 2;
  item.append("Flag", record::value::of(true));
  theirs += 4 + 1;
  for (int i = 0; i < 10; ++i) record::texts_view::append(texts, "");
  item.append("Features", record::value::of(record::texts_view(texts)));
  theirs += 8 + 3 + 10;
  theirs += 2 + 1 + 2 + 1 + 7 + uuid_text_size;  // PK and SK, one byte each, and WriteId
  EXPECT_GE(counted_bytes({"P", "S"}, item.view()), theirs);
}

TEST(table, says_which_operation_is_wrong_and_why) {
  std::vector<operation> operations;
  operations.emplace_back(remove{{"P", "S"}, {}});
  operations.emplace_back(put{{"P", ""}, {}, {}});
  EXPECT_EQ(validate(operations).error().private_text, "operation 1: the sort key is empty");
  operations.pop_back();
  EXPECT_TRUE(validate(operations));
}

TEST(table, an_item_of_damaged_bytes_is_refused) {
  std::vector<operation> operations;
  operations.emplace_back(put{{"P", "S"}, record::item(record::item_view("\x05no")), {}});
  EXPECT_EQ(validate(operations).error().private_text, "operation 0: the item is not well formed");
}

TEST(store_meta, refuses_a_newer_format_and_none) {
  const record::item now = store_meta::make(instant{});
  EXPECT_TRUE(store_meta::validate(now.view()));
  EXPECT_EQ(now.find(store_meta::secret).text.size(), store_meta::secret_bytes);
  EXPECT_EQ(now.find(name::entity_type).text, store_meta::entity_type);
  record::item newer = now;
  newer.set(store_meta::format_version, record::value::of(make_decimal(store_meta::format_version_now + 1, 0)));
  EXPECT_FALSE(store_meta::validate(newer.view()));
  EXPECT_FALSE(store_meta::validate(record::item_view()));
  EXPECT_FALSE(same_attributes(now, store_meta::make(instant{}))) << "each store has a secret of its own";
}

}  // namespace
}  // namespace spaces::table
