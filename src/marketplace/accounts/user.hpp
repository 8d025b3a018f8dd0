/// Somebody with an account: fields and rules, how it is stored and found. No I/O.
#pragma once

#include "marketplace/roles/user_type.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::user_type> =
    spaces::user_type_names;

namespace spaces::accounts {

/// E-mails that one may do without. The numbers are in links that were sent: stable, never used again.
enum class email_kind : std::uint8_t { inquiry = 1, answer = 2, closing = 3 };

struct user {
  uuid id;
  std::string email;  ///< as its owner wrote it
  std::string name;
  std::optional<std::string> phone_number;  ///< E.164
  spaces::user_type user_type = user_type::buyer;
  bool verified = false;  ///< the e-mail address is confirmed
  // What one wants of e-mails; a user of before has them as they are here.
  bool mail_on_inquiry = true;
  bool mail_on_answer = true;
  bool mail_on_closing = true;
  bool share_email = false;
  std::optional<std::string> suspended_because;  ///< an operator's reason; nobody logs in meanwhile
  instant created_at;
  instant updated_at;
  std::int64_t version = 0;

  record::item unknown;  ///< attributes of a newer version, kept through a rewrite

  /// What e-mails to this person call them: nothing where the address is not confirmed. Anybody may have registered it,
  /// and what strangers write in a name is not for the one who reads there.
  std::string_view name_in_emails() const { return verified ? std::string_view(name) : std::string_view(); }
  bool wants(email_kind kind) const;
  void turn_off(email_kind kind);

  static record::field_span fields();
  static constexpr std::string_view schema_name = "User";
  static constexpr std::string_view change_name = "UserChange";
};

/// What somebody registers with.
struct registration {
  std::string email;
  std::string password;
  std::string name;
  std::optional<std::string> phone_number;
  spaces::user_type user_type = user_type::buyer;

  static record::field_span fields();
  static constexpr std::string_view create_name = "Registration";
};

/// What somebody logs in with.
struct login {
  std::string email;
  std::string password;

  static record::field_span fields();
  static constexpr std::string_view create_name = "Login";
};

/// What somebody asks an e-mail with.
struct email_request {
  std::string email;

  static record::field_span fields();
  static constexpr std::string_view create_name = "EmailRequest";
};

/// What an e-mail brought.
struct address_proof {
  std::string token;

  static record::field_span fields();
  static constexpr std::string_view create_name = "AddressProof";
};

struct password_reset {
  std::string token;
  std::string password;

  static record::field_span fields();
  static constexpr std::string_view create_name = "PasswordReset";
};

/// How the other side of an inquiry reaches somebody: as it is now. Views into the item.
struct contact {
  std::string_view name;
  std::string_view email;
  std::optional<std::string_view> phone_number;
  bool verified = false;

  /// As `user::name_in_emails`.
  std::string_view name_in_emails() const { return verified ? name : std::string_view(); }
};

/// USER#id / PROFILE, and in GSI1 EMAIL#digest / USER#id.
table::key key_of(const uuid& id);
record::item to_item(const user& u);
/// Empty when an attribute does not fit its field: the item is damaged.
std::optional<user> to_user(record::item_view stored);
/// The same of a contact alone, for those who show many.
std::optional<contact> to_contact(record::item_view stored);

/// Who it is in a token.
caller as_caller(const user& u);

// ---- The credential: one for each e-mail address, written with the user, so that no address has two.

struct credential {
  uuid user_id;
  std::string password_hash;
  std::vector<std::string> known_addresses;  ///< digests of those it has logged in from (attempts.hpp)
  instant created_at;
  instant updated_at;
  std::int64_t version = 0;  ///< of the password: what is counted and sent for one is void with the next

  record::item unknown;

  static record::field_span fields();
};

/// EMAIL#digest / CREDENTIAL; the digest is SHA-256 of the canonical address, which may be longer than a key.
table::key credential_key(std::string_view canonical_email);
record::item to_item(const credential& c);
std::optional<credential> to_credential(record::item_view stored);

}  // namespace spaces::accounts
