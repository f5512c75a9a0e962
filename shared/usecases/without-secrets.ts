import type { HttpAnswer, HttpRequest } from '../channels/provider.ts';

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

/** Shorter ones are no secrets, and would be found in ordinary words. */
const SHORTEST = 8;
const SECRET_NAME =
  /auth|token|secret|password|passwd|api.?key|^key$|assertion|credential|cookie|verifier|^code$|signature|jwt/i;
/** Some networks have the token in the path (`/bot<token>/`, `/hooks/<id>/<token>`). */
const SECRET_SEGMENT = /(?=.*\d)(?=.*[a-z])[\w:.~+=-]{20,}/i;
const GONE = '…';

/**
 * A refusal without the secrets that its own request carried. Some servers repeat in an error what they were sent, and
 * errors become reasons: kept, logged, mailed and shown. Success is left as it is, for a network may give a token back.
 */
export function withoutSecrets(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
  if (answer.kind !== 'answered' || answer.status < 400) return answer;
  const forms = secretsOf(request)
    .filter(({ length }) => length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // A longer one may hold a shorter one.
    .sort((a, b) => b.length - a.length);
  if (!forms.some((form) => answer.text.includes(form))) return answer;
  const clean = (text: string): string => forms.reduce((left, form) => left.replaceAll(form, GONE), text);
  return { ...answer, text: clean(answer.text), json: deeply(answer.json, clean) };
}

function secretsOf({ url, headers = {}, body }: HttpRequest): string[] {
  return [
    ...Object.entries(headers).flatMap(([name, value]) => (SECRET_NAME.test(name) ? fromHeader(value) : [])),
    ...fromUrl(url),
    ...(typeof body === 'string' ? fromBody(body) : []),
  ];
}

/** `Bearer <token>` and its like; of `Basic` also the two that are in it. */
function fromHeader(value: string): string[] {
  const parts = value.split(/[\s,;]+/).map((part) => part.replace(/^[\w-]+="?|"$/g, ''));
  const basic = /^basic\s+(\S+)$/i.exec(value)?.[1];
  if (basic === undefined) return [value, ...value.split(/\s+/), ...parts];
  const plain = Buffer.from(basic, 'base64').toString('utf8');
  return [basic, plain, plain.slice(plain.indexOf(':') + 1)];
}

function fromUrl(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { pathname, searchParams, password } = new URL(url);
  const segments = pathname.split('/').map(decoded);
  return [
    decoded(password),
    ...segments.filter((segment) => SECRET_SEGMENT.test(segment)),
    ...segments.flatMap((segment) => (segment.startsWith('bot') ? [segment.slice(3)] : [])),
    ...named(Object.fromEntries(searchParams)),
  ];
}

function fromBody(body: string): string[] {
  try {
    return named(JSON.parse(body));
  } catch {
    return named(Object.fromEntries(new URLSearchParams(body)));
  }
}

/** Texts under names that sound like secrets, however deep. */
function named(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return SECRET_NAME.test(name) ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    named(inner, Array.isArray(value) || SECRET_NAME.test(name) ? name : key),
  );
}

/** Deeper than any network speaks: a server may nest without end, and then a walk that calls itself has none either. */
const DEEPEST = 30;

function deeply(value: Answered['json'], clean: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return clean(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth === DEEPEST) return GONE;
  if (Array.isArray(value)) return value.map((inner) => deeply(inner, clean, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key), deeply(inner, clean, depth + 1)]),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
