/// Ending e-mails of one kind by the link in each of them: one POST, without a login (RFC 8058). A GET asks
/// first, because mail programs and virus scanners follow links on their own.
#pragma once

#include "marketplace/accounts/accounts.hpp"
#include "platform/http/route.hpp"

#include <string>
#include <vector>

namespace spaces::inquiries {

class unsubscribing {
 public:
  unsubscribing(accounts::accounts& people, std::string store_secret)
      : people_(people), store_secret_(std::move(store_secret)) {}

  /// What the sealed token is about; `not_found` for one that is not ours.
  result<void> known(std::string_view token) const;
  /// Turns those e-mails off. Once more, or when the account is gone, it is as it is.
  result<void> end(std::string_view token, instant deadline);

 private:
  accounts::accounts& people_;
  std::string store_secret_;
};

std::vector<http::route> routes(unsubscribing& room);

}  // namespace spaces::inquiries
