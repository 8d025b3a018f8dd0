/// What scenarios about inquiries share.
#pragma once

#include "scenario/scenario.hpp"

#include <string>

namespace spaces::test {

inline constexpr const char* all_inquiries = "/api/v1/inquiries";
inline constexpr const char* one_inquiry = "/api/v1/inquiries/{q}";

/// The body of a question about a listing of this name.
inline std::string about(const std::string& listing, const std::string& message = "May I see it on Saturday?") {
  return R"({"propertyId":"{)" + listing + R"(}","message":")" + message + "\"}";
}

/// ann sells the loft, ben and cid are looking, dan sells something else.
inline scenario& with_people(scenario& s) {
  return s.given(seller("ann"), buyer("ben"), buyer("cid"), seller("dan"), listing("loft", by("ann")));
}

/// The same, and ben asked about the loft: {q}.
inline scenario& with_question(scenario& s) {
  return with_people(s).when(post(all_inquiries, about("loft")).as("ben")).then(201, keep("q", "/id"));
}

}  // namespace spaces::test
