#include "app/command_line.hpp"
#include "app/lambda_role.hpp"

int main(int count, char** words) {
  const std::string runtime_api = spaces::app::runtime_api_address();
  if (!runtime_api.empty()) return spaces::app::run_lambda(runtime_api);
  return spaces::app::run_command_line(count, words);
}
