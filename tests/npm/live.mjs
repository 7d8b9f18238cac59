// Lives through what live clients live through, with the npm packages `graphql-ws` and `graphql-sse` as they come: listening,
// going away, coming back with a cursor, a server that stops and starts under them, and the end of the session.
//
//   node live.mjs PROGRAM
//
// Starts PROGRAM, the binary of the product, on data of its own. Exits 1 when anything is missed, doubled, or late.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { createClient as createEventStream } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";

const [program] = process.argv.slice(2);
if (!program) {
  console.error("usage: node live.mjs PROGRAM");
  process.exit(2);
}

const PASSWORD = "a quiet harbour at dawn";
const PATIENCE = 120_000;
const folder = await mkdtemp(join(tmpdir(), "jbl-live-"));
const environment = { PATH: process.env.PATH, JBL_DATA: folder, JBL_OPS_LISTEN: "127.0.0.1:0", JBL_LOG: "warn" };
let server;
let url;

/** Starts the api: at first on any port, then again on the same one. */
async function start() {
  const listen = url ? new URL(url).host : "127.0.0.1:0";
  const options = { env: { ...environment, JBL_API_LISTEN: listen }, stdio: ["ignore", "pipe", "inherit"] };
  server = spawn(program, ["api"], options);
  const [greeting] = await once(createInterface({ input: server.stdout }), "line");
  url = greeting.match(/http:\S+/)[0];
}

async function stop() {
  const stopped = once(server, "exit");
  server.kill("SIGTERM");
  await stopped;
}

async function add(username) {
  const command = spawn(program, ["user", "add", username, "--password-stdin"], { env: environment, stdio: ["pipe", "ignore", "inherit"] });
  command.stdin.end(`${PASSWORD}\n`);
  const [code] = await once(command, "exit");
  assert.equal(code, 0, `${username} was not added`);
}

async function ask(token, query, variables) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await (await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) })).json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

async function logIn(username) {
  const query = `mutation($input: LoginInput!) { login(input: $input) { accessToken viewer { eventCursor user { id } } } }`;
  const { login } = await ask(null, query, { input: { username, password: PASSWORD } });
  return { token: login.accessToken, id: login.viewer.user.id, cursor: login.viewer.eventCursor };
}

async function say(author, to, body) {
  const query = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }`;
  const input = { to: { userId: to.id }, body, idempotencyKey: crypto.randomUUID() };
  assert.deepEqual((await ask(author.token, query, { input })).sendMessage.userErrors, []);
}

/** What each package is told, so that it speaks for somebody and never gives up. */
const clients = {
  "graphql-ws": ({ token }) =>
    createSocket({
      url: url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 1_000,
      retryWait: () => after(100),
      shouldRetry: (problem) => problem?.code !== 4401 && problem?.code !== 4403,
    }),
  "graphql-sse": ({ token }) =>
    createEventStream({
      url,
      headers: { authorization: `Bearer ${token}` },
      retryAttempts: 1_000,
      retry: () => after(100),
    }),
};

const EVENTS = `subscription($after: String) { events(after: $after) { cursor event { __typename
  ... on MessageChanged { message { body } } } } }`;

/** Listens from a cursor. The package asks again by itself when the line breaks: then from where it has come to. */
function listen(client, cursor) {
  const request = { query: EVENTS, variables: { after: cursor } };
  const results = client.iterate(request);
  return {
    /** The text of the next message. */
    async next() {
      for (;;) {
        const { value, done } = await results.next();
        assert.ok(!done, "the stream has ended");
        assert.equal(value.errors, undefined, JSON.stringify(value.errors));
        const { cursor, event } = value.data.events;
        request.variables.after = cursor ?? request.variables.after;
        if (event.message) return event.message.body;
      }
    },
    cursor: () => request.variables.after,
    /** How it ends; fails when anything else comes. */
    async end() {
      try {
        const { value, done } = await results.next();
        return done ? "done" : (value.errors?.[0].extensions.code ?? assert.fail(JSON.stringify(value)));
      } catch (problem) {
        return problem.code ?? problem.message;
      }
    },
  };
}

async function live(name, open) {
  const ada = await logIn("ada");
  const grace = await logIn("grace");
  let client = open(grace);
  let events = listen(client, grace.cursor);
  await say(ada, grace, `${name}: one`);
  assert.equal(await events.next(), `${name}: one`);
  await client.dispose();

  await say(ada, grace, `${name}: while nobody listens`);
  client = open(grace);
  events = listen(client, events.cursor());
  assert.equal(await events.next(), `${name}: while nobody listens`);

  const waiting = events.next();
  await stop();
  await start();
  await say(ada, grace, `${name}: after the restart`);
  assert.equal(await waiting, `${name}: after the restart`);

  const began = performance.now();
  await ask(grace.token, `mutation { logout(input: {}) { endedSessions } }`);
  const end = await events.end();
  assert.ok(end === 4401 || end === "UNAUTHENTICATED", `ended by ${end}`);
  assert.ok(performance.now() - began < 2_000, "the end came late");
  await client.dispose();
  console.log(`ok   ${name}: heard, resumed, outlived a restart, ended with its session`);
}

// However this ends, the server ends with it.
process.on("exit", () => server?.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
setTimeout(() => {
  console.error("FAIL something was waited for in vain");
  process.exit(1);
}, PATIENCE).unref();
try {
  await add("ada");
  await add("grace");
  await start();
  for (const [name, open] of Object.entries(clients)) await live(name, open);
} catch (problem) {
  console.error(`FAIL ${problem.stack}`);
  process.exitCode = 1;
} finally {
  if (server) await stop();
  await rm(folder, { recursive: true, force: true });
}
