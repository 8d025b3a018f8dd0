#include "accounts/endpoints.hpp"

#include "http/answers.hpp"
#include "http/parameters.hpp"
#include "record/json.hpp"
#include "record/write.hpp"

namespace spaces::accounts {

namespace {

using http::exchange;
using record::on_create;
using record::on_update;

constexpr std::string_view path_of_me = "/api/v1/users/me";

/// RFC 6749, 5.1: tokens are kept by nobody between us and who asked.
void forbid_keeping(http::response& made) {
  for (auto& [name, value] : made.fields)
    if (name == "Cache-Control") value = "no-store";
}

/// 201 and the new account, to be kept by nobody on the way.
struct enlisted {
  user value;

  http::response render(const exchange& ex) const {
    http::response made = http::created<user>{value, std::string(path_of_me)}.render(ex);
    forbid_keeping(made);
    return made;
  }
  static void describe(http::operation_doc& doc) { http::created<user>::describe(doc); }
};

/// RFC 6749's answer with the user beside the tokens.
struct tokens_answer {
  entrance value;

  http::response render(const exchange&) const {
    std::string out = "{\"access_token\":";
    record::append_json_string(out, value.tokens.access_token);
    if (!value.tokens.refresh_token.empty()) {
      out += ",\"refresh_token\":";
      record::append_json_string(out, value.tokens.refresh_token);
    }
    out += ",\"token_type\":\"Bearer\",\"expires_in\":" + std::to_string(value.tokens.expires_in.count());
    out += ",\"user\":";
    record::append_object(out, user::fields(), &value.who, record::on_show);
    out += '}';
    http::response made = http::json_response(200, std::move(out));
    forbid_keeping(made);
    return made;
  }
  static void describe(http::operation_doc& doc) {
    http::answer_doc answer{200, "Tokens, and whose they are", {}, false, {}};
    answer.example =
        R"({"access_token": "eyJhbGciOiJSUzI1NiIs…", "token_type": "Bearer", )"
        R"("expires_in": 1800, "user": {"id": "019ab3c4-0000-7000-8000-000000000001", "email": "ann@example.com", )"
        R"("name": "Ann Seller", "phoneNumber": "+12065550123", "userType": "seller", "verified": true, )"
        R"("createdAt": "2026-11-22T08:00:00.000Z", "updatedAt": "2026-11-22T08:00:00.000Z", "version": 1}})";
    doc.answers.push_back(answer);
  }
};

session_origin origin_of(const exchange& ex) {
  return {std::string(ex.incoming.field("User-Agent")), std::string(ex.incoming.peer)};
}

result<enlisted> register_user(accounts& room, const exchange&, const http::body<registration, on_create>& body) {
  result<user> made = room.enlist(body.value.values);
  if (!made) return made.error();
  return enlisted{*std::move(made)};
}

result<tokens_answer> log_in(accounts& room, const exchange& ex, const http::body<login, on_create>& body) {
  result<entrance> opened = room.log_in(body.value.values, origin_of(ex));
  if (!opened) return opened.error();
  return tokens_answer{*std::move(opened)};
}

result<http::shown<user>> read_me(accounts& room, const exchange& ex) {
  result<user> me = room.profile(ex.who);
  if (!me) return me.error();
  return http::shown<user>{*std::move(me)};
}

result<http::shown<user>> change_me(accounts& room, const exchange& ex, const http::body<user, on_update>& body,
                                    const http::if_match& expected) {
  result<user> changed = room.change(ex.who, body.value, expected.value, ex.incoming.deadline);
  if (!changed) return changed.error();
  return http::shown<user>{*std::move(changed)};
}

}  // namespace

std::vector<http::endpoint> endpoints(accounts& room) {
  using http::audience;
  using http::ep;
  using http::method;
  using http::work;
  constexpr std::string_view accounts_tag = "Accounts";
  constexpr std::string_view logins_tag = "Logins";
  constexpr std::string_view merge =
      "Named fields change, the others stay, null clears an optional one. PUT and PATCH do the same. Another userType "
      "holds from the next token on.";
  return {
      ep<&register_user>(
          room, method::post, "/api/v1/auth/register", work::hashes, audience::entrants,
          {"register", accounts_tag, "Make an account", "One for each e-mail address, whatever its case.", {409}}),
      ep<&log_in>(room, method::post, "/api/v1/auth/login", work::hashes, audience::entrants,
                  {"login",
                   logins_tag,
                   "Log in",
                   "An unknown e-mail address and a wrong password are told in the same words.",
                   {401}}),
      ep<&read_me>(room, method::get, path_of_me, work::reads_one, audience::users,
                   {"readMe", accounts_tag, "Read your profile", {}}),
      ep<&change_me>(room, method::put, path_of_me, work::writes, audience::users,
                     {"replaceMe", accounts_tag, "Change your profile", merge}),
      ep<&change_me>(room, method::patch, path_of_me, work::writes, audience::users,
                     {"changeMe", accounts_tag, "Change your profile", merge}),
  };
}

}  // namespace spaces::accounts
