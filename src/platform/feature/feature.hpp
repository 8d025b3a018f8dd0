/// A feature is a value: what it hands to the wiring. Nothing registers itself, nothing is global, and
/// calls from feature to feature stay parameters of their `open`. A provider (a table, a mailer, an identity) hands
/// out the same value, of health, periodics and permissions.
#pragma once

#include "platform/aws/iam.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/feature/periodic.hpp"
#include "platform/http/problem.hpp"
#include "platform/http/route.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/table/page.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces {

/// Who does jobs of a kind.
struct job_row {
  std::string_view kind;
  jobs::handler handler;
  jobs::queue queue = jobs::queue::quick;
};

/// What a feature holds about somebody, item by item in an order of its own.
struct export_section {
  std::string_view name;
  /// Gives the items behind `after` (from the first on without it) to `add`, JSON each, until that takes no more;
  /// answers where to go on then. Whatever somebody has, no more than a batch of it is in memory.
  std::function<result<table::export_place>(const uuid& user, const std::optional<table::position>& after,
                                            table::export_sink add)>
      page;
};

/// Whether something that requests need is there. Never waits longer than a request may.
struct health_check {
  std::string_view name;
  std::function<result<void>()> check;
  bool vital = true;  ///< without it nothing can be answered; else some requests fail, and the others are well
};

/// An entity of the table, and what becomes of it when a person in it leaves.
struct entity_row {
  std::string_view type;  ///< the attribute EntityType of its items
  record::field_span fields;
  std::vector<std::string_view> people;  ///< fields that name people, by their JSON names
  enum class fate { erased, withdrawn, closed, kept, expires } when_left = fate::erased;
  std::string_view why = {};  ///< of what is not erased
};

/// In the order of the list, features are erased from and their sections are exported.
struct feature {
  std::string_view name;  ///< "inquiries"
  std::vector<http::route> routes = {};
  std::vector<http::problem_type> problems = {};  ///< two of one slug: does not start
  std::vector<job_row> jobs = {};
  std::vector<export_section> export_sections = {};  ///< what is held about a person
  /// Removes what is held about somebody who left. Repeatable: it is done again when an index lagged behind.
  std::function<result<void>(const uuid& user, instant deadline)> erase = {};
  std::vector<entity_row> entities = {};
  std::vector<health_check> health = {};
  std::vector<periodic> periodics = {};
  std::vector<aws::iam_statement> permissions = {};
  std::shared_ptr<void> owned = {};  ///< its services
};

}  // namespace spaces
