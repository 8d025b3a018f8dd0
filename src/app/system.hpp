/// What speaks of the service itself, as a feature: health, the OpenAPI document, its page, and what verifiers of our
/// tokens look up.
#pragma once

#include "app/configuration.hpp"
#include "app/system_routes.hpp"
#include "platform/base/clock.hpp"
#include "platform/feature/feature.hpp"
#include "platform/identity/local/signing_keys.hpp"

#include <functional>
#include <span>
#include <string>

namespace spaces::app::system {

/// What only the whole program can tell, when it is asked for.
struct whole {
  std::function<std::span<const health_check>()> health;
  std::function<std::string()> openapi;
};

/// Clock and keys outlive this.
feature open(const configuration& settings, const clock& clock, const identity::signing_keys& keys, const engines& used,
             whole program);

}  // namespace spaces::app::system
