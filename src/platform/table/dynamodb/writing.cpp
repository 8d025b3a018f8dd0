#include "platform/table/dynamodb/writing.hpp"

#include "platform/base/digest.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace spaces::table::dynamodb {

namespace {

/// An add finds its shape at the second try, unless the item comes or expires just then; so often in a row that
/// is no coincidence.
constexpr int reshapes_max = 8;

/// 96 random bits as 16 characters: no other write has them, and an item's stays short.
std::string new_id() {
  std::array<std::uint8_t, 12> random{};
  fill_random(random);
  return to_base64url({reinterpret_cast<const char*>(random.data()), random.size()});
}

const key& key_of(const operation& one) {
  return std::visit([](const auto& what) -> const key& { return what.key; }, one);
}

const std::vector<condition>& conditions_of(const operation& one) {
  return std::visit([](const auto& what) -> const std::vector<condition>& { return what.conditions; }, one);
}

/// Once it has happened its own conditions do not hold any more: so it may be sent twice, and the second one
/// finds out.
bool refuses_a_second(const operation& one) {
  const auto any = [&](const auto& is_so) { return std::ranges::any_of(conditions_of(one), is_so); };
  if (const auto* what = std::get_if<put>(&one)) {
    return any([&](const condition& each) {
      if (std::holds_alternative<absent>(each)) return true;
      const auto* wanted = std::get_if<equals>(&each);
      const record::item_view made = what->item.view();
      return wanted && !holds({*wanted}, &made);
    });
  }
  return std::holds_alternative<remove>(one) && any([](const condition& each) {
           return std::holds_alternative<exists>(each) || std::holds_alternative<equals>(each);
         });
}

/// What another writer's work on the same item was the reason of.
bool is_conflict(std::string_view code) {
  return code == "TransactionConflict" || code == "TransactionConflictException" ||
         code == "TransactionInProgressException" || code == "ThrottlingError" ||
         code == "ProvisionedThroughputExceeded" || code == "RequestLimitExceeded";
}

error not_known(const aws::failure& failed) {
  return unavailable("DynamoDB: whether a write happened is not known: " + failed.text);
}

}  // namespace

writing::writing(dynamodb_table& table, const std::vector<operation>& operations, std::int64_t now_seconds)
    : table_(table),
      operations_(operations),
      now_seconds_(now_seconds),
      write_id_(new_id()),
      token_(write_id_),
      shapes_(operations.size(), add_shape::either) {}

result<outcome> writing::run() {
  const bool single = operations_.size() == 1;
  while (true) {
    settled done = !single                                              ? try_transaction()
                   : std::holds_alternative<check>(operations_.front()) ? check_by_reading()
                                                                        : try_single();
    if (done) return *std::move(done);
  }
}

write_frame writing::frame() const { return {table_.name(), now_seconds_, write_id_}; }

bool writing::is_own(const std::optional<record::item>& found) const {
  return found && found->find(name::write_id).text == write_id_;
}

const record::item* writing::live(const std::optional<record::item>& found) const {
  if (!found) return nullptr;
  const auto expiry = expiry_seconds(found->view());
  return expiry && *expiry <= now_seconds_ ? nullptr : &*found;
}

/// The item is as DynamoDB saw it when it refused, so that what holds for it held then.
writing::verdict writing::judge(std::size_t number, std::optional<record::item> found) {
  const operation& one = operations_[number];
  const record::item* there = live(found);
  const record::item_view view = there ? there->view() : record::item_view();
  if (!holds(conditions_of(one), there ? &view : nullptr)) {
    if (!there) found.reset();
    return {meaning::refused, {number, std::move(found)}, {}};
  }
  const auto* what = std::get_if<add>(&one);
  if (!what || ++reshapes_ > reshapes_max)
    return {meaning::error, {}, unavailable("DynamoDB refused a condition that held")};
  const record::value before = view.find(what->attribute);
  if (before.kind != record::value_kind::none && before.kind != record::value_kind::number)
    return {meaning::error, {}, internal(what->attribute + " of " + what->key.pk + " is no number to add to")};
  if (there && shapes_[number] == add_shape::onto)
    return {meaning::error, {}, internal(what->attribute + " of " + what->key.pk + " would have too many digits")};
  shapes_[number] = there ? add_shape::onto : add_shape::anew;
  return {meaning::reshape, {}, {}};
}

