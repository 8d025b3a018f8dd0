#include "identity/local/families.hpp"

#include <utility>

namespace spaces {

families::families(table::single_table& table, const clock& clock, const access_tokens& tokens)
    : table_(table), clock_(clock), tokens_(tokens) {}

result<token_pair> families::open(const caller& who, const session_origin&, std::vector<table::operation> also) {
  const instant now = clock_.now();
  const auto written = table_.write(std::move(also));
  if (!written) return written.error();
  if (*written) return conflict("It has changed in the meantime; try again");
  return token_pair{tokens_.mint(who, make_uuid_v7(now), access_token_lifetime, now), {}, access_token_lifetime};
}

}  // namespace spaces
