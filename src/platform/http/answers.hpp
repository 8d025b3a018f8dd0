/// What handlers answer. Each sends itself (`render`) and documents itself (`describe`).
#pragma once

#include "platform/http/route.hpp"
#include "platform/record/write.hpp"

#include <string>
#include <utility>

namespace spaces::http {

/// `"v7"`: a version as an entity tag; `"v7-VIEW"` with a view, letters, digits and points.
std::string to_etag(std::int64_t version, std::string_view view = {});

/// What answers may hold of an E, for the documentation; the owner's fields are not in all of them.
inline constexpr record::access all_shown = record::on_show | record::on_own;

/// A JSON answer with the given body, not to be stored by shared caches.
response json_response(int status, std::string body);

/// An entity's name in the documentation: `schema_name` where a field of it is called `name`.
template <class E>
constexpr std::string_view name_of() {
  if constexpr (requires { E::schema_name; })
    return E::schema_name;
  else
    return E::name;
}

/// 201 with Location, ETag and the thing made. E has `version`, `fields()` and a name.
template <class E>
struct created {
  E value;
  std::string location;

  response render(const request_context&) const {
    std::string out;
    record::append_object(out, E::fields(), &value, record::on_show);
    response made = json_response(201, std::move(out));
    made.set("Location", location);
    made.set("ETag", to_etag(value.version));
    return made;
  }
  static void describe(operation_doc& doc) {
    doc.answers.push_back(
        {201, "Made; Location names it", schema{name_of<E>(), E::fields(), all_shown}, false, {"Location", "ETag"}});
  }
};

/// The same, written already.
template <class E>
struct created_json {
  std::string json;
  std::int64_t version = 0;
  std::string location;

  response render(const request_context&) {
    response made = json_response(201, std::move(json));
    made.set("Location", location);
    made.set("ETag", to_etag(version));
    return made;
  }
  static void describe(operation_doc& doc) { created<E>::describe(doc); }
};

/// 200 with ETag and the thing.
template <class E>
struct shown {
  E value;

  response render(const request_context&) const {
    std::string out;
    record::append_object(out, E::fields(), &value, record::on_show);
    response made = json_response(200, std::move(out));
    made.set("ETag", to_etag(value.version));
    return made;
  }
  static void describe(operation_doc& doc) {
    doc.answers.push_back({200, "As it is now", schema{name_of<E>(), E::fields(), all_shown}, false, {"ETag"}});
  }
};

/// 200 with ETag and the thing as the caller may see it, written already.
template <class E>
struct shown_json {
  std::string json;
  std::int64_t version = 0;

  response render(const request_context&) {
    response made = json_response(200, std::move(json));
    made.set("ETag", to_etag(version));
    return made;
  }
  static void describe(operation_doc& doc) { shown<E>::describe(doc); }
};

/// 200 with ETag and the thing straight from its item, which is written without making an E of it.
template <class E>
struct shown_item {
  std::string json;
  std::int64_t version = 0;
  bool same_for_all = false;
  uuid but_for = {};      ///< its owner, who is shown more
  std::string view = {};  ///< part of the tag: which of several the caller is shown, and what of other items is in it

  response render(const request_context&) {
    response made = json_response(200, std::move(json));
    made.set("ETag", to_etag(version, view));
    made.same_for_all = same_for_all;
    made.but_for = but_for;
    return made;
  }
  static void describe(operation_doc& doc) {
    doc.answers.push_back({200, "As it is now", schema{name_of<E>(), E::fields(), all_shown}, false, {"ETag"}});
    doc.answers.push_back({304, "Not changed since the version that If-None-Match names", {}, false, {"ETag"}});
  }
};

/// 200 with a page of cards and, where there is more, the cursor of the next one.
template <class E>
struct page_of {
  std::string items;  ///< JSON array of card objects
  std::string next_cursor;
  bool same_for_all = false;
  bool personal = false;  ///< the caller's own, of a row that shows others theirs

  response render(const request_context& context);
  static void describe(operation_doc& doc) {
    doc.answers.push_back({200,
                           "A page, newest first unless sorted otherwise",
                           schema{E::card_name, E::fields(), record::on_card | record::on_own},
                           true,
                           {"Link"}});
  }
};

/// The page's body and its Link to the next (RFC 8288): the same target with the cursor replaced.
response page_response(const request_context& context, std::string items, std::string_view next_cursor);

template <class E>
response page_of<E>::render(const request_context& context) {
  response made = page_response(context, std::move(items), next_cursor);
  made.same_for_all = same_for_all;
  made.personal = personal;
  return made;
}

/// 204.
struct done {
  response render(const request_context&) const;
  static void describe(operation_doc& doc);
};

}  // namespace spaces::http
