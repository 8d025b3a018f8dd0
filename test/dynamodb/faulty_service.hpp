/// A service between a table and DynamoDB that fails when a test says so: before a request got there, or
/// behind it, so that what it asked for was done and nobody heard of it.
#pragma once

#include "platform/aws/service.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace spaces::test {

enum class fault {
  none,
  lost_on_the_way,             ///< it never got there
  answer_lost,                 ///< it was carried out
  answer_lost_and_sent_again,  ///< the same, and what is safe to send twice is, as a service does by itself
  in_conflict,                 ///< another transaction is at work on the item: nothing was done
  at_work,                     ///< an earlier try of this transaction is, still
};

class faulty_service final : public aws::service {
 public:
  explicit faulty_service(std::unique_ptr<aws::service> real) : real_(std::move(real)) {}

  /// For the calls that follow, one each; then all goes well.
  void expect(std::vector<fault> faults) {
    const std::lock_guard lock(mutex_);
    faults_.assign(faults.begin(), faults.end());
  }
  /// Called between a carried-out request and its being sent again, or asked about: another client's chance.
  std::function<void()> meanwhile;
  /// Why a transaction is `in_conflict`, of its first operation: another's work on the item, or too many requests.
  std::string conflict_code = "TransactionConflict";
  /// What was sent, by the operations' names.
  std::vector<std::string> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

  boost::system::result<std::string, aws::failure> send(const aws::call& request) override {
    switch (next(request)) {
      case fault::none: break;
      case fault::lost_on_the_way: return aws::failure{aws::failure_kind::unavailable, "", "no connection", "", false};
      case fault::answer_lost: return lose(request);
      case fault::answer_lost_and_sent_again: {
        const aws::failure lost = lose(request);
        if (!request.repeatable) return lost;
        auto again = real_->send(request);
        if (again) return again;
        aws::failure told = again.error();
        told.may_have_happened = true;
        return told;
      }
      case fault::in_conflict: return conflict(request);
      case fault::at_work:
        return aws::failure{aws::failure_kind::throttled, "TransactionInProgressException", "ongoing", "{}", true};
    }
    return real_->send(request);
  }

 private:
  fault next(const aws::call& request) {
    const std::lock_guard lock(mutex_);
    sent_.emplace_back(request.operation);
    if (faults_.empty()) return fault::none;
    const fault one = faults_.front();
    faults_.pop_front();
    return one;
  }

  aws::failure lose(const aws::call& request) {
    (void)real_->send(request);
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return {aws::failure_kind::unavailable, "", "the connection broke", "", true};
  }

  /// As DynamoDB says it; dynoxide never does.
  aws::failure conflict(const aws::call& request) const {
    if (request.operation != "TransactWriteItems") {
      return {aws::failure_kind::internal, "TransactionConflictException", "ongoing", "{}", false};
    }
    std::string reasons;
    for (std::size_t at = request.body.find("\"TableName\""); at != std::string_view::npos;
         at = request.body.find("\"TableName\"", at + 1))
      reasons += reasons.empty() ? R"({"Code":")" + conflict_code + R"(","Message":"ongoing"})" : R"(,{"Code":"None"})";
    return {aws::failure_kind::condition_failed, "TransactionCanceledException", "canceled",
            R"({"CancellationReasons":[)" + reasons + "]}", false};
  }

  std::unique_ptr<aws::service> real_;
  mutable std::mutex mutex_;
  std::deque<fault> faults_;
  std::vector<std::string> sent_;
};

}  // namespace spaces::test
