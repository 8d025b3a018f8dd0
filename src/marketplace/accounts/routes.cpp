#include "marketplace/accounts/routes.hpp"

#include "marketplace/accounts/requests.hpp"
#include "platform/http/answers.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/handler.hpp"
#include "platform/http/parameters.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"

namespace spaces::accounts {

namespace {

using http::request_context;
using record::on_create;
using record::on_update;

constexpr std::string_view path_of_me = "/api/v1/users/me";
constexpr std::string_view export_path = "/api/v1/users/me/export";

/// 201 and the new account.
struct registered {
  user value;

  http::response render(const request_context& context) const {
    return http::created<user>{value, std::string(path_of_me)}.render(context);
  }
  static void describe(http::operation_doc& doc) { http::created<user>::describe(doc); }
};

/// RFC 6749's answer with the user beside the tokens.
struct tokens_answer {
  login_result value;

  http::response render(const request_context&) const {
    std::string out = "{\"access_token\":";
    record::append_json_string(out, value.tokens.access_token);
    out += ",\"refresh_token\":";
    record::append_json_string(out, value.tokens.refresh_token);
    out += ",\"token_type\":\"Bearer\",\"expires_in\":" + std::to_string(value.tokens.expires_in.count());
    out += ",\"user\":";
    record::append_object(out, user::fields(), &value.who, record::on_show);
    out += '}';
    return http::json_response(200, std::move(out));
  }
  static void describe(http::operation_doc& doc) {
    http::answer_doc answer{200, "Tokens, and whose they are", {}, false, {}};
    answer.example =
        R"({"access_token": "eyJhbGciOiJSUzI1NiIs", "refresh_token": "eyJhbGciOiJSUzI1NiIs", "token_type": "Bearer", )"
        R"("expires_in": 1800, "user": {"id": "019ab3c4-0000-7000-8000-000000000001", "email": "ann@example.com", )"
        R"("name": "Ann Seller", "phoneNumber": "+12065550123", "userType": "seller", "verified": true, )"
        R"("createdAt": "2026-11-22T08:00:00.000Z", "updatedAt": "2026-11-22T08:00:00.000Z", "version": 1}})";
    doc.answers.push_back(answer);
  }
};

/// The logins of somebody, the one that asks marked.
struct sessions_answer {
  std::vector<identity::session_record> value;

  http::response render(const request_context& context) const {
    std::string out = "{\"items\":[";
    for (const identity::session_record& one : value) {
      if (out.back() == '}') out += ',';
      out += "{\"id\":\"" + to_text(one.id) + "\",\"device\":";
      record::append_json_string(out, one.device);
      out += ",\"address\":";
      record::append_json_string(out, one.address);
      out += ",\"createdAt\":\"" + to_text(one.created_at) + "\",\"lastUsedAt\":\"" + to_text(one.last_used_at);
      out += one.id == context.who.session ? "\",\"current\":true}" : "\",\"current\":false}";
    }
    out += "],\"nextCursor\":null}";
    return http::json_response(200, std::move(out));
  }
  static void describe(http::operation_doc& doc) {
    http::answer_doc answer{200, "All of them, the newest first", {}, false, {}};
    answer.example =
        R"({"items": [{"id": "019ab3c4-0000-7000-8000-00000000000a", "device": "Mozilla/5.0", "address": "192.0.2.7", )"
        R"("createdAt": "2026-11-22T08:00:00.000Z", "lastUsedAt": "2026-11-22T08:30:00.000Z", "current": true}], )"
        R"("nextCursor": null})";
    doc.answers.push_back(answer);
  }
};

/// Lines of NDJSON, and where the next page is (RFC 8288).
struct export_answer {
  export_page page;

  http::response render(const request_context&) const {
    http::response made = http::json_response(200, page.lines);
    made.replace("Content-Type", "application/x-ndjson");
    made.set("Content-Disposition", "attachment; filename=\"my-data.ndjson\"");
    if (!page.next_cursor.empty())
      made.set("Link", "<" + std::string(export_path) + "?cursor=" + page.next_cursor + ">; rel=\"next\"");
    return made;
  }
  static void describe(http::operation_doc& doc) {
    http::answer_doc answer{200,
                            "Lines of JSON, about 1 MiB at most; Link names the next page",
                            {},
                            false,
                            {"Content-Disposition", "Link"}};
    answer.media_type = "application/x-ndjson";
    answer.example = R"("{\"section\":\"user\",\"item\":{\"email\":\"ann@example.com\",\"name\":\"Ann Seller\"}}\n")";
    doc.answers.push_back(answer);
  }
};

/// Who logs in, by JSON or by OAuth 2's password form.
struct credentials {
  login value;

