#include "marketplace/inquiries/feature.hpp"

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/closing.hpp"
#include "marketplace/inquiries/emails.hpp"
#include "marketplace/inquiries/export_sections.hpp"
#include "marketplace/inquiries/problems.hpp"
#include "marketplace/inquiries/report.hpp"
#include "marketplace/inquiries/routes.hpp"
#include "marketplace/inquiries/unsubscribing.hpp"

#include <iterator>
#include <utility>

namespace spaces::inquiries {

namespace {

using fate = entity_row::fate;

struct services {
  services(const feature_context& with, accounts::accounts& people)
      : asking(with.table, with.clock, people, with.bell, with.store_secret,
               {.inquirers_must_be_verified = with.verified_only}),
        blocked(with.table, with.clock, with.store_secret),
        reported(with.table, with.clock),
        unsubscribes(people, with.store_secret) {}

  inquiries asking;
  blocks blocked;
  reports reported;
  unsubscribing unsubscribes;
};

std::vector<entity_row> entities() {
  return {
      {inquiry::name, inquiry::fields(), {"userId", "ownerId"}, fate::closed, "the other side keeps what was said"},
      {"OpenInquiry", {}, {}},
      {block::name,
       block::fields(),
       {"userId", "blockedBy"},
       fate::kept,
       "their own go; that another blocked them is the other's"},
      {"BlockCount", {}, {}},
      {"Report", report::fields(), {"reportedBy", "userId", "ownerId"}, fate::kept, "an operator looks into it"},
  };
}

}  // namespace

opened open(const feature_context& with, accounts::accounts& people) {
  const auto owned = std::make_shared<services>(with, people);
  feature made;
  made.name = "inquiries";
  for (std::vector<http::route> rows :
       {routes(owned->asking), routes(owned->reported), routes(owned->blocked), routes(owned->unsubscribes)})
    std::ranges::move(rows, std::back_inserter(made.routes));
  made.problems = {std::begin(problems::all), std::end(problems::all)};
  made.jobs = email_jobs(with.table, with.mailer, {.site = with.site, .store_secret = with.store_secret});
  made.jobs.push_back(closing_job(owned->asking));
  made.export_sections = export_sections(with.table);
  made.erase = [owned](const uuid& user, instant) -> result<void> {
    if (const auto closed = owned->asking.close_all_of(user); !closed) return closed;
    return owned->blocked.remove_all_of(user);
  };
  made.entities = entities();
  made.owned = owned;
  return {{owned, &owned->asking}, std::move(made)};
}

}  // namespace spaces::inquiries
