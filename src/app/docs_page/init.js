// Starts swagger-ui on our own description. No standalone preset and no validator: both reach for
// what the page's Content-Security-Policy refuses.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // A token stays in the page's memory: localStorage would outlive the visit on a shared machine.
  persistAuthorization: false,
});
