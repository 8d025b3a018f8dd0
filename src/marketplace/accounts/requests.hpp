/// What people send about their account, beside registration and login (user.hpp).
#pragma once

#include "platform/record/field.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::accounts {

struct password_change {
  std::string current_password;
  std::string new_password;

  static record::field_span fields();
  static constexpr std::string_view create_name = "PasswordChange";
};

/// To delete an account asks for its password.
struct account_deletion {
  std::string password;

  static record::field_span fields();
  static constexpr std::string_view create_name = "AccountDeletion";
};

struct refresh_request {
  std::string refresh_token;

  static record::field_span fields();
  static constexpr std::string_view create_name = "RefreshRequest";
};

/// A login as OAuth 2's password form has it (RFC 6749, 4.3.2). Clients may name themselves and a scope; we
/// know neither.
struct password_form {
  std::optional<std::string> grant_type;
  std::string username;
  std::string password;
  std::optional<std::string> scope;
  std::optional<std::string> client_id;
  std::optional<std::string> client_secret;

  static record::field_span fields();
  static constexpr std::string_view create_name = "PasswordForm";
};

}  // namespace spaces::accounts
