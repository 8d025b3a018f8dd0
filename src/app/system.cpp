#include "app/system.hpp"

#include "app/well_known_routes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spaces::app::system {

feature open(const configuration& settings, const clock& clock, const identity::signing_keys& keys, const engines& used,
             whole program) {
  feature made;
  made.name = "system";
  made.routes.push_back(health_route(settings, used, std::move(program.health), clock));
  made.routes.push_back(openapi_route(std::move(program.openapi)));
  std::ranges::move(well_known_routes(settings, keys), std::back_inserter(made.routes));
  std::ranges::move(docs_routes(), std::back_inserter(made.routes));
  return made;
}

}  // namespace spaces::app::system
