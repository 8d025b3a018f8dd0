/// A row of the route table: what can be asked, by whom, what it does, and what is documented of it.
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/error.hpp"
#include "platform/http/incoming_body.hpp"
#include "platform/http/message.hpp"
#include "platform/http/negotiation.hpp"
#include "platform/http/operation_doc.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace spaces::http {

/// What a handler does, which decides where it runs.
enum class work {
  reads_one,   ///< one item by its key: on the event loop where the table never waits
  reads_many,  ///< a walk: on the io pool, except those that `route::runs_inline` knows to be short
  writes,      ///< waits for the disk: on the io pool
  hashes,      ///< keeps a core busy: on the cpu pool
};

enum class audience {
  anyone,     ///< who sends an access token is known by it, and hears when it is not valid
  anonymous,  ///< anyone: the body says who calls, and an Authorization field is not looked at, so that who
              ///< sends an expired token with everything can still get a new one
  users,      ///< a valid access token
};

/// Who may keep an answer of a row, and so be told later that it still holds (RFC 9111). An answer belongs to its
/// caller: a browser that two people use must not show one what it kept of the other. Without a default, so that no row
/// can forget it; src/app/keeping_test.cpp holds every row to it.
class kept_by {
 public:
  enum kind : std::uint8_t {
    nobody,     ///< it is about a person: `no-store`, never 304; its tag serves If-Match alone
    each_view,  ///< public, and shows some callers more: `Vary: Authorization`, and a tag that names the view and
                ///< everything that is read beside the item
    all,        ///< the same for all
  };
  constexpr kept_by(kind who) : who_(who) {}
  constexpr operator kind() const { return who_; }

 private:
  kind who_;
};

/// A request and what is known of it when its handler is called.
struct request_context {
  const request& incoming;
  const known_fields& fields;
  caller who;
  std::string_view path_parameter;         ///< the segment that the row's path leaves open, as sent: no UUID
                                           ///< needs escapes, and one with escapes names nothing
  std::string_view second_parameter = {};  ///< the second one that it leaves open
};

struct route {
  explicit route(kept_by whom) : kept(whom) {}

  method verb = method::get;
  std::string_view path;  ///< "/api/v1/things/{id}/parts/{partId}": at most two open segments
  work does = work::reads_one;
  audience who = audience::users;
  kept_by kept;
  operation_doc doc;
  std::function<result<response>(const request_context&)> run;
  /// In place of `run`, of a row whose body is taken in pieces as it comes and is as large as the row itself lets it
  /// be: judges the fields, and makes what takes the body. Runs where `writes` do.
  std::function<result<std::unique_ptr<body_receiver>>(const request_context&)> receive;
  bool open_to_the_end = false;  ///< the open segment stands last and may have slashes
  bool secret_segment = false;   ///< it says who may: in the log stands the row's path
  /// May this caller do it at all? Asked before the body is looked at: who may not hears so, and not what is
  /// wrong with a body that would be refused anyway. Never waits. Null: anyone whom the audience admits.
  std::function<result<void>(const caller&)> permits;
  /// May this caller do it to the one that the path names? Asked when the request will be refused for what it
  /// brings (400, 406, 415, 422): who may not hears that instead, and a request without fault costs no read more,
  /// for its handler decides the same. Runs where the handler would. Null: nobody hears anything else.
  std::function<result<void>(const request_context&)> permits_one;
  /// Of a row that reads many: true when this request's key answers it, so that its walk is as short as
  /// its page and may run on the event loop, where the table never waits. Null: none may.
  bool (*runs_inline)(const request& incoming) = nullptr;
};

}  // namespace spaces::http
