/// A small API behind a router, for tests: rows of each kind of work and audience, and what happened.
#pragma once

#include "platform/http/answers.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/router.hpp"
#include "platform/http/test_request.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace spaces::test {

class set_clock final : public clock {
 public:
  instant time = request_time;
  instant now() const override { return time; }
};

/// A failure_report that owns its texts.
struct kept_report {
  std::string method, path, instance, private_text;
};

/// An access_denial that owns its texts.
struct kept_denial {
  int status = 0;
  uuid who;
  std::string path, address, instance, why;
};

class test_api {
 public:
  set_clock clock;
  int calls = 0;
  int writes = 0;
  int looks = 0;  ///< at whose a thing is, before anything is said of the request
  std::string large = "\"" + std::string(5000, 'x') + "\"";
  uuid but_for;  ///< who is shown another /large
  std::vector<kept_report> reports;
  std::vector<kept_denial> denials;
  http::router application;

  explicit test_api(const std::function<void(http::router_options&)>& change = [](http::router_options&) {})
      : application(rows(), options(change)) {}

  http::response send(test_request request) { return application.handle(request.get()); }
  http::response send(http::method verb, std::string target) { return send(test_request(verb, std::move(target))); }

 private:
  using audience = http::audience;
  using method = http::method;
  using work = http::work;
  using answer = std::function<http::response(const http::request_context&)>;

