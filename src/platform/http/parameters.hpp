/// What handlers take from a request. Each reads itself (`from`) and documents itself (`describe`).
#pragma once

#include "platform/base/digest.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/http/route.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"

#include <optional>
#include <string>

namespace spaces::http {

/// The open segment of the path, a UUID. Anything else names nothing: `not_found`.
struct path_id {
  uuid value;
  static result<path_id> from(const request_context& context);
  static void describe(operation_doc& doc);
};

/// The second open segment, a UUID.
struct second_id {
  uuid value;
  static result<second_id> from(const request_context& context);
  static void describe(operation_doc& doc);
};

/// `route::permits_one`, of what decides it by caller and id.
template <class Decides>
auto by_path_id(Decides decides) {
  return [decides](const request_context& context) -> result<void> {
    const auto id = path_id::from(context);
    if (!id) return id.error();
    return decides(context.who, id->value);
  };
}

/// The query, read by the field table of Q. Every problem together.
template <class Q>
struct query {
  Q value;
  static result<query> from(const request_context& context) {
    query read;
    std::vector<problem> problems;
    record::read_query(Q::fields(), context.incoming.query, &read.value, problems);
    if (!problems.empty()) return invalid(std::move(problems));
    return read;
  }
  static void describe(operation_doc& doc) {
    doc.query = schema{"", Q::fields(), record::on_create, true};
    doc.problems.push_back(422);
  }
};

/// A JSON body that makes (`on_create`) or changes (`on_update`) an E.
template <class E, record::access Access>
struct body {
  record::draft<E> value;
  static result<body> from(const request_context& context) {
    auto read = record::read_draft<E>(context.incoming.body, Access);
    if (!read) return read.error();
    return body{*std::move(read)};
  }
  static void describe(operation_doc& doc) {
    if constexpr (Access == record::on_update)
      doc.body = schema{E::change_name, E::fields(), Access, true};
    else
      doc.body = schema{E::create_name, E::fields(), Access, false};
    doc.problems.insert(doc.problems.end(), {400, 413, 415, 422});
  }
};

/// If-Match: the versions a change is meant for.
struct if_match {
  expected_version value;
  static result<if_match> from(const request_context& context);
  static void describe(operation_doc& doc);
};

/// Idempotency-Key: 1 to 255 printable ASCII characters, and what it was used for.
struct idempotency {
  std::optional<std::string> key;
  std::string fingerprint;  ///< hex SHA-256 of method, path and what the body means
};
inline constexpr std::size_t idempotency_key_bytes_max = 255;

/// Empty without the field; `malformed` where it is none.
result<std::optional<std::string>> idempotency_key_of(const request_context& context);
/// `meaning` is the same for bodies that mean the same.
std::string fingerprint_of(const request_context& context, std::string_view meaning);

/// Of a request whose body makes an E. A key belongs to what the request means, not to its bytes: order and spelling
/// of members, white space, `null` for what is left out, and 450000.00 for 450000 are the same request.
template <class E>
struct idempotency_of : idempotency {
  static result<idempotency_of> from(const request_context& context) {
    result<std::optional<std::string>> given = idempotency_key_of(context);
    if (!given) return given.error();
    idempotency_of read;
    if (!*given) return read;
    read.key = *std::move(given);
    // A body that cannot be read is refused in its own words.
    std::string meaning(context.incoming.body);
    if (const auto made = record::read_draft<E>(context.incoming.body, record::on_create)) {
      meaning.clear();
      record::append_object(meaning, E::fields(), &made->values, record::on_create);
    }
    read.fingerprint = fingerprint_of(context, meaning);
    return read;
  }
  static void describe(operation_doc& doc) { doc.idempotent_by_key = true; }
};

}  // namespace spaces::http
