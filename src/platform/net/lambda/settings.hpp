/// What a function on Lambda believes.
#pragma once

#include "platform/base/setting.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct lambda_settings {
  std::vector<std::string> origin_secrets;  ///< a request carries one of them; none: none is asked for
  bool trust_authorizer = false;            ///< what API Gateway's JWT authorizer read needs no second look
};

/// Nobody guesses so many characters.
inline constexpr std::size_t origin_secret_length_min = 16;

inline constexpr setting_row<lambda_settings> lambda_setting_rows[] = {
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
