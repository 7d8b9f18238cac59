// Starts GraphiQL on the worked operations, with the token of the last log-in on this page. Subscriptions come as server-sent
// events, by the distinct connections mode of graphql-sse.
"use strict";

let token;

function fetcher({ operationName, ...request }, { headers = {} } = {}) {
  const operations = operationsOf(request.query);
  const chosen = operations.find(({ name }) => name === operationName) ?? operations[0];
  // For a moment after a change of tabs GraphiQL still names the operation of the other one.
  if (operations.some(({ name }) => name === operationName)) request.operationName = operationName;
  return chosen?.kind === "subscription" ? listen(request, headers) : ask(request, headers);
}

/** Kind and name of every operation that has a name, outside of strings and comments. */
function operationsOf(document) {
  const bare = document.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, "");
  return [...bare.matchAll(/\b(query|mutation|subscription)\b\s*(\w*)/g)].map(([, kind, name]) => ({ kind, name }));
}

function post(request, headers, accept, signal) {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  const own = token && !named ? { authorization: `Bearer ${token}` } : {};
  return fetch(location.pathname, {
    method: "POST",
    headers: { accept, "content-type": "application/json", ...own, ...headers },
    body: JSON.stringify(request),
    signal,
  });
}

async function ask(request, headers) {
  const answer = await (await post(request, headers, "application/graphql-response+json")).json();
  token = answer.data?.login?.accessToken ?? token;
  return answer;
}

/** The results of a subscription. GraphiQL asks for its iterator once more to stop it, hence the one signal for both. */
function listen(request, headers) {
  const stop = new AbortController();
  const results = resultsOf(request, headers, stop.signal);
  const iterator = {
    next: () => results.next(),
    return: async () => (stop.abort(), { done: true }),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* resultsOf(request, headers, signal) {
  try {
    const reply = await post(request, headers, "text/event-stream", signal);
    if (!reply.ok) return yield reply.json();
    let text = "";
    for (const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        if (event.startsWith("event: next\n")) yield JSON.parse(event.slice(event.indexOf("data: ") + 6));
      }
    }
  } catch (problem) {
    if (!signal.aborted) throw problem;
  }
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: workedOperations.map((query) => ({ query })),
    defaultEditorToolsVisibility: "headers",
  }),
);
