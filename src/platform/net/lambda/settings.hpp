/// What a function on Lambda believes.
#pragma once

#include "platform/base/setting.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct lambda_settings {
  std::vector<std::string> origin_secrets;  ///< a request carries one of them; none: none is asked for
  std::string base_path;                    ///< what a custom domain puts in front of every path
  bool trust_authorizer = false;            ///< what API Gateway's JWT authorizer read needs no second look
};

/// Nobody guesses so many characters.
inline constexpr std::size_t origin_secret_length_min = 16;

/// "/shop", "/a/b": whole segments of unreserved characters; or nothing.
inline bool read_base_path(lambda_settings& into, std::string_view text) {
  into.base_path = text;
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-._~").find(c) != std::string_view::npos;
  };
  return text.size() >= 2 && text.front() == '/' && text.back() != '/' && text.find("//") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), may_stand);
}

inline constexpr setting_row<lambda_settings> lambda_setting_rows[] = {
    {"SPACES_BASE_PATH", "", "", "a path such as /shop, without a slash at its end",
     "On Lambda: what a custom domain's mapping puts in front of every path", false, read_base_path},
    {"SPACES_TRUST_AUTHORIZER", "", "false", setting_value::booleans,
     "On Lambda: believe the claims of API Gateway's JWT authorizer without verifying the token again", false,
     [](lambda_settings& into, std::string_view text) {
       return setting_value::read_flag(into.trust_authorizer, text);
     }},
    {"SPACES_ORIGIN_SECRET", "", "", "texts of at least 16 characters, with commas between them",
     "On Lambda: what the distribution in front of a function URL sends in X-Origin-Secret", true,
     [](lambda_settings& into, std::string_view text) {
       return setting_value::read_list(into.origin_secrets, text, origin_secret_length_min);
     }},
};

}  // namespace spaces::net
