/// What scenarios of people with real accounts share: registering, logging in, asking with a token.
#pragma once

#include "scenario/scenario.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace spaces::test {

inline constexpr const char* password = "Correct-Horse-7";

inline std::string body_of(std::initializer_list<std::pair<const char*, std::string>> members) {
  std::string json;
  for (const auto& [name, text] : members) {
    json += json.empty() ? "{\"" : ",\"";
    json += name;
    json += "\":\"" + text + '"';
  }
  return json + '}';
}

inline call register_user(const std::string& email, const std::string& type = "seller") {
  return post("/api/v1/auth/register",
              body_of({{"email", email}, {"password", password}, {"name", "Somebody"}, {"userType", type}}));
}
inline call log_in(const std::string& email, const std::string& with = password) {
  return post("/api/v1/auth/login", body_of({{"email", email}, {"password", with}}));
}
inline call renew(const std::string& token) {
  return post("/api/v1/auth/refresh", body_of({{"refresh_token", token}}));
}
inline call holding(call request, const std::string& token) {
  return std::move(request).with("Authorization", "Bearer " + token);
}
inline call me(const std::string& token) { return holding(get("/api/v1/users/me"), token); }

}  // namespace spaces::test
