/// What the program is on a machine of its own: it listens, serves, and does what is due between requests.
#pragma once

#include "app/configuration.hpp"

namespace spaces::app {

/// Serves until SIGTERM or Ctrl-C. The process's exit status.
int run_server(const configuration& settings);

}  // namespace spaces::app
