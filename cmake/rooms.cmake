# The rooms and the arrows between them; test/tidy holds the #include lines to the same.
spaces_room(base LINKS spaces_fmt OpenSSL::Crypto PkgConfig::UTF8PROC Boost::headers)
spaces_room(record LINKS spaces_base Boost::json)
spaces_room(cost LINKS spaces_base)
spaces_room(telemetry LINKS spaces_record)
spaces_room(http LINKS spaces_record ZLIB::ZLIB)
spaces_room(aws LINKS spaces_http ZLIB::ZLIB)
spaces_room(table LINKS spaces_record)
spaces_room(table/lmdb LINKS spaces_table PkgConfig::LMDB Threads::Threads)
spaces_room(table/dynamodb LINKS spaces_table spaces_aws)
spaces_room(jobs LINKS spaces_table spaces_telemetry)
spaces_room(mail LINKS spaces_record)
spaces_room(mail/log LINKS spaces_mail spaces_telemetry)
if(SPACES_SMTP)
  spaces_room(mail/smtp LINKS spaces_mail CURL::libcurl PkgConfig::IDN2)
endif()
spaces_room(identity LINKS spaces_table PkgConfig::CRYPT)
spaces_room(identity/local LINKS spaces_identity Boost::json)
spaces_room(accounts LINKS spaces_http spaces_identity spaces_table spaces_jobs spaces_mail spaces_telemetry
  PkgConfig::IDN2)
include(cmake/libcsv.cmake)
spaces_room(properties LINKS spaces_accounts spaces_http spaces_identity spaces_table spaces_jobs spaces_telemetry
  CSV::CSV)
spaces_room(inquiries LINKS spaces_properties spaces_accounts spaces_mail spaces_jobs)
spaces_room(net LINKS spaces_http spaces_telemetry OpenSSL::SSL Threads::Threads)
spaces_room(app LINKS spaces_net spaces_accounts spaces_inquiries spaces_properties spaces_jobs spaces_mail_log
  spaces_table_lmdb spaces_table_dynamodb spaces_identity_local spaces_cost spaces_docs_page CLI11::CLI11)
if(SPACES_SMTP)
  target_link_libraries(spaces_app PUBLIC spaces_mail_smtp)
  target_compile_definitions(spaces_app PRIVATE SPACES_SMTP)
endif()

# The static binary is built small, for a function's code has to be fetched before it starts. What every event goes
# through is built to be quick instead; all of it so would be 0.8 MB more of the 4 that there are, this is 0.02.
if(SPACES_STATIC)
  set(on_every_way aws/signature base/base64 base/clock base/digest base/text http/message net/client_connection
    net/lambda_answer net/lambda_event net/request_parser net/request_syntax net/response_parser properties/property
    record/item record/json_reader record/json_string record/object_shape table/dynamodb/attributes)
  list(TRANSFORM on_every_way PREPEND ${PROJECT_SOURCE_DIR}/src/)
  list(TRANSFORM on_every_way APPEND .cpp)
  set_source_files_properties(${on_every_way} PROPERTIES COMPILE_OPTIONS -O2)
endif()
