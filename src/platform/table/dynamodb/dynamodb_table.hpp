/// The single table in Amazon DynamoDB, or in what speaks its protocol.
///
/// Reads of one item and writes of one operation are requests of their own, at half the price of a
/// transaction; the rest goes by TransactWriteItems. A write whose answer was lost is never done twice: a
/// transaction carries a token, and of a single write the item tells by its WriteId whether it happened.
/// Where even that cannot tell, the answer is `unavailable`, and the caller may read and see.
///
/// Expired items count as absent by our clock, whether DynamoDB has removed them yet or not. Waits end by the
/// calling thread's deadline (base/deadline.hpp).
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/table/dynamodb/consumed.hpp"
#include "platform/table/table.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spaces::table {

namespace dynamodb {
/// The first page of a long query, the next is twice as long, and so on: a visitor who has enough after a few
/// rows should not pay for hundreds, one who reads on should not wait for many round trips. 64 rows of listings
/// are 25 KB.
inline constexpr std::size_t first_page_rows = 64;
}  // namespace dynamodb

struct dynamodb_options {
  std::string table;
  /// Ask what the table looks like before using it (DescribeTable): one request more at the start. Where
  /// that is not permitted, it goes without.
  bool check_shape = true;
};

class dynamodb_table final : public single_table {
 public:
  dynamodb_table(std::string table, std::unique_ptr<aws::service> service, const clock& time);

  result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) override;
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                              consistency wanted) override;
  /// Rows are visited as pages come: with an error some may have been visited already.
  result<bool> visit_index(const query& what, row_visitor visit) override;
  result<bool> visit_partition(const partition_query& what, item_visitor visit) override;
  result<outcome> write(std::vector<operation> operations) override;
  std::size_t operations_together() const override { return 1; }
  /// Reads the whole table (Scan), strongly consistent: a read unit for each 4 KB of it.
  result<void> walk(const std::optional<key>& after, item_visitor visit) override;
  std::optional<std::uint64_t> table_version() override { return std::nullopt; }
  bool reads_inline() const override { return false; }
  std::string_view engine() const override { return "dynamodb"; }
  /// One read of the store's own item, half a unit.
  result<void> ping() override;

  const std::string& name() const { return table_; }
  /// What this process was charged for.
  dynamodb::consumed consumed() const { return counter_.so_far(); }

  /// One request; counts what it consumed where the answer is left to the caller. For this room only.
  boost::system::result<std::string, aws::failure> call(std::string_view what, std::string_view body,
                                                        bool repeatable = true);

 private:
  std::int64_t now_seconds() const;
  bool live(record::item_view item) const;
  result<void> read_page(std::string_view answer, std::vector<std::optional<record::item>>& items,
                         const std::vector<key>& keys, std::string& unprocessed);

  std::string table_;
  std::unique_ptr<aws::service> service_;
  const clock& time_;
  dynamodb::consumption_counter counter_;
};

/// Opens the table, which must be there; its META / STORE is made at the first use, and one of a newer format
/// is refused. Errors' public texts are sentences for the operator.
result<std::unique_ptr<dynamodb_table>> open_dynamodb(const dynamodb_options& options,
                                                      std::unique_ptr<aws::service> service, const clock& time);

}  // namespace spaces::table
