/// Sessions as families of our own tokens: one family for each login.
#pragma once

#include "base/clock.hpp"
#include "identity/local/tokens.hpp"
#include "identity/sessions.hpp"
#include "table/table.hpp"

namespace spaces {

class families final : public sessions {
 public:
  /// All must outlive this.
  families(table::single_table& table, const clock& clock, const access_tokens& tokens);

  result<token_pair> open(const caller& who, const session_origin& from, std::vector<table::operation> also) override;

 private:
  table::single_table& table_;
  const clock& clock_;
  const access_tokens& tokens_;
};

}  // namespace spaces
