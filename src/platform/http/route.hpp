/// A row of the route table: what can be asked, by whom, what it does, and what is documented of it.
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/error.hpp"
#include "platform/http/message.hpp"
#include "platform/http/negotiation.hpp"
#include "platform/record/field.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// A request and what is known of it when its handler is called.
struct request_context {
  const request& incoming;
  const known_fields& fields;
  caller who;
  std::string_view path_parameter;  ///< the one segment that the row's path leaves open, as sent: no UUID
                                    ///< needs escapes, and one with escapes names nothing
};

/// A named JSON object in the documentation: the fields of a table that a mask shows.
struct schema {
  std::string_view name;
  record::field_span fields;
  record::access mask{};
  bool partial = false;  ///< nothing is required
};

struct answer_doc {
  int status = 200;
  std::string_view doc;
  std::optional<schema> body;
  bool page = false;  ///< {items: [body], nextCursor}
  std::vector<std::string_view> headers;
  std::string_view media_type = "application/json";
  std::string_view example{};  ///< a JSON text, for answers without a schema
};

/// What the documentation says of a row; filled by the parameters and answers of its handler.
struct operation_doc {
  std::string_view id;
  std::string_view tag;
  std::string_view summary;
  std::string_view text;
  std::optional<schema> query;
  std::optional<schema> body;
  std::optional<schema> form;  ///< the body may also be a form, of these members
  std::vector<answer_doc> answers;
  std::vector<int> problems;  ///< statuses of problem+json answers, besides those of every row
  bool idempotent_by_key = false;
  bool conditional = false;  ///< takes If-Match
};

struct route {
  method verb = method::get;
  std::string_view path;  ///< "/api/v1/properties/{id}": at most one open segment
  work does = work::reads_one;
  audience who = audience::users;
  operation_doc doc;
  std::function<result<response>(const request_context&)> run;
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

/// What people write of a row; the rest is deduced from the handler.
struct about {
  std::string_view id;
  std::string_view tag;
  std::string_view summary;
  std::string_view text = {};
  std::vector<int> problems = {};
};

namespace detail {

template <class Handler>
struct handler_traits;

template <class Room, class Answer, class... Parameters>
struct handler_traits<result<Answer> (*)(Room&, const request_context&, Parameters...)> {
  using answer = Answer;
  using room = Room;

  static void describe(operation_doc& doc) {
    Answer::describe(doc);
    (std::remove_cvref_t<Parameters>::describe(doc), ...);
  }

  /// Reads the parameters from left to right, stops at the first that cannot be read.
  template <auto Handler>
  static result<response> run(Room& room, const request_context& context) {
    return take<Handler, Parameters...>(room, context);
  }

 private:
  template <auto Handler, class... Left, class... Read>
  static result<response> take(Room& room, const request_context& context, Read&&... read) {
    if constexpr (sizeof...(Left) == 0) {
      result<Answer> answer = Handler(room, context, std::forward<Read>(read)...);
      if (!answer) return answer.error();
      return answer->render(context);
    } else {
      return take_next<Handler, Left...>(room, context, std::forward<Read>(read)...);
    }
  }
  template <auto Handler, class Next, class... Left, class... Read>
  static result<response> take_next(Room& room, const request_context& context, Read&&... read) {
    auto next = std::remove_cvref_t<Next>::from(context);
    if (!next) return next.error();
    return take<Handler, Left...>(room, context, std::forward<Read>(read)..., *std::move(next));
  }
};

}  // namespace detail

/// Makes a row of a handler, whose signature is its specification:
///   result<answer> handler(room&, const request_context&, parameters…)
/// Parameters (http/parameters.hpp) say where they are read from, answers (http/answers.hpp) how they
/// are sent; both say what the documentation shows.
template <auto Handler, class Room>
route ep(Room& room, method verb, std::string_view path, work does, audience who, about what) {
  using traits = detail::handler_traits<decltype(Handler)>;
  route row;
  row.verb = verb;
  row.path = path;
  row.does = does;
  row.who = who;
  row.doc.id = what.id;
  row.doc.tag = what.tag;
  row.doc.summary = what.summary;
  row.doc.text = what.text;
  row.doc.problems = std::move(what.problems);
  traits::describe(row.doc);
  row.run = [&room](const request_context& context) { return traits::template run<Handler>(room, context); };
  return row;
}

}  // namespace spaces::http
