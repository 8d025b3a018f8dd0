#include "scenario/inquiring.hpp"

#include <gtest/gtest.h>

namespace spaces::test {
namespace {

/// Who may what, by relation to ann's loft and to ben's inquiry about it {q}. eve inquired, too ({e}), and was
/// blocked by ann then; cid is a stranger to all of it. zed had an account, inquired ({z}), and left: their token is
/// good for nothing, and what they inquired stays with ann.
struct access_row {
  http::method verb;
  const char* path;
  const char* body;
  int nobody, owner, inquirer, stranger, blocked, deleted;
};

constexpr auto read = http::method::get;
constexpr auto make = http::method::post;
constexpr auto change = http::method::put;
constexpr auto drop = http::method::delete_;

constexpr const char* inquires = R"({"propertyId":"{barn}","message":"Is it free?"})";
constexpr const char* inquires_again = R"({"propertyId":"{loft}","message":"Is it free?"})";
constexpr const char* blocks_somebody = R"({"userId":"{dan}"})";

constexpr access_row access_rows[] = {
    {read, "/api/v1/inquiries", "", 401, 200, 200, 200, 200, 401},
    {read, "/api/v1/inquiries?box=sent", "", 401, 200, 200, 200, 200, 401},
    {make, "/api/v1/inquiries", inquires, 401, 403, 201, 201, 409, 401},
    {make, "/api/v1/inquiries", inquires_again, 401, 403, 409, 201, 409, 401},
    {read, "/api/v1/inquiries/{q}", "", 401, 200, 200, 404, 404, 401},
    {read, "/api/v1/inquiries/{e}", "", 401, 200, 404, 404, 200, 401},
    {read, "/api/v1/inquiries/{z}", "", 401, 200, 404, 404, 404, 401},
    {change, "/api/v1/inquiries/{q}", R"({"response":"Yes"})", 401, 200, 403, 404, 404, 401},
    {change, "/api/v1/inquiries/{q}", R"({"message":"Still?"})", 401, 403, 200, 404, 404, 401},
    {change, "/api/v1/inquiries/{q}", R"({"status":"closed"})", 401, 200, 200, 404, 404, 401},
    {change, "/api/v1/inquiries/{q}", R"({"response":7})", 401, 422, 422, 404, 404, 401},
    {change, "/api/v1/inquiries/{q}", "{", 401, 400, 400, 404, 404, 401},
    {change, "/api/v1/inquiries/{e}", R"({"userId":null})", 401, 422, 404, 404, 422, 401},
    {change, "/api/v1/inquiries/{e}", R"({"message":"Still?"})", 401, 403, 404, 404, 409, 401},
    {change, "/api/v1/inquiries/{z}", R"({"message":"Still?"})", 401, 403, 404, 404, 404, 401},
    {change, "/api/v1/inquiries/{e}", R"({"status":"closed"})", 401, 200, 404, 404, 200, 401},
    {make, "/api/v1/inquiries/{q}/report", "{}", 401, 204, 204, 404, 404, 401},
    {make, "/api/v1/inquiries/{e}/report", "{}", 401, 204, 404, 404, 204, 401},
    {make, "/api/v1/inquiries/{q}/report", R"({"reason":7})", 401, 422, 422, 404, 404, 401},
    {make, "/api/v1/inquiries/{e}/report", "", 401, 415, 404, 404, 415, 401},
    {make, "/api/v1/inquiries/{z}/report", "{}", 401, 204, 404, 404, 404, 401},
    {read, "/api/v1/users/me/blocks", "", 401, 200, 200, 200, 200, 401},
    {make, "/api/v1/users/me/blocks", blocks_somebody, 401, 201, 201, 201, 201, 401},
    {drop, "/api/v1/users/me/blocks/{eve}", "", 401, 204, 404, 404, 404, 401},
    {read, "/api/v1/unsubscribe?token=x", "", 404, 404, 404, 404, 404, 404},
    {make, "/api/v1/unsubscribe?token=x", "", 404, 404, 404, 404, 404, 404},
};

/// zed registers, logs in ({zed's}), inquires about the loft ({z}), and leaves.
void come_and_go(scenario& s) {
  constexpr const char* all_of_zed =
      R"({"email":"zed@mail.example","password":"Correct-Horse-7","name":"Zed","userType":"buyer"})";
  const auto as_zed = [](call request) { return std::move(request).with("Authorization", "Bearer {zed's}"); };
  call account_deletion = as_zed(remove("/api/v1/users/me"));
  account_deletion.body = R"({"password":"Correct-Horse-7"})";
  s.when(post("/api/v1/auth/register", all_of_zed))
      .then(201)
      .when(post("/api/v1/auth/login", R"({"email":"zed@mail.example","password":"Correct-Horse-7"})"))
      .then(200, keep("zed's", "/access_token"))
      .when(as_zed(post(all_inquiries, about("loft", "Is it warm?"))))
      .then(201, keep("z", "/id"))
      .when(account_deletion)
      .then(204);
}

TEST(access, is_by_relation) {
  struct column {
    const char* who;
    int access_row::* status;
  };
  constexpr column columns[] = {{"", &access_row::nobody},      {"ann", &access_row::owner},
                                {"ben", &access_row::inquirer}, {"cid", &access_row::stranger},
                                {"eve", &access_row::blocked},  {"zed", &access_row::deleted}};
  for (const access_row& row : access_rows) {
    for (const column& each : columns) {
      scenario s{"who may what of inquiries"};
      for (const char* name : {"dan", "eve"}) s.name(name, to_text(id_of(name)));
      with_question(s).given(buyer("eve"), listing("barn", by("ann")));
      with_accounts(s, {"dan", "eve"})
          .when(post(all_inquiries, about("loft", "Is it quiet?")).as("eve"))
          .then(201, keep("e", "/id"))
          .when(post("/api/v1/users/me/blocks", R"({"userId":"{eve}"})").as("ann"))
          .then(201);
      come_and_go(s);
      call request{row.verb, row.path, row.body, each.who, {}};
      if (request.who == "zed") {
        request.who.clear();
        request.fields.emplace_back("Authorization", "Bearer {zed's}");
      }
      s.when(request).then(row.*each.status);
    }
  }
}

}  // namespace
}  // namespace spaces::test
