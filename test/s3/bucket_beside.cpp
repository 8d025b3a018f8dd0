#include "s3/bucket_beside.hpp"

#include "platform/aws/signed_call.hpp"
#include "platform/base/text.hpp"
#include "platform/bucket/s3/s3_bucket.hpp"
#include "platform/net/client/client.hpp"

#include <array>
#include <atomic>
#include <stdexcept>

namespace spaces::test {

namespace {

constexpr std::string_view endpoint_variable = "SPACES_TEST_S3_ENDPOINT";

template <class T>
T demand(result<T> had) {
  if (!had) throw std::runtime_error(had.error().public_text + had.error().private_text);
  return *std::move(had);
}

/// What the tests' environment says; the keys are those that scripts/s3_part.py starts it with, unless others are
/// named.
std::string variable(std::string_view name) {
  std::string given = aws::process_variable(name == "AWS_ENDPOINT_URL_S3" ? endpoint_variable : name);
  if (!given.empty()) return given;
  if (name == "AWS_REGION") return "us-east-1";
  if (name == "AWS_ACCESS_KEY_ID") return "spaces-test";
  if (name == "AWS_SECRET_ACCESS_KEY") return "spaces-test-secret";
  return {};
}

class shifted_clock final : public clock {
 public:
  instant now() const override { return system_.now() + std::chrono::milliseconds(by_ms_.load()); }
  void shift(std::chrono::seconds by) { by_ms_ += by.count() * 1000; }

 private:
  const system_clock system_;
  std::atomic<std::int64_t> by_ms_{0};
};

/// All that one bucket stands on.
struct ground {
  shifted_clock time;
  std::unique_ptr<net::client> client = demand(net::make_client());
  std::unique_ptr<aws::environment> surroundings = demand(aws::environment::read(variable, *client, time));
};

std::string make_bucket(ground& on) {
  std::array<std::uint8_t, 6> random{};
  fill_random(random);
  std::string name = "spaces-test-" + to_hex(random);
  const auto where = aws::parse_url(demand(on.surroundings->endpoint(bucket::s3_name)));
  aws::signed_call call(*on.client, &on.surroundings->credentials(), *where,
                        {on.surroundings->region(),
                         "s3",
                         aws::s3_signing,
                         {&aws::read_xml_error, [](const http::client_response&) { return true; }},
                         std::chrono::seconds(10),
                         {}},
                        on.time);
  const auto answer = call.send({http::method::put, "/" + name, {}, {}, {}, true});
  if (!answer) throw std::runtime_error(answer.error().text);
  return name;
}

/// The permission's fields, and behind them the file, as browsers frame it.
std::string form_of(const bucket::upload_permission& by, const bucket::names_and_values& instead,
                    std::string_view bytes, std::string_view boundary) {
  std::string body;
  for (const auto& [name, value] : by.fields) {
    std::string sent = value;
    for (const auto& [other, its] : instead)
      if (other == name) sent = its;
    body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(name);
    body.append("\"\r\n\r\n").append(sent).append("\r\n");
  }
  body.append("--").append(boundary);
  body.append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n");
  body.append(bytes).append("\r\n--").append(boundary).append("--\r\n");
  return body;
}

bucket::sent upload(http::client& client, const bucket::upload_permission& by, std::string_view bytes,
                    const bucket::names_and_values& instead) {
  const auto where = aws::parse_url(by.url);
  if (!where) throw std::runtime_error("a permission whose URL is none: " + by.url);
  bucket::names_and_values headers = by.headers;
  for (auto& [name, value] : headers)
    for (const auto& [other, its] : instead)
      if (other == name) value = its;
  std::string body(bytes);
  if (by.method == "POST") {
    constexpr std::string_view boundary = "between-the-parts";
    body = form_of(by, instead, bytes, boundary);
    headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + std::string(boundary));
  }
  std::vector<http::field_line> lines;
  for (const auto& [name, value] : headers) lines.push_back({name, value});
  http::client_request request;
  request.verb = by.method == "PUT" ? http::method::put : http::method::post;
  request.origin = where->origin;
  request.target = where->path;
  request.fields = lines;
  request.body = body;
  request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto answer = client.send(request);
  if (!answer) throw std::runtime_error(answer.error().text);
  return answer->status < 300 ? bucket::sent::taken : bucket::sent::refused;
}

}  // namespace

std::string missing_s3() {
  if (!aws::process_variable(endpoint_variable).empty()) return {};
  const std::string why = "no S3: scripts/with-s3 starts one, SPACES_TEST_S3_ENDPOINT names another";
  const std::string all = aws::process_variable("REQUIRE_ALL");
  if (!all.empty() && all != "0") throw std::runtime_error(why);
  return why;
}

bucket::bucket_under_test make_an_s3_bucket() {
  bucket::bucket_under_test made;
  made.missing = missing_s3();
  if (!made.missing.empty()) return made;
  const auto on = std::make_shared<ground>();
  made.ground = on;
  made.bucket = demand(bucket::open_s3_bucket({make_bucket(*on)}, *on->client, *on->surroundings, on->time));
  made.upload = [on = on.get()](const bucket::upload_permission& by, std::string_view bytes,
                                const bucket::names_and_values& headers) {
    return upload(*on->client, by, bytes, headers);
  };
  made.shift_clock = [on = on.get()](std::chrono::seconds by) { on->time.shift(by); };
  return made;
}

}  // namespace spaces::test
