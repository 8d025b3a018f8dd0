#include "platform/http/cors.hpp"
#include "platform/http/test_request.hpp"
#include "platform/http/test_rows.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace spaces::http {
namespace {

using test::set_clock;
using test::test_request;

/// What became of the bodies of a test.
struct taken_bodies {
  int opened = 0;
  int finished = 0;
  int discarded = 0;
  std::string bytes;
};

class counting_receiver final : public body_receiver {
 public:
  explicit counting_receiver(taken_bodies& all) : all_(all) { ++all_.opened; }
  ~counting_receiver() override { all_.discarded += finished_ ? 0 : 1; }

  result<void> take(std::string_view piece) override {
    if (piece == "bad") return invalid({{"", "bad", "must be good"}});
    if (piece == "bug") throw std::runtime_error("the private reason");
    if (piece == "memory") throw std::bad_alloc();
    all_.bytes += piece;
    return {};
  }
  result<response> finish() override {
    ++all_.finished;
    finished_ = true;
    if (all_.bytes == "late") return conflict("There is one");
    response made;
    made.set("ETag", "\"e\"");
    return made;
  }

 private:
  taken_bodies& all_;
  bool finished_ = false;
};

/// A row that takes bodies and one that sends a file, behind a router.
class bodies : public testing::Test {
 protected:
  std::vector<route> rows() {
    std::vector<route> all;
    route upload(kept_by::nobody);
    upload.verb = method::put;
    upload.path = "/uploads/{permission}";
    upload.does = work::writes;
    upload.who = audience::anonymous;
    upload.secret_segment = true;
    upload.doc.answers.push_back({200, "", {}, false, {}});
    upload.receive = [this](const request_context& context) -> result<std::unique_ptr<body_receiver>> {
      if (context.path_parameter == "expired") return forbidden("Not any more");
      if (context.path_parameter == "down") return unavailable("the private reason");
      return std::make_unique<counting_receiver>(taken);
    };
    all.push_back(std::move(upload));
    route file(kept_by::all);
    file.path = "/files/{key}";
    file.who = audience::anonymous;
    file.open_to_the_end = true;
    file.doc.answers.push_back({200, "", {}, false, {}, "image/*"});
    file.run = [this](const request_context& context) -> result<response> {
      seen = context.path_parameter;
      return of_file();
    };
    all.push_back(std::move(file));
    return all;
  }
  router_options options() {
    router_options made;
    made.clock = &clock;
    made.report = [this](const failure_report& failure) { reported = failure.path; };
    return made;
  }
  static response of_file() {
    std::string name = "/tmp/body_XXXXXX";
    response made;
    made.file = std::make_shared<file_part>(file_part{descriptor(::mkstemp(name.data())), 0, 10});
    ::unlink(name.c_str());
    EXPECT_EQ(::write(made.file->file.get(), "0123456789footer", 16), 16);
    made.set("Content-Type", "image/png");
    made.set("ETag", "\"e\"");
    return made;
  }
  static std::string body_of(const response& made) {
    return made.file ? http::bytes_of(*made.file).value_or("cannot be read") : made.body;
  }

