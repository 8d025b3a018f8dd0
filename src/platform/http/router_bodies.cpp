// Rows that take their bodies in pieces (route::receive).
#include "platform/base/deadline.hpp"
#include "platform/http/pending.hpp"
#include "platform/http/router.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace spaces::http {

/// As `finish`: a deadline for whom the work waits, and an answer whatever happens.
template <class Work>
auto router::guarded(const request& incoming, Work work) const -> decltype(work()) {
  try {
    try {
      const auto left = std::max(incoming.deadline - options_.clock->now(), instant::duration(0));
      const deadline_scope waited_for(left);
      return work();
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& bug) {
      return fail(incoming, internal(bug.what()));
    }
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

/// A row's receiver behind what every row's answer gets.
class router::received_body final : public incoming_body {
 public:
  received_body(router& by, const request& head, pending_ptr rest, std::unique_ptr<body_receiver> receiver)
      : by_(by), head_(head), rest_(std::move(rest)), receiver_(std::move(receiver)) {}

  std::optional<response> take(std::string_view piece) override {
    return by_.guarded(head_, [&]() -> std::optional<response> {
      if (const result<void> taken = receiver_->take(piece); !taken) return failed(taken.error());
      return std::nullopt;
    });
  }

  response finish() override {
    return by_.guarded(head_, [&]() -> response {
      result<response> made = receiver_->finish();
      if (!made) return failed(made.error());
      return by_.finalize(head_, *rest_, *std::move(made));
    });
  }

 private:
  response failed(const error& why) const { return by_.fail(head_, why, rest_->who); }

  router& by_;
  const request& head_;
  const pending_ptr rest_;
  const std::unique_ptr<body_receiver> receiver_;
};

bool router::takes_pieces(const request& head) noexcept {
  const auto found = find(head.verb, without_trailing_slash(head.path));
  return found && found->row->receive;
}

opened_body router::open_body(const request& head) {
  opened_body opened;
  opened.answer = guarded(head, [&]() -> std::optional<response> {
    begun start = begin_or_throw(head);
    if (start.answer) return std::move(start.answer);
    const pending& rest = *start.rest;
    if (rest.refused) return run(head, rest);
    auto receiver = rest.row->receive({head, rest.fields, rest.who, rest.parameter});
    if (!receiver) return fail(head, receiver.error(), rest.who);
    opened.body = std::make_unique<received_body>(*this, head, std::move(start.rest), *std::move(receiver));
    return std::nullopt;
  });
  return opened;
}

}  // namespace spaces::http
