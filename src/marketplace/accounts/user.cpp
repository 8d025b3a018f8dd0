#include "marketplace/accounts/user.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/person_name.hpp"
#include "platform/base/digest.hpp"
#include "platform/record/write.hpp"

#include <algorithm>

namespace spaces::accounts {

namespace {

using namespace record;

/// The longest names of people fit twice.
constexpr std::size_t name_max = 120;
/// bcrypt reads 72 bytes; a password of more code points has more bytes, too.
constexpr std::size_t password_max = 72;
/// A login may hold whatever people type; what is longer than any password is wrong, not ill-formed.
constexpr std::size_t typed_password_max = 1000;
/// Ours have 43 characters; what is longer is none, not ill-formed.
constexpr std::size_t one_time_token_typed_max = 200;
/// E.164: a plus sign and 7 to 15 digits, the first not 0.
constexpr std::size_t phone_digits_min = 7, phone_digits_max = 15;

bool is_phone_number(std::string_view text) {
  if (!text.starts_with('+')) return false;
  text.remove_prefix(1);
  return text.size() >= phone_digits_min && text.size() <= phone_digits_max && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_email(std::string_view text) { return canonical_email(text).has_value(); }

constexpr text_form email_form{"idn-email", {}, &is_email, "not-an-email", "must be an e-mail address"};
constexpr text_form phone_form{
    {}, R"(^\+[1-9][0-9]{6,14}$)", &is_phone_number, "not-a-phone-number", "must be a number as +12065550123 (E.164)"};
constexpr text_form password_form{"password"};

constexpr rules email_rules{.length_min = 3,
                            .length_max = email_bytes_max,
                            .required = true,
                            .form = &email_form,
                            .doc = "Kept as written; compared without case",
                            .example = "\"ann@example.com\""};
constexpr text_form name_form{
    {},
    {},
    &is_name,
    "not-a-name",
    "must be a name, without links, addresses or line breaks; a full stop before a word has a space behind it"};
constexpr rules name_rules{.length_min = 1,
                           .length_max = name_max,
                           .required = true,
                           .form = &name_form,
                           .doc = "What others see: without links, addresses or line breaks",
                           .example = "\"Ann Seller\""};
constexpr rules phone_rules{
    .length_max = phone_digits_max + 1, .form = &phone_form, .doc = "E.164", .example = "\"+12065550123\""};
constexpr rules new_password_rules{.length_min = 1,
                                   .length_max = password_max,
                                   .required = true,
                                   .opaque = true,
                                   .untrimmed = true,
                                   .form = &password_form,
                                   .doc =
                                       "8 to 72 bytes with an upper and a lower case letter, a digit and a symbol; a "
                                       "deployment may ask for 12 characters or more of any kind instead",
                                   .example = "\"Correct-Horse-7\""};
constexpr rules type_rules{.doc = "Sellers and agents publish; anyone may choose and change it",
                           .example = "\"seller\""};

/// Of a profile: nobody registers with it.
constexpr access editable_later = fixed | on_update;

constexpr field user_fields[] = {
    of<&user::id>("id", fixed, {.doc = "UUID", .example = "\"019ab3c4-0000-7000-8000-000000000001\""}),
    of<&user::email>("email", fixed, email_rules),
    of<&user::name>("name", editable, name_rules),
    of<&user::phone_number>("phoneNumber", editable, phone_rules),
    of<&user::user_type>("userType", editable, type_rules),
    of<&user::verified>("verified", fixed, {.doc = "Whether the e-mail address is confirmed", .example = "true"}),
    of<&user::mail_on_inquiry>("mailOnInquiry", editable_later,
                               {.doc = "E-mails when somebody inquires about a listing of yours", .example = "true"}),
    of<&user::mail_on_answer>("mailOnAnswer", editable_later,
                              {.doc = "E-mails when a question is answered", .example = "true"}),
    of<&user::mail_on_closing>("mailOnClosing", editable_later,
                               {.doc = "E-mails when an inquiry is closed", .example = "true"}),
    of<&user::share_email>("shareEmail", editable_later,
                           {.doc = "E-mails about your inquiries have your address as Reply-To", .example = "false"}),
    of<&user::suspended_because>("suspendedBecause", on_store, {}),
    of<&user::created_at>(
        "createdAt", fixed,
        {.stored_as = table::name::created_at, .doc = "UTC", .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&user::updated_at>(
        "updatedAt", fixed,
        {.stored_as = table::name::updated_at, .doc = "UTC", .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&user::version>("version", fixed,
                       {.doc = "1 when made, one more with each change; the entity tag's number", .example = "1"}),
};

constexpr field registration_fields[] = {
    of<&registration::email>("email", on_create, email_rules),
    of<&registration::password>("password", on_create, new_password_rules),
    of<&registration::name>("name", on_create, name_rules),
    of<&registration::phone_number>("phoneNumber", on_create, phone_rules),
    of<&registration::user_type>("userType", on_create, type_rules),
};

constexpr field login_fields[] = {
    of<&login::email>("email", on_create,
                      {.length_max = email_bytes_max,
                       .required = true,
                       .opaque = true,
                       .doc = "In any case",
                       .example = "\"ann@example.com\""}),
    of<&login::password>("password", on_create,
                         {.length_max = typed_password_max,
                          .required = true,
                          .opaque = true,
                          .untrimmed = true,
                          .form = &password_form,
                          .doc = "As it was chosen",
                          .example = "\"Correct-Horse-7\""}),
};

constexpr rules token_rules{.length_max = one_time_token_typed_max,
                            .required = true,
                            .opaque = true,
                            .doc = "From the e-mail",
                            .example = "\"q1ZfX0JvYWx0…\""};

constexpr field email_request_fields[] = {of<&email_request::email>("email", on_create, email_rules)};
constexpr field address_proof_fields[] = {of<&address_proof::token>("token", on_create, token_rules)};
constexpr field password_reset_fields[] = {
    of<&password_reset::token>("token", on_create, token_rules),
    of<&password_reset::password>("password", on_create, new_password_rules),
};

constexpr field credential_fields[] = {
    of<&credential::user_id>("userId", on_store, {}),
    of<&credential::password_hash>("passwordHash", on_store, {}),
    of<&credential::known_addresses>("knownAddresses", on_store, {}),
    of<&credential::created_at>("createdAt", on_store, {.stored_as = table::name::created_at}),
    of<&credential::updated_at>("updatedAt", on_store, {.stored_as = table::name::updated_at}),
    of<&credential::version>("version", on_store, {}),
};

constexpr std::string_view credential_name = "Credential";

std::string email_partition(std::string_view canonical) { return "EMAIL#" + to_hex(sha256(canonical)); }

std::string user_partition(const uuid& id) { return "USER#" + to_text(id); }

/// The item of an entity of the given name; its index keys are the caller's to add.
template <class E>
item item_of(std::string_view name, const E& entity) {
  item made;
  made.append(table::name::entity_type, value::of(name));
  append_attributes(made, E::fields(), &entity);
  for (const attribute& a : entity.unknown.view()) made.append(a.name, a.value);
  return made;
}

template <class E>
std::optional<E> entity_of(item_view stored) {
  E read;
  item others;
  if (!read_attributes(stored, E::fields(), &read, &others)) return std::nullopt;
  for (const attribute& a : others.view())
    if (!table::is_table_name(a.name)) read.unknown.append(a.name, a.value);
  return read;
}

}  // namespace

field_span user::fields() { return user_fields; }

bool user::wants(email_kind kind) const {
  switch (kind) {
    case email_kind::inquiry: return mail_on_inquiry;
    case email_kind::answer: return mail_on_answer;
    case email_kind::closing: return mail_on_closing;
  }
  return true;
}

void user::turn_off(email_kind kind) {
  switch (kind) {
    case email_kind::inquiry: mail_on_inquiry = false; return;
    case email_kind::answer: mail_on_answer = false; return;
    case email_kind::closing: mail_on_closing = false; return;
  }
}

field_span registration::fields() { return registration_fields; }
field_span login::fields() { return login_fields; }
field_span email_request::fields() { return email_request_fields; }
field_span address_proof::fields() { return address_proof_fields; }
field_span password_reset::fields() { return password_reset_fields; }
field_span credential::fields() { return credential_fields; }

table::key key_of(const uuid& id) { return {user_partition(id), "PROFILE"}; }

item to_item(const user& u) {
  item made = item_of(user::schema_name, u);
  const auto canonical = canonical_email(u.email);
  made.append(table::name::index_pk[0], value::of(std::string_view(email_partition(canonical.value_or(u.email)))));
  made.append(table::name::index_sk[0], value::of(std::string_view(user_partition(u.id))));
  return made;
}

std::optional<user> to_user(item_view stored) { return entity_of<user>(stored); }

std::optional<contact> to_contact(item_view stored) {
  contact read;
  for (const attribute& each : stored) {
    if (each.name == "verified") read.verified = each.value.flag;
    const bool phone = each.name == "phoneNumber";
    if (!phone && each.name != "name" && each.name != "email") continue;
    if (each.value.kind != value_kind::text) return std::nullopt;
    if (phone)
      read.phone_number = each.value.text;
    else
      (each.name == "name" ? read.name : read.email) = each.value.text;
  }
  if (read.name.empty() || read.email.empty()) return std::nullopt;
  return read;
}

caller as_caller(const user& u) { return {u.id, role_of(u.user_type), u.verified}; }

table::key credential_key(std::string_view canonical) { return {email_partition(canonical), "CREDENTIAL"}; }

item to_item(const credential& c) { return item_of(credential_name, c); }

std::optional<credential> to_credential(item_view stored) { return entity_of<credential>(stored); }

}  // namespace spaces::accounts