  http::router_options options(const std::function<void(http::router_options&)>& change) {
    http::router_options made;
    made.clock = &clock;
    made.who = [](std::string_view token, instant) -> result<caller> {
      if (token == "good") return caller{uuid{{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}, user_role{1}, true};
      error refused = unauthenticated("This access token is not valid");
      refused.private_text = "which check failed";
      return refused;
    };
    made.report = [this](const http::failure_report& failure) {
      reports.push_back({std::string(failure.method), std::string(failure.path), failure.instance,
                         std::string(failure.private_text)});
    };
    made.refused = [this](const http::access_denial& refused) {
      denials.push_back({refused.status, refused.who.id, std::string(refused.incoming.path),
                         http::client_address(refused.incoming, 0), refused.instance, std::string(refused.why)});
    };
    change(made);
    return made;
  }

  http::route row(method verb, std::string_view path, work does, audience who, int status,
                  std::function<result<http::response>(const http::request_context&)> run) {
    http::route made(http::kept_by::all);
    made.verb = verb;
    made.path = path;
    made.does = does;
    made.who = who;
    made.doc.answers.push_back({status, "", {}, false, {}});
    made.run = [this, run = std::move(run)](const http::request_context& context) {
      ++calls;
      return run(context);
    };
    return made;
  }

  /// Says how much it was given.
  class counting_receiver final : public http::body_receiver {
   public:
    result<void> take(std::string_view piece) override {
      bytes_ += piece.size();
      return {};
    }
    result<http::response> finish() override { return http::json_response(200, std::to_string(bytes_)); }

   private:
    std::size_t bytes_ = 0;
  };

  static http::response of_file() {
    http::response made;
    made.file = std::make_shared<http::file_part>(http::file_part{descriptor(::memfd_create("answer", 0)), 0, 40'000});
    static_cast<void>(!::ftruncate(made.file->file.get(), 40'000));
    made.set("Content-Type", "image/png");
    return made;
  }

  static http::response tagged(std::string body) {
    http::response made = http::json_response(200, std::move(body));
    made.set("ETag", "\"v7\"");
    return made;
  }

  /// What is kept by some, or by nobody.
  void add_kept(std::vector<http::route>& all) {
    using http::request_context;
    using made = result<http::response>;
    all.push_back(row(method::get, "/personal", work::reads_one, audience::users, 200,
                      [](const request_context& context) -> made {
                        http::response one = tagged('"' + to_text(context.who.id) + '"');
                        one.same_for_all = true;  // said by mistake
                        return one;
                      }));
    all.back().kept = http::kept_by::nobody;
    all.push_back(row(method::get, "/viewed", work::reads_one, audience::anyone, 200,
                      [this](const request_context& context) -> made {
                        http::response one = tagged(large);
                        one.personal = context.incoming.query == "own";
                        return one;
                      }));
    all.back().kept = http::kept_by::each_view;
  }

  void add_bodies(std::vector<http::route>& all) {
    using http::request_context;
    using made = result<http::response>;
    all.push_back(row(method::get, "/file", work::reads_one, audience::anyone, 200,
                      [](const request_context&) -> made { return of_file(); }));
    all.push_back(row(method::put, "/uploads/{permission}", work::writes, audience::anonymous, 200, {}));
    all.back().receive = [](const request_context&) -> result<std::unique_ptr<http::body_receiver>> {
      return std::make_unique<counting_receiver>();
    };
  }

  std::vector<http::route> rows() {
    using http::request_context;
    using made = result<http::response>;
    std::vector<http::route> all;
    all.push_back(row(method::get, "/things", work::reads_many, audience::anyone, 200,
                      [](const request_context&) -> made { return http::json_response(200, "[]"); }));
    all.push_back(
        row(method::post, "/things", work::writes, audience::anyone, 201, [this](const request_context&) -> made {
          ++writes;
          return http::json_response(201, "{}");
        }));
    all.back().doc.body = http::schema{"ThingCreate", {}, record::on_create};
    all.push_back(row(method::get, "/things/{id}", work::reads_one, audience::anyone, 200,
                      [](const request_context& context) -> made {
                        return tagged('"' + std::string(context.path_parameter) + '"');
                      }));
    for (const std::string_view path : {"/things/{id}/parts/{partId}", "/things/{id}/parts/{partId}/size"})
      all.push_back(row(
          method::get, path, work::reads_one, audience::anyone, 200, [path](const request_context& context) -> made {
            const std::string one(context.path_parameter);
            return http::json_response(
                200, one + '+' + std::string(context.second_parameter) + (path.ends_with("size") ? "=size" : ""));
          }));
    all.push_back(
        row(method::post, "/only-post", work::hashes, audience::anyone, 204, [](const request_context&) -> made {
          http::response empty;
          empty.status = 204;
          return empty;
        }));
    all.push_back(
        row(method::get, "/mine", work::reads_one, audience::users, 200, [](const request_context& context) -> made {
          return http::json_response(200, '"' + to_text(context.who.id) + '"');
        }));
    all.push_back(
        row(method::put, "/mine/{id}", work::writes, audience::users, 200, [](const request_context& context) -> made {
          if (context.incoming.body == "broken") return invalid({{"", "wrong-type", "must be an object"}});
          if (context.path_parameter == "others") return forbidden("Another's");
          return http::json_response(200, "{}");
        }));
    all.back().doc.body = http::schema{"MineChange", {}, record::on_update};
    all.back().permits_one = [this](const request_context& context) -> result<void> {
      ++looks;
      if (context.path_parameter == "others") return forbidden("Another's");
      return {};
    };
    all.push_back(row(method::patch, "/mine/{id}", work::writes, audience::users, 200,
                      [](const request_context&) -> made { return http::json_response(200, "{}"); }));
    all.back().doc.body = http::schema{"MineChange", {}, record::on_update};
    add_kept(all);
    all.push_back(
        row(method::get, "/large", work::reads_one, audience::users, 200, [this](const request_context&) -> made {
          http::response same = tagged(large);
          same.same_for_all = true;
          same.but_for = but_for;
          return same;
        }));
    add_bodies(all);
    all.push_back(row(method::get, "/throws", work::reads_many, audience::anyone, 200,
                      [](const request_context&) -> made { throw std::runtime_error("the private reason"); }));
    all.push_back(row(method::get, "/short", work::reads_many, audience::anyone, 200,
                      [](const request_context&) -> made { return http::json_response(200, "[]"); }));
    all.back().runs_inline = [](const http::request& incoming) { return incoming.query != "long"; };
    all.push_back(row(method::get, "/fails", work::reads_many, audience::anyone, 200,
                      [](const request_context&) -> made { return unavailable("the private reason"); }));
    return all;
  }
};

}  // namespace spaces::test