  static result<credentials> from(const request_context& context) {
    if (!http::is_form(context.fields.content_type)) {
      auto read = record::read_draft<login>(context.incoming.body, on_create);
      if (!read) return read.error();
      return credentials{std::move(read->values)};
    }
    password_form form;
    std::vector<problem> problems;
    const auto given = record::read_query(password_form::fields(), context.incoming.body, &form, problems);
    record::demand_required(password_form::fields(), on_create, given, problems);
    if (!problems.empty()) return invalid(std::move(problems));
    return credentials{{std::move(form.username), std::move(form.password)}};
  }
  static void describe(http::operation_doc& doc) {
    http::body<login, on_create>::describe(doc);
    doc.form = http::schema{password_form::create_name, password_form::fields(), on_create};
  }
};

std::string address_of(const accounts& service, const request_context& context) {
  return http::client_address(context.incoming, service.options().trusted_proxies);
}

result<registered> register_user(accounts& service, const request_context& context,
                                 const http::body<registration, on_create>& body) {
  result<user> made = service.register_user(body.value.values, address_of(service, context));
  if (!made) return made.error();
  return registered{*std::move(made)};
}

result<tokens_answer> log_in(accounts& service, const request_context& context, const credentials& given) {
  result<login_result> opened =
      service.log_in(given.value, {std::string(context.incoming.field("User-Agent")), address_of(service, context)});
  if (!opened) return opened.error();
  return tokens_answer{*std::move(opened)};
}

result<tokens_answer> refresh(accounts& service, const request_context& context,
                              const http::body<refresh_request, on_create>& body) {
  result<login_result> renewed = service.refresh(body.value.values.refresh_token, address_of(service, context));
  if (!renewed) return renewed.error();
  return tokens_answer{*std::move(renewed)};
}

result<http::done> log_out(accounts& service, const request_context& context) {
  if (const auto ended = service.log_out(context.who, address_of(service, context)); !ended) return ended.error();
  return http::done{};
}

result<http::shown<user>> read_me(accounts& service, const request_context& context) {
  result<user> me = service.profile(context.who);
  if (!me) return me.error();
  return http::shown<user>{*std::move(me)};
}

result<http::shown<user>> change_me(accounts& service, const request_context& context,
                                    const http::body<user, on_update>& body, const http::if_match& expected) {
  result<user> changed = service.change(context.who, body.value, expected.value, context.incoming.deadline);
  if (!changed) return changed.error();
  return http::shown<user>{*std::move(changed)};
}

result<http::done> change_password(accounts& service, const request_context& context,
                                   const http::body<password_change, on_create>& body) {
  const auto changed = service.change_password(context.who, body.value.values, address_of(service, context));
  if (!changed) return changed.error();
  return http::done{};
}

result<http::done> delete_me(accounts& service, const request_context& context,
                             const http::body<account_deletion, on_create>& body) {
  if (const auto gone = service.remove(context.who, body.value.values, address_of(service, context)); !gone)
    return gone.error();
  return http::done{};
}

result<export_answer> export_me(accounts& service, const request_context& context,
                                const http::query<export_query>& query) {
  result<export_page> exported = service.export_page_of(context.who, query.value.cursor);
  if (!exported) return exported.error();
  return export_answer{*std::move(exported)};
}

result<sessions_answer> list_sessions(accounts& service, const request_context& context) {
  auto all = service.sessions_of(context.who);
  if (!all) return all.error();
  return sessions_answer{*std::move(all)};
}

result<http::done> end_session(accounts& service, const request_context& context, const http::path_id& id) {
  const auto ended = service.end_session(context.who, id.value, address_of(service, context));
  if (!ended) return ended.error();
  return http::done{};
}

using http::audience;
using http::ep;
using http::kept_by;
using http::method;
using http::work;

std::vector<http::route> login_rows(accounts& service) {
  constexpr std::string_view tag = "Logins";
  return {
      ep<&register_user>(service, method::post, "/api/v1/auth/register", work::hashes, audience::anonymous,
                         kept_by::nobody,
                         {"register",
                          tag,
                          "Make an account",
                          "One for each e-mail address, whatever its case. Limited for each client address.",
                          {409, 429, 507}}),
      ep<&log_in>(
          service, method::post, "/api/v1/auth/login", work::hashes, audience::anonymous, kept_by::nobody,
          {"login",
           tag,
           "Log in",
           "An unknown e-mail address and a wrong password are told in the same words. After 10 failures within "
           "15 minutes an account is not tried any more from that client address; each client address has a limit, "
           "too. Where an account is tried from many, addresses that it has not logged in from wait for their turn.",
           {401, 429, 507}}),
      ep<&refresh>(service, method::post, "/api/v1/auth/refresh", work::hashes, audience::anonymous, kept_by::nobody,
                   {"refresh",
                    tag,
                    "Refresh tokens",
                    "A refresh token is good once; for 10 seconds it gives the same again. Use of an older one ends "
                    "the login, because somebody has a copy.",
                    {401, 507}}),
      ep<&log_out>(service, method::post, "/api/v1/auth/logout", work::writes, audience::users, kept_by::nobody,
                   {"logout", tag, "Log out", "Ends this login: its tokens are refused within seconds."}),
      ep<&list_sessions>(service, method::get, "/api/v1/users/me/sessions", work::reads_many, audience::users,
                         kept_by::nobody,
                         {"listSessions", tag, "List your logins", "Where you are logged in, this one marked."}),
      ep<&end_session>(service, method::delete_, "/api/v1/users/me/sessions/{id}", work::writes, audience::users,
                       kept_by::nobody,
                       {"endSession", tag, "End one of your logins", "Its tokens are refused within seconds."}),
  };
}

std::vector<http::route> profile_rows(accounts& service) {
  constexpr std::string_view tag = "Accounts";
  constexpr std::string_view merge =
      "Named fields change, the others stay, null clears an optional one. PUT and PATCH do the same. Another userType "
      "holds from the next token on.";
  return {
      ep<&read_me>(service, method::get, path_of_me, work::reads_one, audience::users, kept_by::nobody,
                   {"readMe", tag, "Read your profile"}),
      ep<&change_me>(service, method::put, path_of_me, work::writes, audience::users, kept_by::nobody,
                     {"replaceMe", tag, "Change your profile", merge}),
      ep<&change_me>(service, method::patch, path_of_me, work::writes, audience::users, kept_by::nobody,
                     {"changeMe", tag, "Change your profile", merge}),
      ep<&delete_me>(
          service, method::delete_, path_of_me, work::hashes, audience::users, kept_by::nobody,
          {"deleteMe",
           tag,
           "Delete your account",
           "Asks for the password. Profile and logins go immediately. Shortly after, listings are withdrawn, open "
           "inquiries of either side are closed and the other side is told, and blocks go. The e-mail address "
           "is free again.",
           {429, 507}}),
      ep<&change_password>(service, method::put, "/api/v1/users/me/password", work::hashes, audience::users,
                           kept_by::nobody,
                           {"changePassword",
                            tag,
                            "Change your password",
                            "Asks for the present one, and ends every other login.",
                            {429, 507}}),
      ep<&export_me>(
          service, method::get, export_path, work::reads_many, audience::users, kept_by::nobody,
          {"exportMe", tag, "Take your data with you",
           "All that is held about you: profile and what you want of e-mails, logins, listings, inquiries sent "
           "and received, people you block, reports you made. Not the password, of which only a hash is kept. Each "
           "line "
           "is {\"section\": …, \"item\": {…}}; a page holds about 1 MiB, and Link (rel=\"next\") names the next one "
           "until "
           "there is none. One page at a time for a person and few in all: 503 says when to come again."}),
  };
}

}  // namespace

std::vector<http::route> routes(accounts& service) {
  std::vector<http::route> rows = login_rows(service);
  for (http::route& row : profile_rows(service)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace spaces::accounts