  set_clock clock;
  taken_bodies taken;
  std::string seen;
  std::string reported;
  router application{rows(), options()};
};

TEST_F(bodies, are_taken_in_pieces_by_rows_that_want_it_so) {
  test_request put(method::put, "/uploads/p");
  test_request get(method::get, "/uploads/p");
  EXPECT_TRUE(application.takes_pieces(put.get()));
  EXPECT_FALSE(application.takes_pieces(get.get()));
  EXPECT_FALSE(application.takes_pieces(test_request(method::put, "/elsewhere").get()));
  opened_body opened = application.open_body(put.get());
  ASSERT_FALSE(opened.answer);
  EXPECT_FALSE(opened.body->take("one "));
  EXPECT_FALSE(opened.body->take("two"));
  const response made = opened.body->finish();
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(made.field("ETag"), "\"e\"");
  EXPECT_EQ(made.field("X-Content-Type-Options"), "nosniff") << "as every answer";
  EXPECT_EQ(made.field("Cache-Control"), "no-store");
  EXPECT_EQ(taken.bytes, "one two");
  EXPECT_EQ(taken.finished, 1);
}

TEST_F(bodies, are_refused_before_anything_of_them_is_taken) {
  test_request expired(method::put, "/uploads/expired");
  const opened_body refused = application.open_body(expired.get());
  ASSERT_TRUE(refused.answer);
  EXPECT_EQ(refused.answer->status, 403);
  EXPECT_EQ(refused.answer->field("Content-Type"), "application/problem+json");
  test_request coded(method::put, "/uploads/p");
  coded.with("Content-Encoding", "gzip");
  EXPECT_EQ(application.open_body(coded.get()).answer->status, 415);
  EXPECT_EQ(taken.opened, 0);
}

TEST_F(bodies, are_discarded_where_a_piece_of_them_is_refused) {
  const auto failed = [&](std::string_view piece) {
    test_request put(method::put, "/uploads/p");
    const opened_body opened = application.open_body(put.get());
    const auto answer = opened.body->take(piece);
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(failed("bad"), 422);
  EXPECT_EQ(failed("bug"), 500);
  EXPECT_EQ(failed("memory"), 503);
  EXPECT_EQ(taken.discarded, 3);
  test_request put(method::put, "/uploads/p");
  const opened_body opened = application.open_body(put.get());
  EXPECT_FALSE(opened.body->take("late"));
  EXPECT_EQ(opened.body->finish().status, 409);
}

TEST_F(bodies, that_came_whole_are_taken_at_one_time) {
  EXPECT_EQ(application.handle(test_request(method::put, "/uploads/p").body("all", "image/png").get()).status, 200);
  EXPECT_EQ(taken.bytes, "all");
  EXPECT_EQ(application.handle(test_request(method::put, "/uploads/p").get()).status, 200) << "an empty one, too";
  EXPECT_EQ(application.handle(test_request(method::put, "/uploads/expired").get()).status, 403);
}

TEST_F(bodies, leave_no_permission_in_the_log) {
  test_request put(method::put, "/uploads/down");
  EXPECT_EQ(application.open_body(put.get()).answer->status, 503);
  EXPECT_EQ(reported, "/uploads/{permission}");
}

TEST_F(bodies, answer_the_page_that_sent_them) {
  cors shared(application, {{"https://app.example.com"}, false}, security_fields(true));
  constexpr std::string_view allowed = "Access-Control-Allow-Origin";
  const auto from_page = [](std::string path) {
    return test_request(method::put, std::move(path)).with("Origin", "https://app.example.com");
  };
  test_request good = from_page("/uploads/p");
  EXPECT_TRUE(shared.takes_pieces(good.get()));
  opened_body opened = shared.open_body(good.get());
  EXPECT_EQ(opened.body->finish().field(allowed), "https://app.example.com");
  opened = shared.open_body(good.get());
  EXPECT_EQ(opened.body->take("bad")->field(allowed), "https://app.example.com");
  test_request expired = from_page("/uploads/expired");
  EXPECT_EQ(shared.open_body(expired.get()).answer->field(allowed), "https://app.example.com");
}

TEST_F(bodies, of_files_are_sent_from_where_they_lie) {
  const response whole = application.handle(test_request(method::get, "/files/a/b.png").get());
  EXPECT_EQ(seen, "a/b.png") << "slashes too";
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body_bytes(), 10U);
  EXPECT_EQ(whole.field("Accept-Ranges"), "bytes");
  EXPECT_EQ(body_of(whole), "0123456789");
  const response accepted =
      application.handle(test_request(method::get, "/files/a").with("Accept", "image/webp").get());
  EXPECT_EQ(accepted.status, 200) << "which picture it is, only the row knows";
}

TEST_F(bodies, of_files_are_shown_in_part) {
  const auto asked = [&](const std::string& range, const std::string& name = "Range") {
    return application.handle(test_request(method::get, "/files/a").with(name, range).get());
  };
  const response part = asked("bytes=2-4");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.field("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(part.field("ETag"), "\"e\"");
  EXPECT_EQ(body_of(part), "234");
  const response none = asked("bytes=10-");
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.field("Content-Range"), "bytes */10");
  EXPECT_EQ(none.field("Content-Type"), "application/problem+json");
  EXPECT_EQ(asked("\"e\"", "If-None-Match").status, 304);
  const response held = application.handle(
      test_request(method::get, "/files/a").with("Range", "bytes=0-1").with("If-None-Match", "\"e\"").get());
  EXPECT_EQ(held.status, 304) << "RFC 9110, 13.2.2: the condition comes first";
  EXPECT_FALSE(held.file);
}

}  // namespace
}  // namespace spaces::http
