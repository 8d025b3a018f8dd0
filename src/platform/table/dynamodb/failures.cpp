#include "platform/table/dynamodb/failures.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <thread>

namespace spaces::table::dynamodb {

namespace {

using aws::failure_kind;

/// A pause of this length among two dozen writers lets each of them through.
constexpr std::chrono::microseconds bound_max{200'000};

}  // namespace

error error_of(const aws::failure& failed, std::string_view doing) {
  std::string text = "DynamoDB, " + std::string(doing) + ": " + failed.text;
  switch (failed.kind) {
    case failure_kind::missing:  // the table
    case failure_kind::refused: return unavailable_for_good(std::move(text));
    case failure_kind::throttled:
    case failure_kind::unavailable: return unavailable(std::move(text));
    case failure_kind::condition_failed:
    case failure_kind::too_large:
    case failure_kind::internal: break;
  }
  return internal(std::move(text));
}

error sentence_of(const aws::failure& failed, std::string_view table) {
  const std::string called = "The DynamoDB table '" + std::string(table) + "'";
  switch (failed.kind) {
    case failure_kind::missing: return malformed(called + " does not exist; spaces table create makes it.");
    case failure_kind::refused: return malformed(called + " may not be used: " + failed.text);
    case failure_kind::throttled:
    case failure_kind::unavailable: return malformed(called + " does not answer: " + failed.text);
    case failure_kind::condition_failed:
    case failure_kind::too_large:
    case failure_kind::internal: break;
  }
  return malformed(called + " cannot be used: " + failed.text);
}

bool back_off::wait() {
  thread_local std::minstd_rand random{std::random_device{}()};
  const std::chrono::microseconds pause(std::uniform_int_distribution<std::int64_t>(0, bound_.count())(random));
  bound_ = std::min(bound_ * 2, bound_max);
  if (std::chrono::steady_clock::now() + pause >= deadline_) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

}  // namespace spaces::table::dynamodb
