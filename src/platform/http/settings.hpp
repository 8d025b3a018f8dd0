/// Who may call from a browser, and whose address a request comes from.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/cors.hpp"

#include <string_view>

namespace spaces::http {

struct settings {
  cors_policy cors;  ///< of which web pages may call; none unless set
  std::size_t trusted_proxies = 0;
};

/// Origins with commas between them, or `*` alone.
inline bool read_cors_origins(settings& into, std::string_view text) {
  std::vector<std::string>& origins = into.cors.origins;
  origins.clear();
  while (!text.empty()) {
    const std::string_view origin = text.substr(0, text.find(','));
    text.remove_prefix(std::min(origin.size() + 1, text.size()));
    origins.emplace_back(origin);
    if (!is_origin(origin) && !into.cors.any()) return false;
  }
  return origins.size() <= 1 || origins.front() != "*";
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_CORS_ORIGINS", "--cors-origins", "", "origins such as https://app.example.com with commas, or *",
     "Web pages of these origins may call from browsers", false, read_cors_origins},
    {"SPACES_CORS_CREDENTIALS", "--cors-credentials", "false", setting_value::booleans,
     "Those pages may send their reader's cookies, too; tokens need none", false,
     [](settings& into, std::string_view text) { return setting_value::read_flag(into.cors.credentials, text); }},
    {"SPACES_TRUSTED_PROXIES", "--trusted-proxies", "0", "0 to 8",
     "Proxies in front that write X-Forwarded-For: whose address counts as the client's", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_number(into.trusted_proxies, text, std::size_t{0}, trusted_proxies_max);
     }},
};

inline result<void> validate_for_production(const settings& given) {
  if (!given.cors.any() || !given.cors.credentials) return {};
  return malformed(
      "ENVIRONMENT=production does not let the pages of every origin act with their readers' cookies: name the "
      "origins in SPACES_CORS_ORIGINS, or leave SPACES_CORS_CREDENTIALS false.");
}

}  // namespace spaces::http
