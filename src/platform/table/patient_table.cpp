#include "platform/table/patient_table.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace spaces::table {

namespace {

using std::chrono::steady_clock;

/// Who wants the end does not wait for that of a pause.
constexpr std::chrono::milliseconds step{100};

/// The tries of one call.
class tries {
 public:
  explicit tries(const patience& how)
      : how_(how), pause_(how.first_pause), until_(steady_clock::now() + how.give_up_after) {}

  /// Waits and returns true where the call is to be made again.
  bool again(const error& why) {
    if (!may_pass(why) || steady_clock::now() + pause_ >= until_) return false;
    for (auto left = pause_; left > std::chrono::milliseconds(0); left -= step) {
      if (!how_.goes_on()) return false;
      std::this_thread::sleep_for(std::min(left, step));
    }
    pause_ = std::min(pause_ * 2, how_.pause_max);
    return true;
  }
  /// The table has answered.
  void begin_anew() { *this = tries(how_); }

 private:
  patience how_;
  std::chrono::milliseconds pause_;
  steady_clock::time_point until_;
};

template <class Call>
auto patiently(const patience& how, Call call) {
  for (tries left(how);;) {
    auto answer = call();
    if (answer || !left.again(answer.error())) return answer;
  }
}

bool is_repeatable(const operation& one) {
  if (const auto* puts = std::get_if<put>(&one)) return puts->conditions.empty();
  if (const auto* removes = std::get_if<remove>(&one)) return removes->conditions.empty();
  return false;
}

}  // namespace

result<bool> patient_table::read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) {
  return patiently(how_, [&] { return inner_.read(key, wanted, visit); });
}

result<std::vector<std::optional<record::item>>> patient_table::read_batch(const std::vector<key>& keys,
                                                                           consistency wanted) {
  return patiently(how_, [&] { return inner_.read_batch(keys, wanted); });
}

result<outcome> patient_table::write(std::vector<operation> operations) {
  if (!std::ranges::all_of(operations, is_repeatable)) return inner_.write(std::move(operations));
  return patiently(how_, [&] { return inner_.write(operations); });
}

result<void> patient_table::walk(const std::optional<key>& after, item_visitor visit) {
  std::optional<key> seen = after;
  tries left(how_);
  for (;;) {
    const auto walked = inner_.walk(seen, [&](key_view where, record::item_view item) {
      left.begin_anew();
      seen = key{std::string(where.pk), std::string(where.sk)};
      return visit(where, item);
    });
    if (walked || !left.again(walked.error())) return walked;
  }
}

}  // namespace spaces::table
