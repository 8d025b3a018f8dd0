#include "platform/http/openapi.hpp"

#include "platform/http/json_builder.hpp"

#include <algorithm>
#include <map>

namespace spaces::http {

namespace {

using record::field;
using record::field_type;

bool is_body(record::access mask) { return mask == record::on_create || mask == record::on_update; }

/// Where a field may be null: in answers what can be absent, in bodies what null clears (lists, too), in
/// queries nothing.
bool can_be_null(const schema& s, const field& f) {
  if (s.name.empty()) return false;
  return f.type->nullable || (is_body(s.mask) && f.type->type == field_type::texts);
}

void write_choices(json_builder& json, std::span<const std::string_view> choices, bool nullable) {
  json.name("enum").open_array();
  for (std::string_view choice : choices) json.text(choice);
  if (nullable) json.raw("null");
  json.close();
}

void write_type(json_builder& json, std::string_view type, bool nullable) {
  json.name("type");
  if (!nullable) {
    json.text(type);
    return;
  }
  json.open_array().text(type).text("null").close();
}

void write_lengths(json_builder& json, const record::rules& how) {
  if (how.length_min > 0) json.name("minLength").number(static_cast<std::int64_t>(how.length_min));
  if (how.length_max > 0) json.name("maxLength").number(static_cast<std::int64_t>(how.length_max));
}

void write_numbers(json_builder& json, const record::rules& how) {
  if (how.min) json.name("minimum").raw(to_text(*how.min));
  if (how.max) json.name("maximum").raw(to_text(*how.max));
  if (how.step)
    json.name("multipleOf").raw(to_text(*how.step));
  else if (how.places_max > 0 && how.places_max <= 2)
    json.name("multipleOf").raw(to_text(make_decimal(1, static_cast<std::uint8_t>(how.places_max))));
}

std::string_view json_type(field_type type) {
  switch (type) {
    case field_type::integer: return "integer";
    case field_type::number: return "number";
    case field_type::flag: return "boolean";
    case field_type::texts: return "array";
    default: return "string";
  }
}

std::string_view json_type(const field& f) {
  if (f.type->packed) return f.type->packed->list ? "array" : "object";
  return json_type(f.type->type);
}

void write_members(json_builder& json, const schema& s);

/// The objects of a packed field: with every member in answers; in bodies with those that must be given.
void write_packed(json_builder& json, const field& f, bool given) {
  const record::packed_form& form = *f.type->packed;
  if (!form.elements) {
    json.name("items").open_object().name("type").text("integer").close();
    return;
  }
  const schema each{"-", form.elements(), given ? record::on_create : record::on_show, false};
  if (!form.list) return write_members(json, each);
  json.name("items").open_object().name("type").text("object");
  write_members(json, each);
  json.close();
  if (f.rules.items_max > 0) json.name("maxItems").number(static_cast<std::int64_t>(f.rules.items_max));
}

/// `given`: by people, who may not give every choice that answers have.
void write_field(json_builder& json, const field& f, bool nullable, bool given) {
  json.open_object();
  write_type(json, json_type(f), nullable);
  switch (f.type->type) {
    case field_type::text:
      write_lengths(json, f.rules);
      if (f.rules.form && !f.rules.form->format.empty()) json.name("format").text(f.rules.form->format);
      if (f.rules.form && !f.rules.form->pattern.empty()) json.name("pattern").text(f.rules.form->pattern);
      break;
    case field_type::choice: write_choices(json, given ? f.choices() : f.type->choices, nullable); break;
    case field_type::id: json.name("format").text("uuid"); break;
    case field_type::time: json.name("format").text("date-time"); break;
    case field_type::integer:
    case field_type::number: write_numbers(json, f.rules); break;
    case field_type::texts:
      json.name("items").open_object().name("type").text("string");
      write_lengths(json, f.rules);
      json.close();
      json.name("maxItems").number(static_cast<std::int64_t>(f.rules.items_max));
      if (f.rules.distinct) json.name("uniqueItems").flag(true);
      break;
    case field_type::packed: write_packed(json, f, given); break;
    case field_type::flag: break;
  }
  if (!f.rules.doc.empty()) json.name("description").text(f.rules.doc);
  if (!f.rules.example.empty()) json.name("examples").open_array().raw(f.rules.example).close();
  json.close();
}

/// In bodies the required fields must be given; answers always hold every member but the owner's.
bool is_required(const schema& s, const field& f) {
  if (s.partial || (f.has(record::on_own) && !f.has(record::on_show))) return false;
  return s.mask == record::on_create ? f.rules.required : true;
}

/// What an object's schema says behind its type.
void write_members(json_builder& json, const schema& s) {
  if (is_body(s.mask)) json.name("additionalProperties").flag(false);
  const bool any =
      std::any_of(s.fields.begin(), s.fields.end(), [&](const field& f) { return f.has(s.mask) && is_required(s, f); });
  if (any) {
    json.name("required").open_array();
    for (const field& f : s.fields)
      if (f.has(s.mask) && is_required(s, f)) json.text(f.name);
    json.close();
  }
  json.name("properties").open_object();
  for (const field& f : s.fields) {
    if (!f.has(s.mask)) continue;
    json.name(f.name);
    write_field(json, f, can_be_null(s, f), is_body(s.mask));
  }
  json.close();
}

void write_schema(json_builder& json, const schema& s) {
  json.open_object().name("type").text("object");
  write_members(json, s);
  json.close();
}

/// An object assembled from the examples of its fields.
void write_example_object(json_builder& json, const schema& s) {
  json.open_object();
  for (const field& f : s.fields)
    if (f.has(s.mask) && !f.rules.example.empty()) json.name(f.name).raw(f.rules.example);
  json.close();
}

void write_example_page(json_builder& json, const schema& card) {
  json.open_object().name("items").open_array();
  write_example_object(json, card);
  json.close().name("nextCursor").text("AUYyMDI2LTExLTIyVDA4OjAwOjAwLjAwMFo").close();
}

std::string reference(std::string_view name) { return "#/components/schemas/" + std::string(name); }

void write_reference(json_builder& json, std::string_view to) { json.open_object().name("$ref").text(to).close(); }

void write_string_parameter(json_builder& json, std::string_view name, std::string_view in, std::string_view doc,
                            std::string_view format, bool required) {
  json.open_object().name("name").text(name).name("in").text(in).name("required").flag(required);
  json.name("description").text(doc).name("schema").open_object().name("type").text("string");
  if (!format.empty()) json.name("format").text(format);
  json.close().close();
}

bool has_answer(const route& row, int status) {
  const auto& answers = row.doc.answers;
  return std::any_of(answers.begin(), answers.end(), [&](const answer_doc& answer) { return answer.status == status; });
}

/// "id" of "/things/{id}", the first open segment; empty where nothing is open.
std::string_view open_segment(std::string_view path) {
  const std::size_t begin = path.find('{');
  if (begin == std::string_view::npos) return {};
  return path.substr(begin + 1, path.find('}', begin) - begin - 1);
}

void write_parameters(json_builder& json, const route& row) {
  const bool cacheable = has_answer(row, 304);
  if (open_segment(row.path).empty() && !row.doc.query && !row.doc.idempotent_by_key && !row.doc.conditional &&
      !cacheable)
    return;
  json.name("parameters").open_array();
  for (std::string_view open = open_segment(row.path); !open.empty();
       open = open_segment(row.path.substr(static_cast<std::size_t>(open.end() - row.path.begin())))) {
    const bool id = row.doc.path_segment.empty();
    write_string_parameter(json, open, "path", id ? "Which one" : row.doc.path_segment, id ? "uuid" : "", true);
  }
  if (row.doc.query) {
    for (const field& f : row.doc.query->fields) {
      json.open_object().name("name").text(f.name).name("in").text("query").name("required").flag(f.rules.required);
      if (f.type->type == field_type::texts) json.name("style").text("form").name("explode").flag(false);
      if (!f.rules.doc.empty()) json.name("description").text(f.rules.doc);
      json.name("schema");
      write_field(json, f, can_be_null(*row.doc.query, f), true);
      json.close();
    }
  }
  if (cacheable)
    write_string_parameter(json, "If-None-Match", "header", "An entity tag one has: 304 while it still holds", "",
                           false);
  if (row.doc.idempotent_by_key)
    write_string_parameter(json, "Idempotency-Key", "header",
                           "The same key and body give the same answer for 24 hours and make nothing twice", "", false);
  if (row.doc.conditional)
    write_string_parameter(json, "If-Match", "header", "Only if it still has this entity tag; else 412", "", false);
  json.close();
}

void write_page_schema(json_builder& json, std::string_view card) {
  json.open_object().name("type").text("object");
  json.name("required").open_array().text("items").text("nextCursor").close();
  json.name("properties").open_object();
  json.name("items").open_object().name("type").text("array").name("items");
  write_reference(json, reference(card));
  json.close();
  json.name("nextCursor").open_object().name("type").open_array().text("string").text("null").close();
  json.name("description").text("Where the next page starts; null on the last").close();
  json.close().close();
}

void write_headers(json_builder& json, std::span<const std::string_view> headers) {
  if (headers.empty()) return;
  json.name("headers").open_object();
  for (std::string_view header : headers)
    json.name(header).open_object().name("schema").open_object().name("type").text("string").close().close();
  json.close();
}

/// Bytes, of which no example can be shown.
void write_file(json_builder& json, std::string_view media_type) {
  json.name("content").open_object().name(media_type).open_object();
  json.name("schema").open_object().name("type").text("string").name("format").text("binary").close();
  json.close().close();
}

/// Schema and example of an answer's body.
void write_content(json_builder& json, const answer_doc& answer) {
  json.name("schema");
  if (!answer.body)
    json.open_object().name("type").text("object").close();
  else if (answer.page)
    write_page_schema(json, answer.body->name);
  else
    write_reference(json, reference(answer.body->name));
  json.name("example");
  if (!answer.body)
    json.raw(answer.example);
  else if (answer.page)
    write_example_page(json, *answer.body);
  else
    write_example_object(json, *answer.body);
}

void write_answer(json_builder& json, const answer_doc& answer) {
  json.name(std::to_string(answer.status)).open_object().name("description").text(answer.doc);
  write_headers(json, answer.headers);
  if (answer.body || !answer.example.empty()) {
    json.name("content").open_object().name(answer.media_type).open_object();
    write_content(json, answer);
    json.close().close();
  } else if (answer.media_type.ends_with("/*")) {
    write_file(json, answer.media_type);
  }
  json.close();
}

std::vector<int> problem_statuses(const route& row) {
  std::vector<int> statuses = row.doc.problems;
  statuses.insert(statuses.end(), {400, 406, 500});
  if (row.who != audience::anonymous) statuses.push_back(401);
  if (row.does == work::writes) statuses.push_back(507);
  if (row.does != work::reads_one) statuses.push_back(503);
  // What a row says in its own words it does not say as a problem.
  std::erase_if(statuses, [&](int status) { return has_answer(row, status); });
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

void write_body(json_builder& json, std::string_view media_type, const schema& body) {
  json.name(media_type).open_object().name("schema");
  write_reference(json, reference(body.name));
  json.name("example");
  write_example_object(json, body);
  json.close();
}

/// The row that takes OAuth 2's password form; none: people have their tokens from elsewhere.
const route* login_row(std::span<const route> rows) {
  const auto at = std::find_if(rows.begin(), rows.end(), [](const route& row) { return row.doc.form.has_value(); });
  return at == rows.end() ? nullptr : &*at;
}

void write_operation(json_builder& json, const route& row, bool logins) {
  const operation_doc& doc = row.doc;
  json.open_object().name("operationId").text(doc.id).name("tags").open_array().text(doc.tag).close();
  json.name("summary").text(doc.summary);
  if (!doc.text.empty()) json.name("description").text(doc.text);
  json.name("security").open_array();
  if (row.who != audience::users) json.open_object().close();
  if (row.who != audience::anonymous) {
    json.open_object().name("bearer").open_array().close().close();
    if (logins) json.open_object().name("login").open_array().close().close();
  }
  json.close();
  write_parameters(json, row);
  if (doc.body) {
    json.name("requestBody").open_object().name("required").flag(true).name("content").open_object();
    write_body(json, "application/json", *doc.body);
    if (doc.form) write_body(json, "application/x-www-form-urlencoded", *doc.form);
    json.close().close();
  }
  if (doc.takes_file) {
    json.name("requestBody").open_object().name("required").flag(true);
    write_file(json, "*/*");
    json.close();
  }
  json.name("responses").open_object();
  for (const answer_doc& answer : doc.answers) write_answer(json, answer);
  for (int status : problem_statuses(row)) {
    json.name(std::to_string(status));
    write_reference(json, "#/components/responses/" + std::to_string(status));
  }
  json.close().close();
}

std::string verb_member(method verb) {
  std::string out(to_text(verb));
  for (char& c : out) c = static_cast<char>(c - 'A' + 'a');
  return out;
}

void write_paths(json_builder& json, std::span<const route> rows) {
  std::vector<std::string_view> paths;
  for (const route& row : rows)
    if (!row.doc.id.empty() && std::find(paths.begin(), paths.end(), row.path) == paths.end())
      paths.push_back(row.path);
  json.name("paths").open_object();
  for (std::string_view path : paths) {
    json.name(path).open_object();
    for (const route& row : rows) {
      if (row.path != path || row.doc.id.empty()) continue;
      json.name(verb_member(row.verb));
      write_operation(json, row, login_row(rows) != nullptr);
    }
    json.close();
  }
  json.close();
}

void write_problem_schema(json_builder& json, std::span<const served_problem> types) {
  json.name("Problem").open_object().name("type").text("object");
  json.name("description").text("An error (RFC 9457)");
  json.name("required").open_array().text("type").text("title").text("status").text("detail").text("instance").close();
  json.name("properties").open_object();
  json.name("type").open_object().name("type").text("string").name("format").text("uri").name("enum").open_array();
  for (const served_problem& type : types) json.text(std::string(problem_urn) += type.slug);
  json.close().close();
  json.name("title").open_object().name("type").text("string").close();
  json.name("status").open_object().name("type").text("integer").close();
  json.name("detail").open_object().name("type").text("string").close();
  json.name("instance").open_object().name("type").text("string").name("format").text("uri");
  json.name("description").text("The request's id, which the log has too").close();
  json.name("errors").open_object().name("type").text("array").name("description").text("Every broken rule (422)");
  json.name("items").open_object().name("type").text("object");
  json.name("required").open_array().text("pointer").text("code").text("detail").close();
  json.name("properties").open_object();
  json.name("pointer")
      .open_object()
      .name("type")
      .text("string")
      .name("description")
      .text("JSON Pointer into the body, or the query parameter")
      .close();
  json.name("code").open_object().name("type").text("string").close();
  json.name("detail").open_object().name("type").text("string").close();
  json.close().close().close();
  json.close().close();
}

/// The body that an error of this type has, made as the real one is.
std::string example_of(const served_problem& type) {
  std::vector<problem> rules;
  if (type.status == status_of(error_kind::invalid))
    rules = {{"/title", "required", "is required"}, {"/price", "too-small", "must be at least 0.01"}};
  const uuid instance = *parse_uuid("019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21");
  return problem_body(type, rules.empty() ? std::string(type.title) : invalid(rules).public_text, instance, rules);
}

/// All types of one status, each with an example.
void write_problem_response(json_builder& json, std::span<const served_problem> types, int status) {
  static constexpr std::string_view retry[] = {"Retry-After"};
  static constexpr std::string_view challenge[] = {"WWW-Authenticate"};
  const auto first =
      std::find_if(types.begin(), types.end(), [&](const served_problem& t) { return t.status == status; });
  json.name(std::to_string(status)).open_object().name("description").text(first->title);
  if (status == 401) write_headers(json, challenge);
  if (status == 503 || status == 429) write_headers(json, retry);
  json.name("content").open_object().name("application/problem+json").open_object().name("schema");
  write_reference(json, reference("Problem"));
  json.name("examples").open_object();
  for (const served_problem& type : types)
    if (type.status == status) json.name(type.slug).open_object().name("value").raw(example_of(type)).close();
  json.close().close().close().close();
}

void write_components(json_builder& json, std::span<const route> rows, std::span<const served_problem> types) {
  std::map<std::string_view, schema> schemas;
  const auto collect = [&](const std::optional<schema>& s) {
    if (s && !s->name.empty()) schemas.emplace(s->name, *s);
  };
  for (const route& row : rows) {
    collect(row.doc.body);
    collect(row.doc.form);
    for (const answer_doc& answer : row.doc.answers) collect(answer.body);
  }
  json.name("components").open_object().name("schemas").open_object();
  for (const auto& [name, s] : schemas) {
    json.name(name);
    write_schema(json, s);
  }
  write_problem_schema(json, types);
  json.close();
  json.name("responses").open_object();
  std::vector<int> statuses;
  for (const served_problem& type : types) {
    if (std::find(statuses.begin(), statuses.end(), type.status) != statuses.end()) continue;
    statuses.push_back(type.status);
    write_problem_response(json, types, type.status);
  }
  json.close();
  json.name("securitySchemes").open_object().name("bearer").open_object();
  json.name("type").text("http").name("scheme").text("bearer").name("bearerFormat").text("JWT");
  json.name("description").text("An access token, as a login or `spaces token` gives it");
  json.close();
  if (const route* login = login_row(rows)) {
    json.name("login").open_object().name("type").text("oauth2");
    json.name("description").text("Log in with e-mail address (as username) and password");
    json.name("flows").open_object().name("password").open_object();
    json.name("tokenUrl").text(login->path).name("scopes").open_object().close();
    json.close().close().close();
  }
  json.close().close();
}

}  // namespace

std::string openapi_document(std::span<const route> rows, const api_information& about) {
  json_builder json;
  json.open_object().name("openapi").text("3.1.0");
  json.name("info").open_object().name("title").text(about.title).name("version").text(about.version);
  json.name("description").text(about.text);
  json.name("license")
      .open_object()
      .name("name")
      .text("Apache-2.0")
      .name("identifier")
      .text("Apache-2.0")
      .close()
      .close();
  json.name("servers").open_array().open_object().name("url").text("/").close().close();
  write_paths(json, rows);
  write_components(json, rows, about.problems);
  json.close();
  std::string out = json.take();
  out += '\n';
  return out;
}

}  // namespace spaces::http
