#include "platform/aws/json_service.hpp"

#include "platform/aws/signed_call.hpp"
#include "platform/aws/url.hpp"
#include "platform/aws/vendor_error.hpp"

#include <array>

namespace spaces::aws {
namespace {

class json_service final : public service {
 public:
  json_service(http::client& client, environment& surroundings, url where, const json_protocol& protocol,
               const clock& clock, const retry_policy& retries)
      : target_(where.path.empty() ? "/" : where.path),
        content_type_("application/x-amz-json-" + std::string(protocol.version)),
        operation_prefix_(std::string(protocol.target) + '.'),
        call_(client, &surroundings.credentials(), std::move(where),
              {surroundings.region(),
               std::string(protocol.signing),
               {},
               {&read_json_error, &is_sound_json},
               protocol.silence_max,
               retries},
              clock) {}

  boost::system::result<std::string, failure> send(const call& request) override {
    const std::string operation = operation_prefix_ + std::string(request.operation);
    const std::array<http::field_line, 2> fields{{{"Content-Type", content_type_}, {"X-Amz-Target", operation}}};
    auto answer = call_.send({http::method::post, target_, fields, request.body, {}, request.repeatable});
    if (!answer) return std::move(answer).error();
    return std::move(answer->body);
  }

 private:
  const std::string target_;
  const std::string content_type_;
  const std::string operation_prefix_;
  signed_call call_;
};

}  // namespace

result<std::unique_ptr<service>> make_json_service(http::client& client, environment& surroundings,
                                                   const json_protocol& protocol, const clock& clock,
                                                   std::optional<retry_policy> retries) {
  auto endpoint = surroundings.endpoint(protocol.name);
  if (!endpoint) return endpoint.error();
  while (endpoint->ends_with('/')) endpoint->pop_back();
  auto where = parse_url(*endpoint);
  if (!where) return internal("an endpoint that is no URL: " + *endpoint);
  return std::make_unique<json_service>(client, surroundings, *std::move(where), protocol, clock,
                                        retries.value_or(surroundings.retries()));
}

}  // namespace spaces::aws
