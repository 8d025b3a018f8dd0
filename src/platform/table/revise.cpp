#include "platform/table/revise.hpp"

#include <array>
#include <functional>
#include <iterator>
#include <mutex>

namespace spaces::table {

namespace {

/// Writers of this process who were in each other's way take turns from then on: of 64 who change one item
/// concurrently each would otherwise read it again for every other one, and the last come to nothing by their deadline.
std::timed_mutex& turn_of(const key& which) {
  static std::array<std::timed_mutex, 64> turns;
  return turns[std::hash<std::string>{}(which.pk) % turns.size()];
}

}  // namespace

result<void> revise(single_table& table, const key& which, const clock& now, instant deadline,
                    function_ref<result<revision>(const record::item* before)> apply) {
  return revise(table, which, now, deadline, apply,
                [](std::size_t, const condition_failure&) { return result<void>(); });
}

result<void> revise(single_table& table, const key& which, const clock& now, instant deadline,
                    function_ref<result<revision>(const record::item* before)> apply,
                    condition_failure_reader refused) {
  std::unique_lock turn(turn_of(which), std::defer_lock);
  do {
    result<std::optional<record::item>> before = table.get(which, consistency::strong);
    if (!before) return before.error();
    const record::item* there = *before ? &**before : nullptr;
    // No condition could ever hold for it.
    if (there && there->find(version_attribute).kind != record::value_kind::number)
      return internal("an item without a version: " + which.pk);
    result<revision> after = apply(there);
    if (!after) return after.error();

    std::vector<condition> unchanged;
    if (there)
      unchanged.emplace_back(equals{std::string(version_attribute), there->find(version_attribute).number});
    else
      unchanged.emplace_back(absent{});
    std::vector<operation> operations;
    if (after->becomes)
      operations.emplace_back(put{which, *std::move(after->becomes), std::move(unchanged)});
    else
      operations.emplace_back(remove{which, std::move(unchanged)});
    std::move(after->alongside.begin(), after->alongside.end(), std::back_inserter(operations));
    result<outcome> written = table.write(std::move(operations));
    if (!written) return written.error();
    if (!*written) return {};
    const condition_failure& why = **written;
    if (why.operation > 0)
      if (const result<void> goes_on = refused(why.operation - 1, why); !goes_on) return goes_on.error();
    if (!turn.owns_lock()) static_cast<void>(turn.try_lock_until(deadline));
  } while (now.now() < deadline);
  return unavailable("an item was changed by others at every try until the deadline: " + which.pk);
}

}  // namespace spaces::table
