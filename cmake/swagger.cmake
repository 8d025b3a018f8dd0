# The documentation page's files inside the binary (src/app/docs_page.hpp). swagger-ui comes from npm
# when the tree is configured for the first time, and from the cache folder afterwards.
execute_process(
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/fetch-swagger-ui
  OUTPUT_VARIABLE swagger_ui OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_VARIABLE swagger_error ERROR_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE swagger_result)
if(NOT swagger_result EQUAL 0)
  message(FATAL_ERROR "The documentation page cannot be built without swagger-ui: ${swagger_error}")
endif()

set(docs_page ${PROJECT_SOURCE_DIR}/src/app/docs_page)
set(docs_page_source ${PROJECT_BINARY_DIR}/generated/docs_page_files.cpp)
set(docs_page_files
  /docs=${docs_page}/index.html
  /docs/favicon.svg=${docs_page}/favicon.svg
  /docs/homes=${docs_page}/homes.html
  /docs/homes.css=${docs_page}/homes.css
  /docs/homes.js=${docs_page}/homes.js
  /docs/init.js=${docs_page}/init.js
  /docs/page.css=${docs_page}/page.css
  /docs/swagger-ui-bundle.js=${swagger_ui}/swagger-ui-bundle.js
  /docs/swagger-ui.css=${swagger_ui}/swagger-ui.css)
string(REGEX REPLACE "/docs[^=;]*=" "" docs_page_inputs "${docs_page_files}")
add_custom_command(
  OUTPUT ${docs_page_source}
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/embed-docs-page ${docs_page_source} ${docs_page_files}
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/embed-docs-page ${docs_page_inputs}
  COMMENT "Compressing the documentation page"
  VERBATIM)
add_library(spaces_docs_page STATIC ${docs_page_source})
target_link_libraries(spaces_docs_page PRIVATE spaces_options)
