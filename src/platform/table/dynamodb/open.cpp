#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/dynamodb/failures.hpp"
#include "platform/table/dynamodb/requests.hpp"
#include "platform/table/dynamodb/schema.hpp"
#include "platform/table/store_meta.hpp"

namespace spaces::table {

using namespace dynamodb;

namespace {

/// The table as DynamoDB describes it is ours, or a sentence. Where describing is not permitted, nothing.
result<void> check_shape(dynamodb_table& table) {
  const auto answer = table.call("DescribeTable", describe_body(table.name()));
  if (!answer && answer.error().kind == aws::failure_kind::refused && answer.error().code == "AccessDeniedException")
    return {};
  if (!answer) return sentence_of(answer.error(), table.name());
  const std::string called = "The DynamoDB table '" + table.name() + "'";
  const auto told = read_description(*answer);
  if (!told) return malformed(called + " cannot be used: what describes it cannot be read.");
  if (told->status == "CREATING") return malformed(called + " is being created; try again in a moment.");
  if (told->status != "ACTIVE" && told->status != "UPDATING")
    return malformed(called + " cannot be used: its status is " + told->status + '.');
  if (!told->flaws.empty())
    return malformed(called + " has another shape (spaces table verify tells all): " + told->flaws.front() + '.');
  return {};
}

/// Why this program does not work with the store; the item is put where there is none yet. Several instances
/// may start together: one of them makes the item, and all read it.
result<void> check_meta(dynamodb_table& table, const clock& time) {
  const key where{std::string(store_meta::pk), std::string(store_meta::sk)};
  // Not by read(): what DynamoDB says here is for the operator.
  const auto first = table.call("GetItem", get_body(table.name(), where, consistency::strong));
  if (!first) return sentence_of(first.error(), table.name());
  std::optional<record::item> meta = item_of(*first);
  if (!meta) {
    std::vector<operation> make;
    make.emplace_back(put{where, store_meta::make(time.now()), {absent{}}});
    if (const auto made = table.write(std::move(make)); !made) return made.error();
    auto made = table.get(where, consistency::strong);
    if (!made) return made.error();
    meta = *std::move(made);
  }
  if (!meta) return internal("META / STORE was made and is not there");
  if (const auto valid = store_meta::validate(meta->view()); !valid) return malformed(valid.error().public_text + '.');
  return {};
}

}  // namespace

result<std::unique_ptr<dynamodb_table>> open_dynamodb(const dynamodb_options& options,
                                                      std::unique_ptr<aws::service> service, const clock& time) {
  auto opened = std::make_unique<dynamodb_table>(options.table, std::move(service), time);
  if (options.check_shape) {
    if (const auto well = check_shape(*opened); !well) return well.error();
  }
  if (const auto well = check_meta(*opened, time); !well) {
    const error& why = well.error();
    if (why.kind == error_kind::malformed) return why;
    return malformed("The DynamoDB table '" + options.table + "' cannot be used: " + why.private_text + '.');
  }
  return opened;
}

}  // namespace spaces::table
