#include "inquiries/closing.hpp"

#include "jobs/jobs.hpp"

namespace spaces::inquiries {

namespace {

constexpr std::string_view job_kind = "close-inquiries";

}  // namespace

table::put closing_asked(const uuid& property_id, instant now) {
  record::item details;
  details.append("propertyId", record::value::of(std::string_view(to_text(property_id))));
  return jobs::asked({job_kind, std::move(details)}, make_uuid_v7(now), now);
}

void handle_closing(jobs::runner& runner, inquiries& room) {
  runner.handle(job_kind, [&room](const uuid&, record::item_view details) -> result<void> {
    const auto property_id = parse_uuid(details.find("propertyId").text);
    if (!property_id) return invalid({{"", "wrong-type", "inquiries of no listing are to be closed"}});
    return room.close_all_about(*property_id);
  });
}

}  // namespace spaces::inquiries
