/// What clients send and are sent about pictures, beside the pictures themselves, and how it is documented.
#pragma once

#include "marketplace/images/images.hpp"
#include "platform/http/operation_doc.hpp"
#include "platform/http/route.hpp"

#include <string>
#include <vector>

namespace spaces::images {

/// The body of an arrangement: {"images": [{"id": "…", "alt": "…"}]}.
struct arrangement {
  std::vector<arranged_image> order;

  static result<arrangement> from(const http::request_context& context);
  static void describe(http::operation_doc& doc);
};

/// A picture with its listing's entity tag, 200; or 201 with Location and how to upload it.
struct image_answer {
  std::string json;
  std::int64_t version = 0;

  http::response render(const http::request_context&);
  static void describe(http::operation_doc& doc);
};

struct announced_answer {
  std::string json;
  std::int64_t version = 0;
  std::string location;

  http::response render(const http::request_context&);
  static void describe(http::operation_doc& doc);
};

/// All pictures of a listing: {"images": […]}.
struct images_answer {
  std::string json;
  std::int64_t version = 0;
  std::string view = {};  ///< part of the tag: the owner is shown more
  bool same_for_all = false;
  uuid but_for = {};

  http::response render(const http::request_context&);
  static void describe(http::operation_doc& doc);
};

/// The same after a change.
struct arranged_answer : images_answer {
  static void describe(http::operation_doc& doc);
};

/// {"method": …, "url": …, "headers": {…}, "expiresAt": …}
void append_permission(std::string& out, const bucket::upload_permission& permission);

}  // namespace spaces::images
