/// What scenarios about inquiries share.
#pragma once

#include "marketplace/accounts/user.hpp"
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace spaces::test {

/// An account for a person of the scenario.
struct account {
  std::string name;
  bool share_email = false;
};

inline void open_account(scenario& s, const account& person) {
  accounts::user made;
  made.id = id_of(person.name);
  made.name = person.name + " O'Hara";
  made.email = person.name + "@mail.example";
  made.phone_number = "+12065550100";
  made.share_email = person.share_email;
  made.verified = true;
  made.created_at = made.updated_at = s.place().clock().now();
  made.version = 1;
  const auto written = s.place().table().write({table::put{accounts::key_of(made.id), accounts::to_item(made), {}}});
  ASSERT_TRUE(written && !*written);
}

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

/// Accounts of these names: whom one can block.
inline scenario& with_accounts(scenario& s, std::initializer_list<const char*> names) {
  for (const char* name : names) open_account(s, {name});
  return s;
}

}  // namespace spaces::test
