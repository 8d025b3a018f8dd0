#include "marketplace/accounts/requests.hpp"

#include "marketplace/accounts/email_address.hpp"

namespace spaces::accounts {

namespace {

using namespace record;

/// Whatever people type is compared; what is longer than any password is wrong, not ill-formed.
constexpr std::size_t typed_max = 1000;
/// Ours have 900 bytes with the largest key.
constexpr std::size_t refresh_token_max = 8 * 1024;

constexpr text_form secret_form{"password"};

bool is_password_grant(std::string_view text) { return text == "password"; }
constexpr text_form grant_form{{}, "^password$", &is_password_grant, "not-a-choice", "must be password"};

constexpr rules present_password{.length_max = typed_max,
                                 .required = true,
                                 .opaque = true,
                                 .untrimmed = true,
                                 .form = &secret_form,
                                 .doc = "The present one",
                                 .example = "\"Correct-Horse-7\""};

constexpr field password_change_fields[] = {
    of<&password_change::current_password>("currentPassword", on_create, present_password),
    of<&password_change::new_password>("newPassword", on_create,
                                       {.length_max = typed_max,
                                        .required = true,
                                        .opaque = true,
                                        .untrimmed = true,
                                        .form = &secret_form,
                                        .doc = "By the same rules as the first",
                                        .example = "\"Battery-Staple-8\""}),
};

constexpr field account_deletion_fields[] = {of<&account_deletion::password>("password", on_create, present_password)};

constexpr field refresh_request_fields[] = {
    of<&refresh_request::refresh_token>("refresh_token", on_create,
                                        {.length_min = 1,
                                         .length_max = refresh_token_max,
                                         .required = true,
                                         .opaque = true,
                                         .doc = "The last one that was given",
                                         .example = "\"eyJhbGciOiJSUzI1NiIs\""})};

constexpr field form_fields[] = {
    of<&password_form::grant_type>(
        "grant_type", on_create,
        {.length_max = 20, .opaque = true, .form = &grant_form, .doc = "password", .example = "\"password\""}),
    of<&password_form::username>("username", on_create,
                                 {.length_max = email_bytes_max,
                                  .required = true,
                                  .opaque = true,
                                  .doc = "The e-mail address",
                                  .example = "\"ann@example.com\""}),
    of<&password_form::password>("password", on_create, present_password),
    of<&password_form::scope>("scope", on_create,
                              {.length_max = typed_max, .opaque = true, .doc = "There are none", .example = "\"\""}),
    of<&password_form::client_id>("client_id", on_create,
                                  {.length_max = typed_max, .opaque = true, .doc = "Not looked at", .example = "\"\""}),
    of<&password_form::client_secret>(
        "client_secret", on_create,
        {.length_max = typed_max, .opaque = true, .doc = "Not looked at", .example = "\"\""}),
};

}  // namespace

field_span password_change::fields() { return password_change_fields; }
field_span account_deletion::fields() { return account_deletion_fields; }
field_span refresh_request::fields() { return refresh_request_fields; }
field_span password_form::fields() { return form_fields; }

}  // namespace spaces::accounts
