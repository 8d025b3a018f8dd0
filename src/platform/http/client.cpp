#include "platform/http/client.hpp"

#include "platform/base/text.hpp"

namespace spaces::http {

std::string_view client_response::field(std::string_view name) const {
  for (const auto& [held, value] : fields)
    if (equal_ignoring_case(held, name)) return value;
  return {};
}

}  // namespace spaces::http
