/// Features put together: each kind of what they hand out in one list, in their order.
#pragma once

#include "platform/feature/feature.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace spaces {

/// The features of one program, alive as long as this.
class assembly {
 public:
  /// An error where two features hand out one thing: routes of one method and path, problems of one slug (and another
  /// meaning), jobs of one kind, sections, checks or periodic work of one name. Its public text is a sentence.
  static result<std::shared_ptr<const assembly>> of(std::vector<feature> features);

  std::span<const feature> features() const { return features_; }

  std::vector<http::route> routes() const;
  std::vector<http::problem_type> problems() const;
  std::vector<export_section> export_sections() const;
  std::vector<entity_row> entities() const;
  std::vector<health_check> health() const;
  std::vector<periodic> periodics() const;
  std::vector<aws::iam_statement> permissions() const;
  /// Has the runner do everybody's jobs of its queue.
  void handle_jobs(jobs::runner& runner) const;
  /// Has every feature remove what it holds about somebody, one after the other; stops at the first failure.
  result<void> erase(const uuid& user, instant deadline) const;

 private:
  explicit assembly(std::vector<feature> features) : features_(std::move(features)) {}

  std::vector<feature> features_;
};

}  // namespace spaces
