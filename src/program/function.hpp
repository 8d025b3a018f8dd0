/// What the same program is where AWS Lambda starts it: the process of a function, without any of the
/// server. See docs/OPERATIONS.md.
#pragma once

#include <string>

namespace spaces::app {

/// What AWS_LAMBDA_RUNTIME_API says, which Lambda sets for the processes of functions; empty elsewhere.
std::string runtime_api_address();

/// Serves the function's events until SIGTERM, and then ends within limits::lambda_stop_time_max, what is
/// being answered included. Settings come from the environment alone. The process's exit status.
int run_lambda(const std::string& runtime_api);

}  // namespace spaces::app
