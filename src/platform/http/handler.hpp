/// Rows of the route table made of handlers: a handler's signature is its specification.
#pragma once

#include "platform/http/route.hpp"

#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace spaces::http {

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

template <class Service, class Answer, class... Parameters>
struct handler_traits<result<Answer> (*)(Service&, const request_context&, Parameters...)> {
  using answer = Answer;
  using service = Service;

  static void describe(operation_doc& doc) {
    Answer::describe(doc);
    (std::remove_cvref_t<Parameters>::describe(doc), ...);
  }

  /// Reads the parameters from left to right, stops at the first that cannot be read.
  template <auto Handler>
  static result<response> run(Service& service, const request_context& context) {
    return take<Handler, Parameters...>(service, context);
  }

 private:
  template <auto Handler, class... Left, class... Read>
  static result<response> take(Service& service, const request_context& context, Read&&... read) {
    if constexpr (sizeof...(Left) == 0) {
      result<Answer> answer = Handler(service, context, std::forward<Read>(read)...);
      if (!answer) return answer.error();
      return answer->render(context);
    } else {
      return take_next<Handler, Left...>(service, context, std::forward<Read>(read)...);
    }
  }
  template <auto Handler, class Next, class... Left, class... Read>
  static result<response> take_next(Service& service, const request_context& context, Read&&... read) {
    auto next = std::remove_cvref_t<Next>::from(context);
    if (!next) return next.error();
    return take<Handler, Left...>(service, context, std::forward<Read>(read)..., *std::move(next));
  }
};

}  // namespace detail

/// Makes a row of a handler, whose signature is its specification:
///   result<answer> handler(service&, const request_context&, parameters…)
/// Parameters (http/parameters.hpp) say where they are read from, answers (http/answers.hpp) how they
/// are sent; both say what the documentation shows.
template <auto Handler, class Service>
route ep(Service& service, method verb, std::string_view path, work does, audience who, kept_by kept, about what) {
  using traits = detail::handler_traits<decltype(Handler)>;
  route row(kept);
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
  row.run = [&service](const request_context& context) { return traits::template run<Handler>(service, context); };
  return row;
}

}  // namespace spaces::http
