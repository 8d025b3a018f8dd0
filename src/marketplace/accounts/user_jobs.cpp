#include "marketplace/accounts/user_jobs.hpp"

#include "platform/jobs/jobs.hpp"

#include <string>
#include <utility>

namespace spaces::accounts {

namespace {

constexpr std::string_view user_detail = "user";

}  // namespace

void enqueue_twice(std::vector<table::operation>& to, std::string_view kind, const uuid& user,
                   std::chrono::milliseconds again_after, instant now) {
  for (const std::chrono::milliseconds delay : {std::chrono::milliseconds(0), again_after}) {
    record::item details;
    details.append(user_detail, record::value::of(std::string_view(to_text(user))));
    to.emplace_back(jobs::enqueue({kind, std::move(details), delay}, make_uuid_v7(now), now));
  }
}

result<uuid> user_of_job(record::item_view details) {
  const auto user = parse_uuid(details.find(user_detail).text);
  if (!user) return invalid({{std::string(user_detail), "not-a-uuid", "names nobody"}});
  return *user;
}

}  // namespace spaces::accounts
