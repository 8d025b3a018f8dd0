/// The marketplace on one machine, wired: providers, features and routes. What it is made of is its source's business,
/// the only place that names every feature.
#pragma once

#include "app/configuration.hpp"
#include "app/open_bucket.hpp"
#include "app/open_table.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/telemetry/log.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spaces {
class assembly;
struct periodic;
}  // namespace spaces

namespace spaces::identity {
class signing_keys;
}

namespace spaces::http {
class application;
struct route;
}  // namespace spaces::http

namespace spaces::jobs {
class runner;
}

namespace spaces::properties {
class properties;
}

namespace spaces::images {
class images;
}

namespace spaces::picture {
class preparer;
}

namespace spaces::app {

/// Everything between the network and the disk.
class marketplace {
 public:
  marketplace(const configuration& settings, const clock& clock, const telemetry::log& log, opened_table table,
              opened_bucket bucket, identity::signing_keys keys, const std::string& store_secret,
              table_use use = table_use::serving, picture::preparer* preparer = nullptr);
  marketplace(const marketplace&) = delete;
  marketplace& operator=(const marketplace&) = delete;
  ~marketplace();

  /// Everything that can be requested.
  const std::vector<http::route>& routes() const;
  http::application& application();
  /// What is due between requests: somebody has to run it (platform/feature/periodic.hpp).
  std::vector<periodic> periodics() const;
  /// Done before a token is believed, where no thread runs what is due (Lambda); an error refuses the request. Before
  /// the first request.
  void before_tokens(std::function<result<void>()> run);

  /// For operators' commands.
  properties::properties& listings();
  bucket::object_store& bucket();
  /// Who hears from a bucket that a file came.
  images::images& images();

  /// For tests: e-mails and other work after the answers, done when they say so, and what is known of every feature.
  jobs::runner& jobs();
  jobs::runner& slow_jobs();
  const assembly& features() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Opens the store, by `connection` where somebody went ahead, and wires the rest. Pictures are prepared by `preparer`,
/// which outlives it; without one another process does that. Errors' public texts are sentences for the operator.
result<std::unique_ptr<marketplace>> open_marketplace(const configuration& settings, const clock& clock,
                                                      const telemetry::log& log, table_use use = table_use::serving,
                                                      std::unique_ptr<cloud> connection = nullptr,
                                                      picture::preparer* preparer = nullptr);

}  // namespace spaces::app
