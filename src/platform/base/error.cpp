#include "platform/base/error.hpp"

#include <boost/assert/source_location.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace spaces {

namespace {

error of_kind(error_kind kind, std::string public_text, std::string private_text = {}) {
  error failure;
  failure.kind = kind;
  failure.public_text = std::move(public_text);
  failure.private_text = std::move(private_text);
  return failure;
}

}  // namespace

void throw_exception_from_error(const error& failure, const boost::source_location& where) {
  throw std::logic_error(where.to_string() + ": value() of an error: " + failure.public_text + " " +
                         failure.private_text);
}

error error_of(const problem_type& type, std::string public_text) {
  error failure = of_kind(type.kind, std::move(public_text));
  failure.type = &type;
  return failure;
}

error malformed(std::string public_text) { return of_kind(error_kind::malformed, std::move(public_text)); }

error invalid(std::vector<problem> problems) {
  error failure = of_kind(error_kind::invalid, problems.size() == 1
                                                   ? problems.front().detail
                                                   : std::to_string(problems.size()) + " rules are broken; see errors");
  failure.problems = std::move(problems);
  return failure;
}

error unauthenticated(std::string public_text) { return of_kind(error_kind::unauthenticated, std::move(public_text)); }

error forbidden(std::string public_text) { return of_kind(error_kind::forbidden, std::move(public_text)); }

error not_found(std::string_view what) { return of_kind(error_kind::not_found, "No such " + std::string(what)); }

error conflict(std::string public_text) { return of_kind(error_kind::conflict, std::move(public_text)); }

error precondition_failed(std::string public_text) {
  return of_kind(error_kind::precondition_failed, std::move(public_text));
}

error limited(std::string public_text, std::chrono::seconds wait) {
  error failure = of_kind(error_kind::limited, std::move(public_text));
  failure.retry_after = std::max(wait, std::chrono::seconds{1});
  return failure;
}

error unavailable(std::string private_text) {
  return of_kind(error_kind::unavailable, "The service cannot answer now; try again shortly", std::move(private_text));
}

error unavailable_for_good(std::string private_text) {
  error failure = of_kind(error_kind::unavailable, "The service cannot answer now", std::move(private_text));
  failure.lasting = true;
  return failure;
}

error internal(std::string private_text) {
  return of_kind(error_kind::internal, "Something went wrong on our side", std::move(private_text));
}

}  // namespace spaces
