import { EXAMPLE_DAY, escapeHtml, ORIGIN } from './docs-html.ts';
import type { OpenApi } from './openapi.ts';
import { PROBLEMS } from './problem.ts';

/** What stands before the endpoints, in this order. */
export const guideSections = [
  { id: 'start', title: 'Quick start' },
  { id: 'keys-and-scopes', title: 'Keys and scopes' },
  { id: 'times', title: 'Times' },
  { id: 'again', title: 'Sending a request again' },
  { id: 'lists', title: 'Lists' },
  { id: 'problems', title: 'When it is refused' },
] as const;

export function guide(document: OpenApi): string {
  return `<h1>${escapeHtml(document.info.title)} API</h1>
<p>${escapeHtml(document.info.summary)}. The same as data: <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
${section('start', START)}
${section('keys-and-scopes', KEYS)}
${section('times', TIMES)}
${section('again', AGAIN)}
${section('lists', LISTS)}
${section('problems', problems())}`;
}

function section(id: (typeof guideSections)[number]['id'], html: string): string {
  const title = guideSections.find((one) => one.id === id)?.title ?? '';
  return `<section id="${id}"><h2>${title}</h2>${html}</section>`;
}

const shell = (text: string) => `<pre><code>${escapeHtml(text.trim())}</code></pre>`;

const START = `
<ol>
<li>Say who you are.${shell(`
export KEY='sp_…'
curl '${ORIGIN}/v1/me' -H "Authorization: Bearer $KEY"`)}</li>
<li>Add a client. The answer has its <code>id</code>.${shell(`
curl -X POST '${ORIGIN}/v1/brands' \\
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"name": "Bakery Sunrise", "timeZone": "Europe/Berlin",
       "report": {"recipients": [{"email": "client@bakery.example"}]}}'`)}</li>
<li>See which networks there are and what each wants as <code>credential</code>.${shell(`
curl '${ORIGIN}/v1/networks' -H "Authorization: Bearer $KEY"`)}</li>
<li>Connect a channel. It is verified at once.${shell(`
export BRAND='brd_…'
curl -X POST "${ORIGIN}/v1/brands/$BRAND/channels" \\
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"network": "mastodon", "name": "Bakery on Mastodon",
       "credential": {"instanceUrl": "https://mastodon.example", "accessToken": "…"}}'`)}</li>
<li>Queue a post.${shell(`
export CHANNEL='chn_…'
curl -X POST "${ORIGIN}/v1/brands/$BRAND/posts" \\
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: monday-1' \\
  -d '{"content": {"text": "Fresh bread from seven o’clock."},
       "channels": ["'$CHANNEL'"], "dueAt": {"local": "${EXAMPLE_DAY}T09:00"}}'`)}</li>
<li>See what became of it.${shell(`
curl "${ORIGIN}/v1/posts/post_…" -H "Authorization: Bearer $KEY"
curl '${ORIGIN}/v1/attention' -H "Authorization: Bearer $KEY"`)}</li>
</ol>`;

const KEYS = `
<p>Every request but the public ones carries <code>Authorization: Bearer sp_…</code>. A key belongs to a person or a
machine, may end at a date, and may be limited to some brands; what lies outside answers 404, like what does not exist.</p>
<table><tbody>
<tr><th scope="row"><code>reader</code></th><td>reads everything but keys</td></tr>
<tr><th scope="row"><code>editor</code></th><td>also writes posts, deliveries, holds and reports</td></tr>
<tr><th scope="row"><code>admin</code></th><td>also writes brands, channels and keys</td></tr>
</tbody></table>
<p>About 50 requests a second are taken from one key; more answer 429 with <code>Retry-After</code>.</p>`;

const TIMES = `
<p>Answers hold RFC 3339 times in UTC, in fields named <code>…At</code>. A <code>dueAt</code> may be sent as an RFC 3339
time with any offset, as <code>"now"</code>, or as <code>{"local": "${EXAMPLE_DAY}T09:00", "timeZone": "Europe/Berlin"}</code>;
without a zone the brand’s is taken. A local time that the clocks jump over is refused with the two nearest; one that
comes twice needs <code>"disambiguation": "earlier"</code> or <code>"later"</code>, or its offset: <code>{"local": "2027-10-31T02:30+02:00"}</code>.</p>`;

const AGAIN = `
<p>Give each new post or client an <code>Idempotency-Key</code> of your own. The same request with the same key makes
nothing new: it answers with what was made as it is now, and <code>Idempotent-Replayed: true</code>. Another body under the same key is refused.
Readable things carry an <code>ETag</code>; send it as <code>If-Match</code> with a change, and you never overwrite what
you have not seen.</p>`;

const LISTS = `
<p>A list holds <code>items</code> and, while there is more, a <code>cursor</code>: send it as <code>?cursor=</code>. A page
may be short, so go on until there is no cursor. <code>limit</code> is 50 unless told, 100 at most. Time ranges include
<code>from</code> and exclude <code>to</code>.</p>`;

function problems(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, en }]) =>
      `<tr id="problem-${code}"><th scope="row"><b>${status}</b> <code>${code}</code></th><td>${escapeHtml(en)}. ${escapeHtml(ADVICE[code] ?? '')}</td></tr>`,
  );
  return `<p>A refusal is <code>application/problem+json</code> (RFC 9457). Decide by <code>code</code>; <code>findings</code>
names each field by a JSON pointer, with a stable <code>rule</code> and a sentence in English or German by
<code>Accept-Language</code>. Findings of severity <code>warning</code> refuse nothing: they come with the answer.</p>
${shell(`
{"type": "${ORIGIN}/docs#problem-invalid",
 "title": "The request has errors", "status": 422, "code": "invalid",
 "findings": [{"rule": "required", "severity": "error", "path": "/content/text",
               "message": "This field is required.", "params": {}}]}`)}
<table><tbody>${rows.join('')}</tbody></table>`;
}

const ADVICE: Readonly<Record<string, string>> = {
  unauthenticated: 'Missing, unknown, revoked or expired.',
  forbidden: 'Its scope is too low, or it is limited to some brands.',
  not_found: 'Unknown, deleted, or not yours to see.',
  conflict: 'Further members name what stands in the way.',
  stale: 'Read it again, then repeat your change.',
  too_large: 'At most 256 KB, and 6 MB of what is answered.',
  too_many_requests: 'Wait as long as Retry-After says.',
  internal: 'Tell us the requestId.',
  unavailable: 'Nothing is wrong with your request: try again.',
};
