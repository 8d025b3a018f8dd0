#include "platform/feature/assembly.hpp"

#include <fmt/core.h>

#include <map>
#include <utility>

namespace spaces {

namespace {

template <class Row>
std::vector<Row> all_of(std::span<const feature> features, std::vector<Row> feature::* rows) {
  std::vector<Row> all;
  for (const feature& one : features) all.insert(all.end(), (one.*rows).begin(), (one.*rows).end());
  return all;
}

/// The sentence about the first name that two rows have; empty where there is none.
template <class Row, class Name>
std::string twice(std::span<const feature> features, std::string_view what, std::vector<Row> feature::* rows,
                  Name name) {
  std::map<std::string, std::string_view, std::less<>> seen;
  for (const feature& one : features)
    for (const Row& row : one.*rows) {
      const auto [at, added] = seen.emplace(name(row), one.name);
      if (!added) return fmt::format("{} and {} both hand out the {} '{}'.", at->second, one.name, what, at->first);
    }
  return {};
}

std::string validate(std::span<const feature> features) {
  const auto named = [](const auto& row) { return std::string(row.name); };
  for (std::string wrong : {
           twice(features, "route", &feature::routes,
                 [](const http::route& row) { return fmt::format("{} {}", http::to_text(row.verb), row.path); }),
           twice(features, "problem", &feature::problems,
                 [](const http::problem_type& row) { return std::string(row.slug); }),
           twice(features, "job", &feature::jobs, [](const job_row& row) { return std::string(row.kind); }),
           twice(features, "export section", &feature::export_sections, named),
           twice(features, "health check", &feature::health, named),
           twice(features, "periodic work", &feature::periodics, named),
           twice(features, "entity", &feature::entities, [](const entity_row& row) { return std::string(row.type); }),
       })
    if (!wrong.empty()) return wrong;
  const auto problems = http::served_problems(all_of(features, &feature::problems));
  return problems ? "" : problems.error().private_text;
}

}  // namespace

result<std::shared_ptr<const assembly>> assembly::of(std::vector<feature> features) {
  if (std::string wrong = validate(features); !wrong.empty()) return malformed(std::move(wrong));
  return std::shared_ptr<const assembly>(new assembly(std::move(features)));
}

std::vector<http::route> assembly::routes() const { return all_of(features(), &feature::routes); }
std::vector<http::problem_type> assembly::problems() const { return all_of(features(), &feature::problems); }
std::vector<export_section> assembly::export_sections() const { return all_of(features(), &feature::export_sections); }
std::vector<entity_row> assembly::entities() const { return all_of(features(), &feature::entities); }
std::vector<health_check> assembly::health() const { return all_of(features(), &feature::health); }
std::vector<periodic> assembly::periodics() const { return all_of(features(), &feature::periodics); }
std::vector<aws::iam_statement> assembly::permissions() const { return all_of(features(), &feature::permissions); }

void assembly::handle_jobs(jobs::runner& runner) const {
  for (const feature& one : features_)
    for (const job_row& row : one.jobs)
      if (row.queue == runner.does()) runner.handle(row.kind, row.handler);
}

result<void> assembly::erase(const uuid& user, instant deadline) const {
  for (const feature& one : features_) {
    if (!one.erase) continue;
    if (result<void> erased = one.erase(user, deadline); !erased) return erased;
  }
  return {};
}

}  // namespace spaces
