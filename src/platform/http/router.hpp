/// Finds the row for a request, checks who, what and how large, calls the handler, and gives every
/// answer what all answers have: conditions, compression, security fields.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/http/application.hpp"
#include "platform/http/cached_answers.hpp"
#include "platform/http/route.hpp"
#include "platform/http/security_fields.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

/// A failure for the log: what went out, and what stays private.
struct failure_report {
  int status = 500;
  std::string_view method;
  std::string_view path;
  std::string instance;
  std::string_view private_text;
};

/// A request that was refused for who sent it, for the security log: a token that does not hold (401), or a caller
/// who may not (403).
struct access_denial {
  int status;               ///< 401 or 403
  const request& incoming;  ///< `client_address` says from where
  const caller& who;        ///< nobody where the token was refused
  std::string instance;
  std::string_view why;  ///< which check the token failed, which is not for the client; or what the caller was told
};

struct router_options {
  const spaces::clock* clock = nullptr;
  /// Who holds a bearer token. Thread-safe; allocates nothing for one that is cached.
  std::function<result<caller>(std::string_view token, instant now)> who;
  /// Who a gateway in front says that it is (request::vouched). Thread-safe.
  std::function<result<caller>(const record::json_value& claims, instant now)> who_vouched;
  /// The table's version (table.hpp); empty: answers are not cached.
  std::function<std::optional<std::uint64_t>()> table_version;
  /// Called for 5xx answers.
  std::function<void(const failure_report&)> report;
  /// Called for refused tokens and for 403 answers, on the thread that answers. Never waits.
  std::function<void(const access_denial&)> refused;
  security_fields everywhere{false};  ///< on all answers
  bool reads_inline = false;          ///< short reads may run on the event loop
};

class router final : public application {
 public:
  router(std::vector<route> rows, router_options options);

  begun begin(const request& incoming) override;
  response finish(const request& incoming, pending_ptr rest) override;
  bool takes_pieces(const request& head) noexcept override;
  opened_body open_body(const request& head) override;
  response refuse(int status, std::string_view detail, std::string_view origin = {}) override;

  const std::vector<route>& rows() const { return rows_; }

 private:
  struct path_pattern {
    std::string_view before{};   ///< up to the open segment, or all
    std::string_view between{};  ///< the two open ones, where there are two
    std::string_view after{};
    int open = 0;
    bool to_the_end = false;
  };
  class received_body;
  struct match {
    const route* row = nullptr;
    std::string_view parameter;
    std::string_view second;
  };

  std::optional<response> recall(const request& incoming, const known_fields& fields, std::uint64_t table_version);
  result<caller> admit(audience who, const known_fields& fields, const request& incoming) const;
  static path_pattern pattern_of(std::string_view path);
  static bool fits(const path_pattern& pattern, std::string_view path, match& found);
  std::optional<match> find(method verb, std::string_view path) const;
  std::string allowed(std::string_view path) const;
  response answer_unmatched(const request& incoming, std::string_view path) const;
  begun begin_or_throw(const request& incoming);
  response finish_or_throw(const request& incoming, const pending& rest);
  begun plan(const request& incoming);
  response run(const request& incoming, const pending& rest);
  /// What `work` makes; of what it throws, an answer of 500 or 503.
  template <class Work>
  auto guarded(const request& incoming, Work work) const -> decltype(work());
  response shown(const request& incoming, response made) const;
  response finalize(const request& incoming, const pending& rest, response made);
  /// Caches what is sent where that is worth it, and then makes it ready.
  void keep(const request& incoming, const pending& rest, const response& plain, response& sent);
  response answer_of(const error& failure, const uuid& instance) const;
  response refuse_token(const request& incoming, const error& failure) const;
  response fail(const request& incoming, const error& failure, const caller& who = nobody) const;
  response refuse_plainly(const request& incoming, int status, std::string_view detail) const;
  std::optional<response> refusal_of(const request& incoming, const route& row, const known_fields& fields) const;
  response no_memory() const noexcept;

  std::vector<route> rows_;
  std::vector<path_pattern> patterns_;
  router_options options_;
  /// What is answered where there is no memory for an answer.
  std::shared_ptr<const prepared> no_memory_;
  /// Only where the table has a version: its room, a megabyte and a half, is not even touched elsewhere.
  std::optional<cached_answers> cached_;
};

}  // namespace spaces::http