writing::settled writing::pause(const aws::failure& failed) {
  if (back_off_.wait()) return std::nullopt;
  return unavailable("DynamoDB: others were in the way of a write until the deadline: " + failed.text);
}

// ---- One operation

writing::settled writing::try_single() {
  const operation& one = operations_.front();
  const auto done =
      table_.call(name_of(one, shapes_.front()), write_body(one, shapes_.front(), frame()), refuses_a_second(one));
  if (done) return outcome();
  return after_single(done.error());
}

writing::settled writing::after_single(const aws::failure& failed) {
  if (failed.kind == aws::failure_kind::condition_failed) {
    std::optional<record::item> found = item_of(failed.body);
    if (is_own(found)) return outcome();  // an earlier try of ours, whose answer was lost
    // Ours may have happened, and somebody else's after it.
    if (failed.may_have_happened) return not_known(failed);
    verdict judged = judge(0, std::move(found));
    if (judged.means == meaning::reshape) return std::nullopt;
    if (judged.means == meaning::error) return std::move(judged.why);
    return outcome(std::move(judged.refused));
  }
  if (failed.may_have_happened) return look_for_own_write(failed);
  if (is_conflict(failed.code)) return pause(failed);
  return error_of(failed, "writing an item");
}

writing::settled writing::look_for_own_write(const aws::failure& failed) {
  const key& where = key_of(operations_.front());
  const auto found = table_.call("GetItem", get_body(table_.name(), where, consistency::strong));
  if (!found) return not_known(failed);
  const std::optional<record::item> item = item_of(*found);
  if (is_own(item)) return outcome();
  // Gone is gone, by anyone; but a condition promises that it was us.
  const auto* gone = std::get_if<remove>(&operations_.front());
  if (gone && gone->conditions.empty() && !live(item)) return outcome();
  return not_known(failed);
}

writing::settled writing::check_by_reading() {
  const auto answer = table_.call("GetItem", get_body(table_.name(), key_of(operations_.front()), consistency::strong));
  if (!answer) return error_of(answer.error(), "checking an item");
  std::optional<record::item> found = item_of(*answer);
  const record::item* there = live(found);
  const record::item_view view = there ? there->view() : record::item_view();
  if (holds(conditions_of(operations_.front()), there ? &view : nullptr)) return outcome();
  if (!there) found.reset();
  return outcome(condition_failure{0, std::move(found)});
}

// ---- Transactions

writing::settled writing::try_transaction() {
  const auto done = table_.call("TransactWriteItems", transaction_body(operations_, shapes_, frame(), token_));
  if (done) return outcome();
  const aws::failure& failed = done.error();
  if (failed.code == "TransactionCanceledException") return after_cancellation(failed);
  if (is_conflict(failed.code)) return pause(failed);
  if (failed.may_have_happened) return not_known(failed);
  return error_of(failed, "writing a transaction");
}

writing::settled writing::after_cancellation(const aws::failure& failed) {
  std::vector<cancellation_reason> reasons = cancellation_reasons(failed.body);
  if (reasons.size() != operations_.size()) return error_of(failed, "reading why a transaction was canceled");
  bool reshaped = false;
  bool conflict = false;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    cancellation_reason& why = reasons[i];
    if (why.code == "None") continue;
    if (is_conflict(why.code)) {
      conflict = true;
    } else if (why.code == "ConditionalCheckFailed") {
      verdict judged = judge(i, std::move(why.found));
      if (judged.means == meaning::error) return std::move(judged.why);
      if (judged.means == meaning::refused) return outcome(std::move(judged.refused));
      reshaped = true;
    } else {
      return internal("DynamoDB canceled a transaction for its operation " + std::to_string(i) + ": " + why.code +
                      ": " + why.text);
    }
  }
  // The same token for the same body: were an earlier try still at work, this one would not add to it.
  if (reshaped) token_ = new_id();
  if (conflict) return pause(failed);
  if (reshaped) return std::nullopt;
  return error_of(failed, "reading why a transaction was canceled");
}

}  // namespace spaces::table::dynamodb
