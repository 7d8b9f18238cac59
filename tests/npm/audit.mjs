// Holds a running api to the GraphQL-over-HTTP specification, with the server audits of the npm package `graphql-http`.
//
//   node audit.mjs URL [TOKEN]
//
// One line for each audit. Exits 1 when a MUST or a SHOULD fails; a MAY is told and nothing more. Some audits read the
// schema: without a token the api has to have its playground on.
import { serverAudits } from "graphql-http";

const [url, token] = process.argv.slice(2);
if (!url) {
  console.error("usage: node audit.mjs URL [TOKEN]");
  process.exit(2);
}

const fetchFn = (address, options = {}) => {
  const headers = new Headers(options.headers);
  if (token) headers.set("authorization", `Bearer ${token}`);
  return fetch(address, { ...options, headers });
};

let failures = 0;
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  const passed = result.status === "ok";
  const required = !audit.name.startsWith("MAY");
  if (!passed && required) failures += 1;
  const verdict = passed ? "ok  " : required ? "FAIL" : "no  ";
  console.log(`${verdict} ${audit.id} ${audit.name}${passed ? "" : ` (${result.reason})`}`);
}
console.log(failures === 0 ? "Every MUST and SHOULD passes." : `${failures} of MUST and SHOULD fail.`);
process.exitCode = failures === 0 ? 0 : 1;
