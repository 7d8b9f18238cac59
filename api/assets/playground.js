// Starts GraphiQL on the worked operations, with the token of the last log-in on this page.
"use strict";

let token;

async function fetcher(request, { headers = {} } = {}) {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  const reply = await fetch(location.pathname, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json",
      "content-type": "application/json",
      ...(token && !named ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const answer = await reply.json();
  token = answer.data?.login?.accessToken ?? token;
  return answer;
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: workedOperations.map((query) => ({ query })),
    defaultEditorToolsVisibility: "headers",
  }),
);
